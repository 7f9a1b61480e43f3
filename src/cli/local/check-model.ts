/** `model check`: says whether a model file would be accepted, without touching a running gate. */
import { resolve } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { CASBIN_RULE_LIMIT } from '../../decide/build-snapshot.ts';
import { checkModel } from '../../decide/check-model.ts';
import { reasonForCasbin } from '../../decide/compiled/plan.ts';
import type { LocalCommand } from '../run.ts';

export const checkModelCommand: LocalCommand = {
  takes: ['[FILE]'],
  summary: 'checks a model file; model.conf when none is named',
  async run({ config, positionals, terminal }) {
    const path = resolve(terminal.cwd, positionals[0] ?? config.model);
    const text = await readModel(path, terminal.readFile);
    const model = checkModel(text, [], { allowDefaultAllow: config.allowDefaultAllow });
    const reason = reasonForCasbin(model);
    const answers =
      reason === undefined
        ? 'compiled'
        : `evaluated by Casbin, which is slower and takes at most ${CASBIN_RULE_LIMIT} rules: ${reason}`;
    terminal.out(`${path} is a valid model\nits rules are ${answers}\n`);
    return 0;
  },
};

async function readModel(path: string, readFile: (path: string) => Promise<string>): Promise<string> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', { detail: `cannot read \`${path}\``, cause });
  }
}
