/** The configuration JupyterLab and Notebook 7 read from their page, as this person may have it. */
import { NO_OWNER } from '../core/question.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { Soon } from '../core/soon.ts';
import type { Asker } from './presenter.ts';
import { isObject } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** Directories of the server's account; every one of them is a path of the operating system. */
const DIRECTORY = /(?:Dir|Root)$|^(?:labextensionsPath|extraLabextensionsPath|install_path)$/;
/** What language servers need to know; only of use to those who may talk to one. */
const LANGUAGE_SERVER_ROOTS: readonly string[] = ['rootUri', 'virtualDocumentsUri'];

/** What a page offers this person. */
export interface PageRights {
  readonly languageServers: boolean;
  readonly builds: boolean;
  readonly installs: boolean;
  readonly stopsServer: boolean;
  readonly startsKernels: boolean;
  /** To start a terminal of their own. */
  readonly startsTerminals: boolean;
  /** There is one they may at least look at. */
  readonly seesTerminals: boolean;
  readonly sharesDocuments: boolean;
}

export async function pageRights(asker: Asker, registry: Pick<ObjectRegistry, 'all'>): Promise<PageRights> {
  const terminal = (owner: string): Soon<boolean> => asker.may('terminals', 'execute', '', owner);
  const startsTerminals = (await terminal(asker.identity.subject)) || (await terminal(NO_OWNER));
  return {
    languageServers: await asker.may('lsp', 'execute', ''),
    builds: await asker.may('extensions', 'read', ''),
    installs: await asker.may('extensions', 'write', ''),
    stopsServer: await asker.may('server', 'write', ''),
    startsKernels: await asker.mayAnywhere('kernels', 'execute'),
    startsTerminals,
    seesTerminals: startsTerminals || (await seesSome(asker, registry)),
    sharesDocuments: await asker.mayAnywhere('collaboration', 'read'),
  };
}

async function seesSome(asker: Asker, registry: Pick<ObjectRegistry, 'all'>): Promise<boolean> {
  for (const { kind, id } of registry.all('terminal')) {
    if (await asker.mayObject('terminals', 'read', { kind, id })) return true;
  }
  return false;
}

/** `config` without the upstream credential and without paths of the operating system, truthful about what is offered. */
export function pageConfig(config: JsonObject, rights: PageRights): JsonObject {
  const hidden = rights.languageServers ? [] : LANGUAGE_SERVER_ROOTS;
  const rest = trim(config, hidden);
  const manager = rest['extensionManager'];
  return {
    ...rest,
    token: '',
    ...offer(config, 'terminalsAvailable', rights.seesTerminals),
    ...offer(config, 'quitButton', rights.stopsServer),
    ...offer(config, 'buildAvailable', rights.builds),
    ...offer(config, 'buildCheck', rights.builds && config['buildAvailable'] === true),
    ...kernelStart(rights),
    ...separateDocuments(config, rights),
    ...(isObject(manager)
      ? {
          extensionManager: {
            ...manager,
            ...offer(manager, 'can_install', rights.installs),
          },
        }
      : {}),
  };
}

/**
 * Opening a notebook starts a kernel unless the page says otherwise; somebody who may not start any would be greeted by
 * an error dialog each time (JupyterLab, `notebook-extension`, option `notebookStartsKernel`).
 */
function kernelStart({ startsKernels }: PageRights): JsonObject {
  return startsKernels ? {} : { notebookStartsKernel: 'false' };
}

/**
 * A page without the right to rooms would wait for one with every document it opens; without collaboration it reads and
 * saves files itself (jupyter-collaboration, option `disableRTC`).
 */
function separateDocuments(config: JsonObject, { sharesDocuments }: PageRights): JsonObject {
  return 'disableRTC' in config && !sharesDocuments ? { disableRTC: true } : {};
}

/** The option `name` lowered to what is allowed; left out where the page does not have it. */
function offer(config: JsonObject, name: string, allowed: boolean): JsonObject {
  return name in config ? { [name]: config[name] === true && allowed } : {};
}

function trim(config: JsonObject, hidden: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, trimmed(name, value, hidden)]),
  );
}

function trimmed(name: string, value: unknown, hidden: readonly string[]): unknown {
  const isPath = DIRECTORY.test(name) || hidden.includes(name);
  if (isPath && typeof value === 'string') return '';
  if (isPath && Array.isArray(value)) return [];
  return isObject(value) ? trim(value, hidden) : value;
}
