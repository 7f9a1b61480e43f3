/** What must hold between options. Half of a security measure is refused: it would look like the whole. */
import type { FieldProblem } from '../core/errors.ts';
import type { GateConfig } from './config.ts';
import type { Settings } from './option.ts';
import { OPTIONS } from './options.ts';
import type { Written } from './problem.ts';
import { liesInside } from './lies-inside.ts';

export interface CheckInput {
  readonly settings: Settings;
  readonly config: GateConfig;
  readonly written: ReadonlyMap<keyof Settings, Written>;
  readonly configFile: string | undefined;
}

const LEAST_TOKEN_LENGTH = 16;

/** One problem for each rule that is broken. */
export function crossCheck(input: CheckInput): readonly FieldProblem[] {
  return [
    ...pairs(input),
    ...listeners(input),
    ...upstream(input),
    ...secrets(input),
    ...servedDirectory(input),
  ];
}

function pairs({ settings, written }: CheckInput): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if ((settings.tlsCert === undefined) !== (settings.tlsKey === undefined)) {
    const [given, missing] =
      settings.tlsCert === undefined ? (['tlsKey', 'tlsCert'] as const) : (['tlsCert', 'tlsKey'] as const);
    problems.push(
      problem(
        written,
        given,
        `expected \`${OPTIONS[missing].name}\` together with it, received one without the other`,
      ),
    );
  }
  for (const [value, file] of [
    ['upstreamToken', 'upstreamTokenFile'],
    ['adminToken', 'adminTokenFile'],
  ] as const) {
    if (settings[value] !== undefined && settings[file] !== undefined) {
      problems.push(problem(written, file, `expected it or \`${OPTIONS[value].name}\`, received both`));
    }
  }
  return problems;
}

function listeners({ settings, written }: CheckInput): readonly FieldProblem[] {
  const { port, adminPort } = settings;
  if (port === 0 || port !== adminPort) return [];
  const key = written.has('adminPort') ? 'adminPort' : 'port';
  return [
    problem(written, key, `expected \`port\` and \`admin-port\` to differ, received \`${port}\` for both`),
  ];
}

function upstream({ settings, written }: CheckInput): readonly FieldProblem[] {
  if (settings.upstream === undefined) {
    return (['upstreamToken', 'upstreamTokenFile'] as const)
      .filter((key) => settings[key] !== undefined)
      .map((key) =>
        problem(written, key, 'expected `upstream` together with it, received a token for no server'),
      );
  }
  const problems: FieldProblem[] = [];
  if (settings.jupyterUser !== undefined) {
    problems.push(
      problem(
        written,
        'jupyterUser',
        'expected no `upstream`, because only our own server can be given an account',
      ),
    );
  }
  const path = new URL(settings.upstream).pathname;
  if (path !== '/' && `${path.replace(/\/$/, '')}/` !== settings.baseUrl) {
    problems.push(
      problem(
        written,
        'upstream',
        `expected its path to equal \`base-url\` \`${settings.baseUrl}\`, received \`${path}\``,
      ),
    );
  }
  return problems;
}

function secrets({ config, written }: CheckInput): readonly FieldProblem[] {
  if (config.adminToken === undefined || config.adminToken.length >= LEAST_TOKEN_LENGTH) return [];
  const key = written.has('adminToken') ? 'adminToken' : 'adminTokenFile';
  return [
    problem(
      written,
      key,
      `expected at least ${LEAST_TOKEN_LENGTH} characters, received ${config.adminToken.length}`,
    ),
  ];
}

/** Who may write a served file must not be able to write the gate's own. */
function servedDirectory({ settings, config, written, configFile }: CheckInput): readonly FieldProblem[] {
  if (config.upstream !== undefined) return [];
  const owned: readonly (readonly [keyof Settings, string | undefined])[] = [
    ['data', config.data],
    ['database', config.database.startsWith('sqlite:') ? config.database.slice('sqlite:'.length) : undefined],
    ['model', config.model],
    ['config', configFile],
    ['tlsCert', config.tlsCert],
    ['tlsKey', config.tlsKey],
    ['adminTokenFile', settings.adminTokenFile],
  ];
  const inside = owned.filter(([, path]) => path !== undefined && liesInside(path, config.notebookDir));
  // A database that lies in DATA is moved with it: one problem says enough.
  const shown = inside.some(([key]) => key === 'data')
    ? inside.filter(([key]) => key !== 'database' || written.has(key))
    : inside;
  return shown.map(([key, path]) =>
    problem(
      written,
      key,
      `expected a place outside the notebook directory \`${config.notebookDir}\`, received \`${path ?? ''}\``,
    ),
  );
}

function problem(
  written: ReadonlyMap<keyof Settings, Written>,
  key: keyof Settings,
  message: string,
): FieldProblem {
  return { at: written.get(key)?.source ?? OPTIONS[key].name, message };
}
