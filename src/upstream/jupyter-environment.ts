/**
 * The environment of a Jupyter that we start. Kernels and terminals inherit it, so it is a list of what may pass:
 * whatever else the gate was given (its own secrets above all) stays with the gate.
 */

export type Environment = Readonly<Record<string, string | undefined>>;

const NAMES = new Set(
  [
    'PATH HOME USER LOGNAME SHELL TERM LANG LANGUAGE TZ TMPDIR LD_LIBRARY_PATH',
    'VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE',
    'PYTHONPATH PYTHONHOME PYTHONUSERBASE PYTHONNOUSERSITE PYTHONUTF8 PYTHONIOENCODING PYTHONHASHSEED',
    'PYTHONWARNINGS PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX',
  ].flatMap((line) => line.split(' ')),
);
const LOCALE = /^LC_[A-Z]+$/;
const JUPYTER = /^JUPYTER_(?!GATE_)[A-Z_]+$/;
const CREDENTIAL = /TOKEN|PASSWORD|SECRET|CREDENTIAL|COOKIE|_KEY/;

/** What of `env` a Jupyter may see. */
export function allowedEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && mayPass(name)) kept[name] = value;
  }
  return kept;
}

/** For installers: everything but our own names, because pip and apt are configured by variables of all kinds. */
export function withoutOwnNames(env: Environment): Record<string, string> {
  const entries = Object.entries(env).filter(
    ([name, value]) => value !== undefined && !name.startsWith('JUPYTER_GATE_'),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? '']));
}

function mayPass(name: string): boolean {
  if (NAMES.has(name) || LOCALE.test(name)) return true;
  return JUPYTER.test(name) && !CREDENTIAL.test(name);
}
