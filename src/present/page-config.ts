/** The configuration JupyterLab and Notebook 7 read from their page, as this person may have it. */
import { NO_OWNER } from '../core/question.ts';
import type { Asker } from './presenter.ts';
import { isObject } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** Directories of the server's account; every one of them is a path of the operating system. */
const DIRECTORY = /(?:Dir|Root)$|^(?:labextensionsPath|extraLabextensionsPath|install_path)$/;
/** What language servers need to know; only of use to those who may talk to one. */
const LANGUAGE_SERVER_ROOTS: readonly string[] = ['rootUri', 'virtualDocumentsUri'];

/** `config` without the upstream credential and without paths of the operating system, truthful about what is offered. */
export function pageConfig(config: JsonObject, asker: Asker): JsonObject {
  const hidden = asker.may('lsp', 'execute', '') ? [] : LANGUAGE_SERVER_ROOTS;
  const builds = config['buildAvailable'] === true && asker.may('extensions', 'read', '');
  const rest = trim(config, hidden);
  const manager = rest['extensionManager'];
  return {
    ...rest,
    token: '',
    ...offer(config, 'terminalsAvailable', mayOpenTerminals(asker)),
    ...offer(config, 'quitButton', asker.may('server', 'write', '')),
    ...offer(config, 'buildAvailable', builds),
    ...offer(config, 'buildCheck', builds),
    ...startsKernels(asker),
    ...(isObject(manager)
      ? {
          extensionManager: {
            ...manager,
            ...offer(manager, 'can_install', asker.may('extensions', 'write', '')),
          },
        }
      : {}),
  };
}

/** Whether the asker may start a terminal of their own. */
export function mayOpenTerminals(asker: Asker): boolean {
  return (
    asker.may('terminals', 'execute', '', asker.identity.subject) ||
    asker.may('terminals', 'execute', '', NO_OWNER)
  );
}

/**
 * Opening a notebook starts a kernel unless the page says otherwise; somebody who may not start any would be greeted by
 * an error dialog each time (JupyterLab, `notebook-extension`, option `notebookStartsKernel`).
 */
function startsKernels(asker: Asker): JsonObject {
  return asker.mayAnywhere('kernels', 'execute') ? {} : { notebookStartsKernel: 'false' };
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
