/** The table of present: for each kind of presentation the module that rewrites the reply or makes the answer. */
import type { Answer } from '../core/http.ts';
import type { Presentation } from '../core/classified.ts';
import type { ObjectKind } from '../core/question.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import { configReplace, configSave, configSection } from './config-sections.ts';
import { contents } from './contents.ts';
import { exportFormats } from './export-formats.ts';
import { kernelCreated, kernelList } from './kernels.ts';
import { kernelspecs } from './kernelspecs.ts';
import { me } from './me.ts';
import { forkCreated, forks, timeline } from './forks.ts';
import { forgetObject } from './ownership.ts';
import { page } from './page.ts';
import type { Exchange, LocalAnswer, PresentDeps, Reply, Rewrite } from './presentation.ts';
import type { Presenter } from './presenter.ts';
import { bodyReply, noContent, unpacked } from './reply.ts';
import { isAsItIs } from './resource-kinds.ts';
import { sessionChanged, sessionCreated, sessionList, sessionShown } from './sessions.ts';
import { settings, settingsList, settingsSave } from './settings.ts';
import { status } from './status.ts';
import { terminalCreated, terminalList } from './terminals.ts';
import { upstreamError } from './upstream-errors.ts';
import { workspace, workspaceDelete, workspaceSave, workspacesList } from './workspaces.ts';

type Local =
  'me' | 'settings-save' | 'csp-report' | Extract<Presentation, `config${string}` | `workspace${string}`>;

const LOCAL: Readonly<Record<Local, LocalAnswer>> = {
  me,
  'settings-save': settingsSave,
  'workspaces-list': workspacesList,
  workspace,
  'workspace-save': workspaceSave,
  'workspace-delete': workspaceDelete,
  config: configSection,
  'config-replace': configReplace,
  'config-save': configSave,
  'csp-report': () => Promise.resolve(noContent()),
};

const unchanged: Rewrite = (_deps, { reply }) => bodyReply(reply, reply.body);

const UPSTREAM: Readonly<Record<Exclude<Presentation, Local>, Rewrite>> = {
  // Only HTML of routes that are no files comes here: a page nobody described must not carry the token either.
  none: page,
  page,
  contents,
  'contents-created': contents,
  kernels: kernelList,
  kernel: unchanged,
  'kernel-created': kernelCreated,
  'kernel-deleted': unchanged,
  sessions: sessionList,
  session: sessionShown,
  'session-created': sessionCreated,
  'session-changed': sessionChanged,
  'session-deleted': unchanged,
  terminals: terminalList,
  terminal: unchanged,
  'terminal-created': terminalCreated,
  'terminal-deleted': unchanged,
  kernelspecs,
  'export-formats': exportFormats,
  timeline,
  forks,
  'fork-created': forkCreated,
  status,
  'settings-list': settingsList,
  settings,
};

/** Kinds whose object is gone after a success. */
const DELETES: readonly Presentation[] = ['kernel-deleted', 'session-deleted', 'terminal-deleted'];
const OBJECT_KINDS: readonly ObjectKind[] = ['kernel', 'session', 'terminal'];

/** The presenter over the registry of owners and the documents of each person. */
export function createPresenter(deps: PresentDeps): Presenter {
  return {
    isLocal: (classified) => isLocal(classified.presentation),

    answer: (classified, asker) => {
      const { presentation } = classified;
      if (!isLocal(presentation))
        throw new TypeError(`\`${presentation}\` is not answered by the gate alone`);
      return LOCAL[presentation](deps, classified, asker);
    },

    rewrites: (classified, code, contentType) => {
      const html = /html/i.test(contentType);
      // An application behind the proxy route has error bodies of its own; only Jupyter's pages hold the token.
      if (code >= 400) return html || classified.resource !== 'proxy';
      if (code >= 300) return false;
      return classified.presentation === 'none' ? html && !isAsItIs(classified) : true;
    },

    rewrite: (classified, asker, reply) => rewrite(deps, { classified, asker, reply }),
  };
}

function rewrite(deps: PresentDeps, exchange: Exchange): Soon<Answer> {
  return andThen(forgetGone(deps, exchange), () => presented(deps, exchange));
}

function presented(deps: PresentDeps, exchange: Exchange): Soon<Answer> {
  const { classified, asker } = exchange;
  const reply: Reply = unpacked(exchange.reply);
  if (reply.status >= 400) return upstreamError(deps, { classified, asker, reply });
  const { presentation } = classified;
  if (isLocal(presentation) || reply.body.length === 0) return bodyReply(reply, reply.body);
  return UPSTREAM[presentation](deps, { classified, asker, reply });
}

/** What was deleted, or is not there when it is asked for by its id, has no owner any more. */
function forgetGone(deps: PresentDeps, { classified, reply }: Exchange): Soon<void> {
  const { object, presentation } = classified;
  if (object === undefined || !OBJECT_KINDS.some((kind) => presentation.startsWith(kind))) return undefined;
  const deleted = DELETES.includes(presentation) && reply.status < 300;
  return deleted || reply.status === 404 ? forgetObject(deps, object) : undefined;
}

function isLocal(presentation: Presentation): presentation is Local {
  return Object.hasOwn(LOCAL, presentation);
}
