import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandLine } from '../../support/command-line.ts';
import type { Ran } from '../../support/command-line.ts';
import { MODEL_PATH, openManagedGate } from '../../support/managed-gate.ts';
import type { ManagedGate } from '../../support/managed-gate.ts';

describe('model check', () => {
  let gate: ManagedGate;
  let text: string;
  beforeEach(async () => {
    [gate, text] = await Promise.all([openManagedGate(), readFile(MODEL_PATH, 'utf8')]);
  });
  afterEach(() => gate.close());

  async function check(model: string, database: string, ...flags: string[]): Promise<Ran> {
    const file = join(gate.dir, 'checked.conf');
    await writeFile(file, model);
    return commandLine({ cwd: gate.dir })(
      'model',
      'check',
      file,
      '--database',
      `sqlite:${database}`,
      ...flags,
    );
  }

  it('checks with the rules and grants of the database beside the gate that has it open, and says so', async () => {
    const revision = await gate.revision();
    const { rules, grants } = gate.management.decider.current.size;
    const ran = await check(text, gate.database);
    expect(ran.code, ran.err).to.equal(0);
    expect(ran.out)
      .to.contain('is a valid model\nits rules are compiled\n')
      .and.contain(
        `checked with the ${rules} rules and ${grants} grants of revision ${revision} in \`sqlite:`,
      );
    expect((await check(text, gate.database, '--json')).json()).to.deep.include({
      valid: true,
      compiled: true,
      checked: { database: `sqlite:${gate.database}`, revision, rules, grants },
    });
  });

  it('refuses a model that fits by itself and not the rules there are, and lists those', async () => {
    const narrow = text.replace(', cond, eft', ', eft').replace(' && eval(p.cond)', '');
    const ran = await check(narrow, gate.database);
    expect(ran).to.include({ code: 1, out: '' });
    expect(ran.err).to.match(/rule \d+.*`?cond`?/);
    const alone = await check(narrow, join(gate.dir, 'none.db'));
    expect(alone.code, alone.err).to.equal(0);
    expect(alone.out).to.match(
      /checked by itself, with no rule and no grant: there is no policy in `sqlite:.*none\.db` yet/,
    );
  });

  it('refuses one that is left to Casbin with more rules than that can take', async () => {
    const slow = text.replace('m = g(', 'm = g(r.sub, p.sub, r.srv) && g(');
    expect((await check(slow, gate.database)).out).to.match(/evaluated by Casbin, .*`g` more than once/);
    const made = { preset: '', createdAt: gate.clock.now(), createdBy: 'test' };
    const many = Array.from({ length: 1000 }, (_, index) => ({
      ...made,
      fields: { sub: 'role:viewer', res: 'git', act: 'read', path: `/${index}` },
    }));
    await gate.management.store.transaction((tx) => tx.rules.insertMany(many));
    const ran = await check(slow, gate.database);
    expect(ran).to.include({ code: 1, out: '' });
    expect(ran.err).to.match(/expected at most 1000 rules, received \d+/);
    expect((await check(text, gate.database)).out).to.contain('its rules are compiled');
  });

  it('says that it checked by itself when the database cannot be read', async () => {
    const broken = join(gate.dir, 'broken.db');
    await writeFile(broken, 'no database at all, and long enough to look like a header');
    const ran = await check(text, broken);
    expect(ran.code, ran.err).to.equal(0);
    expect(ran.out).to.match(
      /checked by itself, with no rule and no grant: `sqlite:.*broken\.db` could not be read/,
    );
    expect((await check(text, broken, '--json')).json()).to.not.have.property('checked');
  });
});
