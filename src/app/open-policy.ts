/** The policy side: database, decider, the one writer, the model file, and what follows other processes' changes. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPasswords } from '../authenticate/passwords.ts';
import type { Passwords } from '../authenticate/passwords.ts';
import type { GateConfig } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { AppError, asAppError, describeError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { createDecider } from '../decide/create-decider.ts';
import type { Decider } from '../decide/decider.ts';
import { loadPresets } from '../decide/presets.ts';
import { createSecondOpinion } from '../decide/second-opinion/second-opinion.ts';
import type { Difference } from '../decide/second-opinion/second-opinion.ts';
import { createLastAdminCheck } from '../manage/check-last-admin.ts';
import { firstStart } from '../manage/first-start.ts';
import { followEnds } from '../manage/follow-ends.ts';
import { followStore } from '../manage/follow-store.ts';
import type { Following } from '../manage/follow-store.ts';
import type { Management } from '../manage/management.ts';
import { expireGrants } from '../manage/grants/expire-grants.ts';
import { followClock } from '../manage/grants/follow-clock.ts';
import { importModelFile } from '../manage/model/import-model-file.ts';
import { watchModelFile } from '../manage/model/watch-model-file.ts';
import { createOwnRightsCheck } from '../manage/own-rights.ts';
import { createPolicyWriter } from '../manage/policy-writer.ts';
import type { Log } from '../record/log.ts';
import type { Metrics } from '../record/metrics.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { Cleanups } from './cleanups.ts';
import { openAudit } from './open-audit.ts';
import type { AuditSide } from './open-audit.ts';

export interface PolicySide {
  readonly store: Store;
  readonly audit: AuditSide;
  readonly decider: Decider;
  readonly management: Management;
  readonly passwords: Passwords;
  readonly following: Following;
}

export interface OpenPolicyDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'policyInForce' | 'difference'>;
  readonly localTime: () => string;
  /** Drops cached credentials and asks again about live sockets. */
  readonly forget: () => void;
  readonly cleanups: Cleanups;
}

/** Opens it with a policy in force. Throws what a broken database or model is refused with. */
export async function openPolicy(config: GateConfig, deps: OpenPolicyDeps): Promise<PolicySide> {
  const { clock, localTime, forget, cleanups } = deps;
  const store = await openStore({ database: config.database, server: config.serverName, clock });
  cleanups.add('database', () => store.close());
  const audit = await openAudit(config, { store, clock, log: deps.log, cleanups });
  const warn = (message: string, details: Readonly<Record<string, unknown>>): void =>
    deps.log.warn(details, message);
  const secondOpinion = createSecondOpinion({
    onDifference: (difference) => reportDifference(decider, deps, difference),
    onFailure: (error) => warn('Casbin could not be asked about a verdict', { error }),
  });
  cleanups.add('asking Casbin about verdicts', () => secondOpinion.close());
  const { witness } = secondOpinion;
  const decider = createDecider({ clock, witness }, { allowDefaultAllow: config.allowDefaultAllow });
  decider.onSwap(({ path }) => deps.metrics.policyInForce(path));
  const { serverName } = config;
  const checked = { store, decider, clock, serverName, localTime };
  const checks = [createLastAdminCheck(checked), createOwnRightsCheck(checked)];
  const passwords = createPasswords();
  const management: Management = {
    ...checked,
    writer: createPolicyWriter({ store, decider, clock, forget, checks }),
    presets: loadPresets(join(packageRoot(), 'presets')),
    hashPassword: (password) => passwords.hash(password),
  };
  await putInForce(config, management, deps.log);
  await audit.start();
  const following = followStore({ store, decider, clock, forget, log: warn });
  cleanups.add('following other processes', () => following.stop());
  const expire = (): Promise<unknown> => expireGrants(management);
  cleanups.add("the grants' clock", followClock({ decider, clock, expire, log: warn }));
  cleanups.add('recording what has ended', followEnds(management, warn));
  cleanups.add(
    'watching the model file',
    watchModelFile(config.model, {
      importText: (text) => importModelFile(management, text),
      onImported: (details) => deps.log.info(details, 'the model file was imported'),
      onRefused: (details) => warn('the model file was refused, the running model stays', details),
    }),
  );
  return { store, audit, decider, management, passwords, following };
}

/** A wrong verdict is a defect of the compiled form: Casbin answers until the policy changes. */
function reportDifference(decider: Decider, { log, metrics }: OpenPolicyDeps, difference: Difference): void {
  metrics.difference();
  log.error({ ...difference }, 'a verdict is not the one Casbin gives: Casbin answers from now on');
  decider.leaveToCasbin(difference.verdict.revision).catch((error: unknown) => {
    log.error({ error }, 'the policy could not be left to Casbin');
  });
}

/** First start fills the database; later ones take the policy that is there, then the model file when it changed. */
async function putInForce(config: GateConfig, management: Management, log: Log): Promise<void> {
  const modelText = await readModel(config.model);
  const isFirst = await firstStart(management, modelText).catch((cause: unknown) => {
    throw inFile(config.model, cause);
  });
  if (isFirst) return;
  const document = await management.store.read.policy();
  if (document === undefined) throw new AppError('DATABASE_INVALID', { detail: 'it holds no model' });
  management.decider.swap(await management.decider.build(document));
  try {
    await importModelFile(management, modelText);
  } catch (cause) {
    const error = asAppError(cause);
    const { code, problems, hint } = error;
    log.error(
      { code, problems, hint, path: config.model },
      `model file refused, the one in force stays: ${describeError(error)}`,
    );
  }
}

/** A broken model at first start leaves nothing to go on with: the person must know which file it is about. */
function inFile(path: string, cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code !== 'MODEL_INVALID') return cause;
  const problems = cause.problems.map(({ at, message }) => ({ at: `${path}: ${at}`, message }));
  return new AppError('MODEL_INVALID', { problems, cause });
}

async function readModel(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const message = `expected a file that can be read, received \`${path}\``;
    throw new AppError('CONFIG_INVALID', { problems: [{ at: 'model', message }], cause });
  }
}
