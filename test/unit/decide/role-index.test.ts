import { expect } from 'chai';
import { atOnce } from '../../../src/decide/in-turns.ts';
import { groupGrants } from '../../../src/decide/grant-table.ts';
import { indexRoles } from '../../../src/decide/role-index.ts';
import { failure, grant, snapshot } from '../../support/decide-policy.ts';
import type { GrantRecord } from '../../../src/core/policy.ts';

const NOW = Date.parse('2026-03-02T09:15:30Z');
const indexOf = (grants: readonly GrantRecord[]) => atOnce(indexRoles(atOnce(groupGrants(grants))));
const many = (count: number, make: (index: number) => GrantRecord): GrantRecord[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('an index of roles', () => {
  it('follows what comes to be held only by a change, whatever it is called', () => {
    const index = indexOf([grant(1, 'bob', 'data'), grant(2, 'data', 'all')]);
    const next = index.after({ removed: [], added: [grant(3, 'alice', 'bob')] });
    const closure = next?.closure('alice', '*', NOW);
    expect(closure && next?.namesOf(closure)).to.deep.equal(['role:everyone', 'bob', 'data', 'all']);
    expect(
      closure && next?.grantsTo({ closure, own: next.grantsOf('alice') }, next.numbers.of('all')),
    ).to.deep.equal([3, 1, 2]);
    expect(index.namesOf(index.closure('alice', '*', NOW))).to.deep.equal(['role:everyone']);
  });

  it('looks at servers and times of many grants as of few', () => {
    const at = [
      { server: 'a' },
      { server: 'b' },
      { startsAt: NOW + 5 },
      { startsAt: NOW - 5, expiresAt: NOW + 9 },
      { expiresAt: NOW },
      {},
    ];
    for (const count of [6, 60]) {
      const grants = many(count, (i) => grant(i + 1, 'alice', `role:r${i}`, at[i % 6]));
      const index = indexOf(grants);
      const closure = index.closure('alice', 'a', NOW);
      const held = grants.filter((_, i) => [0, 3, 5].includes(i % 6)).map(({ role }) => role);
      expect(index.namesOf(closure)).to.deep.equal(['role:everyone', ...held]);
      expect([closure.from, closure.until]).to.deep.equal([NOW, NOW + 5]);
      const later = index.closure('alice', 'a', NOW + 9);
      expect(index.namesOf(later)).to.have.members([
        'role:everyone',
        ...grants.filter((_, i) => [0, 2, 5].includes(i % 6)).map(({ role }) => role),
      ]);
      expect(later.until).to.equal(Number.POSITIVE_INFINITY);
    }
  });

  it('is refused where there are too many grants to walk through', async () => {
    const own = many(10_001, (i) => grant(i + 1, 'alice', `role:r${i}`));
    expect(await failure(() => snapshot({ grants: own }))).to.include({
      code: 'GRANTS_TOO_MANY',
      detail: 'expected at most 10000 grants to one subject, received 10001 to `alice`',
    });
    const chained = many(50_001, (i) => grant(i + 1, `role:r${i % 225}`, `role:s${i}`));
    expect(await failure(() => snapshot({ grants: chained }))).to.include({
      code: 'GRANTS_TOO_MANY',
      detail: 'expected at most 50000 grants to roles, received 50001',
    });
    const current = await snapshot({ grants: own.slice(0, 10_000) });
    const rules = { removed: [], added: [] };
    const more = { removed: [], added: own.slice(10_000) };
    expect(current.after({ revision: 2, rules, grants: more })).to.equal(undefined);
  }).timeout(60_000);
});
