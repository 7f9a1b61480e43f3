/** Random kernel messages from a seed, with what framings stumble over: odd text, empty parts, many buffers. */
import type { JsonObject, KernelMessage } from '../../src/inspect/kernel-message.ts';

export type Random = (below: number) => number;

/** Whole numbers below a bound, the same for each seed (a linear congruential generator). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TEXTS = [
  '',
  'x',
  'print(1)\n',
  'grüße',
  '🪐\u0000\u2028',
  '"\\"',
  '</script>',
  '\ud800',
  'a'.repeat(300),
];
const KEYS = ['code', 'a b', '', '__proto__x', 'constructor', 'ключ', 'msg_type'];

export function randomMessage(random: Random): KernelMessage {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const text = (): string => Array.from({ length: random(3) }, () => pick(TEXTS)).join('');
  const value = (depth: number): unknown => {
    const kinds = [
      () => text(),
      () => random(1_000_000) - 500_000,
      () => random(100) / 7,
      () => pick([true, false, null]),
    ];
    if (depth > 0)
      kinds.push(
        () => object(depth - 1) as never,
        () => Array.from({ length: random(4) }, () => value(depth - 1)) as never,
      );
    return pick(kinds)();
  };
  const object = (depth: number): JsonObject =>
    Object.fromEntries(Array.from({ length: random(4) }, () => [pick(KEYS), value(depth)]));
  return {
    channel: pick(['shell', 'control', 'stdin', 'iopub', 'grüße', '']),
    header: { ...object(1), msg_id: text(), msg_type: text() },
    parentHeader: object(2),
    metadata: object(2),
    content: object(3),
    buffers: Array.from({ length: random(4) }, () => Buffer.from(text())),
  };
}
