/**
 * One verdict, alone in its process: the gate's snapshot against plain Casbin, Cedar and CASL with the same policy and the same
 * questions, at policies of ten rules and more. Every engine must give the same answers before it is measured.
 */
import { GATE } from '../support/engines.ts';
import { measureGate, measureSchool, startEngines, stopEngines } from '../support/measure-verdicts.ts';
import type { Measured, TimedRounds } from '../support/measure-verdicts.ts';
import type { Mix } from '../support/policies.ts';
import { grouped } from '../support/row.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';

const RULES: Readonly<Record<Size, readonly number[]>> = {
  smallest: [10, 100],
  quick: [10, 100, 1000, 100_000],
  full: [10, 100, 1000, 10_000, 100_000],
};
/** Rules that are all in one role. */
const WORST: Readonly<Record<Size, number>> = { smallest: 100, quick: 10_000, full: 100_000 };

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const all: Measured[] = [];
  const engines = await startEngines();
  for (const rules of RULES[size]) {
    progress(`verdicts at ${rules} rules`);
    all.push(...(await measureSchool(engines, rules, size)));
  }
  await stopEngines(engines);
  progress('verdicts with all rules in one role');
  const worst = WORST[size];
  const inOneRole = await measureGate({ rules: worst, perRole: worst }, size);
  return figuresOf(all, { ...inOneRole, rules: worst });
}

function figuresOf(all: readonly Measured[], worst: TimedRounds & { readonly rules: number }): Figure[] {
  const of = (engine: string, rules: number, mix: Mix): Measured | undefined =>
    all.find((each) => each.engine === engine && each.rules === rules && each.mix === mix);
  const own = all.filter(({ engine }) => engine === GATE);
  const most = Math.max(...own.map(({ rules }) => rules));
  const base = of(GATE, 100, 'hot');
  return [
    ...own.flatMap(({ rules, mix, median, p99 }) => [
      {
        name: `one verdict, ${grouped(rules)} rules, ${mix}, median`,
        unit: 'µs',
        value: median,
        ...(rules === most && mix === 'hot' ? { target: { of: 'value', atMost: 1 } as const } : {}),
      },
      {
        name: `one verdict, ${grouped(rules)} rules, ${mix}, p99`,
        unit: 'µs',
        value: p99,
        ...(rules === most && mix === 'hot' ? { target: { of: 'value', atMost: 5 } as const } : {}),
      },
    ]),
    {
      name: `one verdict, ${grouped(worst.rules)} rules all in one role, median`,
      unit: 'µs',
      value: worst.median,
    },
    { name: `one verdict, ${grouped(worst.rules)} rules all in one role, p99`, unit: 'µs', value: worst.p99 },
    ...own
      .filter(({ rules, mix }) => rules === most && mix === 'hot' && base !== undefined)
      .map(({ median }) => ({
        name: `one verdict at ${grouped(most)} rules against 100`,
        unit: 'µs',
        value: median,
        peer: { name: 'gate at 100 rules', value: base?.median ?? median },
        target: { of: 'ratio', atMost: 2 } as const,
      })),
    ...all
      .filter(({ engine, mix }) => engine !== GATE && mix === 'hot')
      .map((peer) => against(peer, of(GATE, peer.rules, 'hot') ?? peer)),
  ];
}

function against(peer: Measured, own: Measured): Figure {
  const target =
    peer.engine !== 'node-casbin'
      ? undefined
      : peer.rules === 100_000
        ? ({ of: 'ratio', atMost: 1 / 100_000 } as const)
        : ({ of: 'ratio', atMost: 1 } as const);
  return {
    name: `one verdict, ${grouped(own.rules)} rules`,
    unit: 'µs',
    value: own.median,
    peer: { name: peer.engine, value: peer.median },
    ...(target === undefined ? {} : { target }),
  };
}

export const verdict: Row = { name: 'verdict', title: 'One verdict', run };
