/** The engines that verdicts are measured of: how each is opened, and up to what size it is worth its time. */
import type { Question } from '../../src/core/question.ts';
import { openCasbin } from '../peers/casbin.ts';
import { openCasl } from '../peers/casl.ts';
import { openCedar } from '../peers/cedar.ts';
import { openGate } from './gate-engine.ts';
import { hasPeer } from './peers.ts';
import type { School } from './policies.ts';
import type { Size } from './row.ts';

export type Ask = (question: Question) => boolean;

export interface Engine {
  readonly name: string;
  readonly open: (school: School) => Promise<Ask>;
  /** Most rules: beyond, it would take too long. */
  readonly most: Readonly<Record<Size, number>>;
}

export const GATE = 'gate';
const UNBOUNDED = Number.POSITIVE_INFINITY;

const ENGINES: readonly Engine[] = [
  { name: GATE, open: openGate, most: { smallest: UNBOUNDED, quick: UNBOUNDED, full: UNBOUNDED } },
  { name: 'node-casbin', open: openCasbin, most: { smallest: 100, quick: 100_000, full: 100_000 } },
  { name: 'cedar-wasm', open: openCedar, most: { smallest: 100, quick: 1000, full: 10_000 } },
  { name: 'casl', open: openCasl, most: { smallest: 100, quick: 100_000, full: 100_000 } },
];
const PACKAGES: Readonly<Record<string, string>> = {
  'cedar-wasm': '@cedar-policy/cedar-wasm/nodejs',
  casl: '@casl/ability',
};

/** Those that are here. */
export function installedEngines(): readonly Engine[] {
  return ENGINES.filter(({ name }) => PACKAGES[name] === undefined || hasPeer(PACKAGES[name]));
}

/** Throws `TypeError` for one that is not known. */
export function engineNamed(name: string): Engine {
  const engine = ENGINES.find((each) => each.name === name);
  if (engine === undefined) throw new TypeError(`expected an engine, received \`${name}\``);
  return engine;
}
