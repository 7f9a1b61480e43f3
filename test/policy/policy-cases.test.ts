/** The policy cases, twice: classifier and enforcer alone, and one gate in front of a real Jupyter Server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { RuleRecord } from '../../src/core/policy.ts';
import { filledIn, loadPolicyCases, loadPolicyWorld, ruleInWords } from '../support/policy-cases.ts';
import type { PolicyCase } from '../support/policy-cases.ts';
import { policyInProcess } from '../support/policy-cases/in-process.ts';
import type { Said } from '../support/policy-cases/in-process.ts';
import { policyOverHttp } from '../support/policy-cases/over-http.ts';
import type { LoggedEntry, PolicyOverHttp } from '../support/policy-cases/over-http.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';

/** Small, so that a body can be too large without being large. */
const JSON_BODY_LIMIT = 65_536;
const world = loadPolicyWorld();
const cases = loadPolicyCases('cases');
const older = loadPolicyCases('denied-status-401');

describe('the policy cases', () => {
  const all = [...cases.values()].flat();

  it('are many, and no two have one title', () => {
    expect(all).to.have.length.greaterThan(200);
    expect(new Set(all.map((each) => each.case))).to.have.length(all.length);
  });
  it('name every preset, with something it may and something it may not', () => {
    for (const who of ['the-viewer', 'the-editor', 'the-temporary', 'the-full']) {
      const verdicts = all.filter((each) => each.who === who).map(({ verdict }) => verdict);
      expect(verdicts, who).to.include('ALLOWED').and.to.include('DENIED_BY_POLICY');
    }
  });
  it('name, for each that a rule allows or denies, that rule', () => {
    for (const { case: title, verdict, rules } of all) {
      const byRule = ['ALLOWED', 'DENIED_BY_RULE', 'DENIED_CONDITION_FAILED'].includes(verdict ?? '');
      expect(rules.length > 0, title).to.equal(byRule);
    }
  });

  describe('by classifier and enforcer alone', () => {
    let say: (each: PolicyCase) => Promise<Said>;
    before(async () => {
      say = await policyInProcess(world, JSON_BODY_LIMIT);
    });
    for (const [file, list] of cases) {
      describe(file, () => {
        for (const each of list) {
          if (each.verdict === undefined) continue;
          it(each.case, async () => {
            const { verdict, asks, rules } = each;
            expect(await say(each)).to.deep.equal({ verdict, asks, rules });
          });
        }
      });
    }
  });

  describe('by a gate in front of a real Jupyter Server', () => behindAGate(cases));
  describe('by a gate with --denied-status 401', () => behindAGate(older, '--denied-status', '401'));
});

function behindAGate(files: ReadonlyMap<string, readonly PolicyCase[]>, ...flags: string[]): void {
  let gate: RunningGate;
  let live: PolicyOverHttp;
  let words: ReadonlyMap<number, string>;
  const entries: LoggedEntry[] = [];

  before(async function () {
    this.timeout(180_000);
    gate = await startGate('--json-body-limit', String(JSON_BODY_LIMIT), ...flags);
    live = await policyOverHttp(gate, world);
    const { body } = await gate.admin('GET', '/rules?limit=500');
    words = new Map((body.items as RuleRecord[]).map((rule) => [rule.id, ruleInWords(rule)]));
  });
  after(() => gate?.stop());

  for (const [file, list] of files) {
    describe(file, () => {
      for (const each of list) {
        it(each.case, async function () {
          this.timeout(120_000);
          const { status, entry } = await live.send(each);
          entries.push(entry);
          const { target: path } = filledIn({ ...each, send: `GET ${each.entry.path || '-'}` }, live.ids);
          expect(fieldsOf(entry)).to.deep.equal({ ...each.entry, path: each.entry.path && path });
          expect(status).to.equal(entry.status);
          if (each.verdict !== undefined) {
            expect(entry.rules.map((id) => words.get(id))).to.deep.equal(each.rules);
          }
        });
      }
    });
  }

  it('stand in the record as in the log', async function () {
    this.timeout(60_000);
    const wanted = new Map(entries.map((entry) => [entry.id, entry]));
    const found = new Map<string, unknown>();
    const subjects = new Set(
      entries.map(({ subject, code }) => (subject === '' ? `code=${code}` : `subject=${subject}`)),
    );
    for (const filter of subjects) {
      for (const item of await untilRecorded(gate, filter, entries)) {
        if (wanted.has(item.id)) found.set(item.id, fieldsOf(item));
      }
    }
    for (const [id, entry] of wanted) expect(found.get(id)).to.deep.equal(fieldsOf(entry));
  });
  it('leave no token, cookie or body in the log', () => {
    const log = gate.log.join('\n');
    const secrets = [...live.secrets].filter((secret) => secret !== '');
    expect(secrets).to.have.length.greaterThan(15);
    for (const secret of secrets) expect(log.includes(secret), 'a secret in the log').to.equal(false);
  });
}

/** The entries of one subject or code, once the last of ours is among them: they are written behind the answers. */
async function untilRecorded(
  gate: RunningGate,
  filter: string,
  entries: readonly LoggedEntry[],
): Promise<readonly LoggedEntry[]> {
  const [field = '', value] = filter.split('=');
  const last = entries.findLast((entry) => entry[field as 'subject' | 'code'] === value);
  for (;;) {
    const { body } = await gate.admin(
      'GET',
      `/decisions?limit=500&${field}=${encodeURIComponent(value ?? '')}`,
    );
    const items = body.items as readonly LoggedEntry[];
    if (items.some(({ id }) => id === last?.id)) return items;
    await sleep(100);
  }
}

function fieldsOf({ subject, route, res, act, path, own, code, status }: LoggedEntry) {
  return { subject: subject.replace(/^guest:.+/, 'guest:*'), route, res, act, path, own, code, status };
}
