import { expect } from 'chai';
import { Model } from 'casbin';
import { atOnce } from '../../../src/decide/in-turns.ts';
import { hierarchyOf, inHierarchy } from '../../../src/decide/subject-hierarchy.ts';
import { seeded } from '../../support/decide-policy.ts';

type Rule = readonly string[];

/** The same rules as Casbin's own model puts them. */
function asCasbin(rules: readonly Rule[], links: readonly Rule[], isWithDomain: boolean): readonly Rule[] {
  const model = new Model();
  model.addDef('r', 'r', 'sub, obj, act');
  model.addDef('p', 'p', isWithDomain ? 'sub, obj, dom, act, eft' : 'sub, obj, act, eft');
  model.addDef('g', 'g', isWithDomain ? '_, _, _' : '_, _');
  model.addDef('e', 'e', 'subjectPriority(p.eft) || deny');
  const [p, g] = [model.model.get('p')?.get('p'), model.model.get('g')?.get('g')];
  if (p === undefined || g === undefined) throw new TypeError('expected `p` and `g`');
  p.policy = rules.map((rule) => [...rule]);
  g.policy = links.map((link) => [...link]);
  model.sortPoliciesBySubjectHierarchy();
  return p.policy;
}

/** Links from a role to one with a higher number, so that there is no circle; at most ten of them on end. */
function generated(seed: number, isWithDomain: boolean) {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const domain = (): string[] => (isWithDomain ? [['*', 'a', 'b'][below(3)] ?? ''] : []);
  const links = Array.from({ length: below(60) }, (): Rule => {
    const from = below(8);
    return [from === 0 ? `u${below(9)}` : `r${from}`, `r${from + 1 + below(2)}`, ...domain()];
  });
  const rules = Array.from({ length: below(120) }, (_, index): Rule => {
    const subject = random() < 0.4 ? `u${below(9)}` : `r${below(seed % 3 === 0 ? 14 : 9)}`;
    return [subject, 'files', ...domain(), `a${index}`, 'allow'];
  });
  return { links, rules };
}

describe('the order of rules by the hierarchy of their subjects', () => {
  for (const isWithDomain of [true, false]) {
    it(`is the one Casbin makes, ${isWithDomain ? 'with' : 'without'} domains`, () => {
      let moved = 0;
      for (let seed = 1; seed <= 400; seed += 1) {
        const { links, rules } = generated(seed, isWithDomain);
        const ordered = atOnce(
          inHierarchy(rules, atOnce(hierarchyOf(links)), ([subject = '', , domain = '']) => ({
            subject,
            domain: isWithDomain ? domain : '',
          })),
        );
        expect(ordered, `seed ${seed}`).to.deep.equal(asCasbin(rules, links, isWithDomain));
        if (ordered.some((rule, index) => rule !== rules[index])) moved += 1;
      }
      expect(moved).to.be.greaterThan(200);
    });
  }
});
