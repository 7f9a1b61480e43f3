/**
 * `model check`: says whether a model file would be accepted over the rules and grants there are, and how it would answer.
 * Reads the database itself; a running gate notices nothing.
 */
import { resolve } from 'node:path';
import { shownConfig } from '../../config/shown-config.ts';
import { AppError } from '../../core/errors.ts';
import type { PolicyDocument } from '../../core/policy.ts';
import { buildSnapshot, CASBIN_RULE_LIMIT } from '../../decide/build-snapshot.ts';
import { checkModel } from '../../decide/check-model.ts';
import { reasonForCasbin } from '../../decide/compiled/plan.ts';
import { readStoredPolicy } from '../../store/read-stored-policy.ts';
import type { LocalCommand } from '../run.ts';

export const checkModelCommand: LocalCommand = {
  takes: ['[FILE]'],
  summary: 'checks a model file against the rules and grants in the database; model.conf when none is named',
  async run({ config, positionals, output, terminal }) {
    const path = resolve(terminal.cwd, positionals[0] ?? config.model);
    const text = await readModel(path, terminal.readFile);
    const where = shownConfig(config)['database'] ?? '';
    const { allowDefaultAllow } = config;
    const { policy, missing } = await storedPolicy(config.database, where);
    const { rules = [], grants = [] } = policy ?? {};
    const model = checkModel(text, rules, { allowDefaultAllow, grants });
    const reason = reasonForCasbin(model);
    const isCompiled =
      policy === undefined
        ? reason === undefined
        : await compiles(policy, text, { allowDefaultAllow, now: terminal.now });
    const answers = isCompiled
      ? 'compiled'
      : `evaluated by Casbin, which is slower and takes at most ${CASBIN_RULE_LIMIT} rules: ${reason ?? 'these rules cannot be compiled'}`;
    const over =
      policy === undefined
        ? `checked by itself, with no rule and no grant: ${missing}`
        : `checked with the ${rules.length} rules and ${grants.length} grants of revision ${policy.revision} in \`${where}\``;
    output.value(
      {
        model: path,
        valid: true,
        compiled: isCompiled,
        checked: policy && {
          database: where,
          revision: policy.revision,
          rules: rules.length,
          grants: grants.length,
        },
      },
      `${path} is a valid model\nits rules are ${answers}\n${over}`,
    );
    return 0;
  },
};

interface Stored {
  readonly policy?: PolicyDocument;
  /** Why there is none, for a person. */
  readonly missing?: string;
}

/** A model can be looked at without a database; what was not looked at is said. */
async function storedPolicy(database: string, where: string): Promise<Stored> {
  try {
    const policy = await readStoredPolicy(database);
    return policy === undefined ? { missing: `there is no policy in \`${where}\` yet` } : { policy };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { missing: `\`${where}\` could not be read: ${error.detail ?? error.message}` };
  }
}

/** Whether a gate would compile the model with this policy. Throws `MODEL_INVALID` when it would not take the two together. */
async function compiles(
  policy: PolicyDocument,
  text: string,
  { allowDefaultAllow, now }: { readonly allowDefaultAllow: boolean; readonly now: () => number },
): Promise<boolean> {
  const document = { ...policy, model: { ...policy.model, text } };
  return (await buildSnapshot(document, { clock: { now }, allowDefaultAllow })).path === 'compiled';
}

async function readModel(path: string, readFile: (path: string) => Promise<string>): Promise<string> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', { detail: `cannot read \`${path}\``, cause });
  }
}
