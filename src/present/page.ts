/**
 * Pages of the frontends, without the credential that Jupyter writes into them (page config of JupyterLab and Notebook 7,
 * attributes and links of the classic notebook) and offering what this person may use.
 */
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import { pageConfig, pageRights } from './page-config.ts';
import type { PageRights } from './page-config.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { bodyReply, headerValue, isObject } from './reply.ts';
import { createScrubber } from './token-scrubber.ts';

const CONFIG_SCRIPT = /(<script\b[^>]*\bid=["']?jupyter-config-data["']?[^>]*>)([\s\S]*?)(<\/script>)/gi;
const API_TOKEN = /(\bdata-jupyter-api-token\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s>"']*)/gi;
const SERVER_ROOT = /(\bdata-server-root\s*=\s*)(?:"[^"]*"|'[^']*')/gi;
const TERMINALS = /(\bdata-terminals-available\s*=\s*)(?:"[^"]*"|'[^']*')/gi;
/** The classic notebook's `sys_info`, for its About box. */
const SYSTEM_INFO = /("(?:jupyter_server_path|notebook_path|sys_executable)"\s*:\s*)"(?:[^"\\]|\\.)*"/g;
const LINK = /(\s(?:href|src|action)\s*=\s*)("[^"]*"|'[^']*')/gi;

/** The page as this person may have it. A page config that cannot be read is refused with `UPSTREAM_FAILED`. */
export async function page(deps: PresentDeps, { asker, reply }: Exchange): Promise<Answer> {
  // Anything else (a file behind a page route) has no place to hold a credential but its text.
  const scrub = createScrubber(deps.upstreamToken);
  const html = headerValue(reply.headers, 'content-type').toLowerCase().includes('html');
  const text = reply.body.toString('utf8');
  return bodyReply(
    reply,
    scrub(html ? cleanPage(scrub(text), await pageRights(asker, deps.registry)) : text),
  );
}

function cleanPage(html: string, rights: PageRights): string {
  const withConfig = html.replace(CONFIG_SCRIPT, (_all, open: string, json: string, close: string) => {
    return open + configText(json, rights) + close;
  });
  const cleaned = withConfig
    .replace(API_TOKEN, '$1""')
    .replace(SERVER_ROOT, '$1""')
    .replace(SYSTEM_INFO, '$1""')
    .replace(LINK, (_all, name: string, value: string) => name + withoutTokenParameter(value));
  return rights.startsTerminals ? cleaned : cleaned.replace(TERMINALS, '$1"False"');
}

function configText(json: string, rights: PageRights): string {
  let config: unknown;
  try {
    config = JSON.parse(json);
  } catch (cause) {
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected JSON in the page configuration', cause });
  }
  if (!isObject(config))
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected an object as the page configuration' });
  return inScript(pageConfig(config, rights));
}

/** JSON that cannot end the script it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** `value`, with its quotes, without a `token` in its query. */
function withoutTokenParameter(value: string): string {
  return value.replace(
    /([?&](?:amp;)?)token=[^&"'#\s]*(&(?:amp;)?)?/gi,
    (_all, before: string, next: string | undefined) => {
      return next === undefined ? '' : before;
    },
  );
}
