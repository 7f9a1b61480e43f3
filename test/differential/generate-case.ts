/** Rules, grants and questions that fit a generated model. */
import { grant, question, rule } from '../support/decide-policy.ts';
import { generateModel } from './generate-model.ts';
import type { GrantRecord, RuleRecord } from '../../src/core/policy.ts';
import type { Question } from '../../src/core/question.ts';
import type { ColumnUse, GeneratedModel } from './generate-model.ts';
import type { RandomSource } from './random-source.ts';

export interface Case {
  readonly model: string;
  readonly rules: readonly RuleRecord[];
  readonly grants: readonly GrantRecord[];
  readonly questions: readonly Question[];
}

export const PEOPLE = ['u1', 'u2', 'u3', 'guest:7'];
const ROLES = ['role:everyone', 'role:a', 'role:b', 'role:c', 'role:d'];
const SUBJECTS = [
  ...PEOPLE.slice(0, 3),
  ...ROLES,
  'role:a',
  'role:b',
  'role:everyone',
  'role:everyone',
  'anonymous',
  'u1',
];
/** Roles of a chain as long as Casbin follows one. */
const CHAIN = Array.from({ length: 10 }, (_, index) => `role:chain${index}`);

const PATTERNS: readonly string[] = [
  '**',
  '**',
  '**',
  '/**',
  '/**',
  '',
  '/',
  '/a',
  '/a',
  '/b',
  '/a/**',
  '/a/b',
  '/a/b/**',
  '/*',
  '/*/b',
  '/*/*',
  '/*/b/**',
  '/{user}',
  '/{user}/**',
  '/a/{user}',
  '/a/{user}/**',
  '/*/{user}/c',
  '/u1/**',
  '/a/*/c',
];
const PATHS: readonly string[] = [
  '',
  '',
  '/',
  '/a',
  '/a',
  '/a/b',
  '/a/b',
  '/a/b/c',
  '/b',
  '/b/b',
  '/c',
  '/u1',
  '/u1/x',
  '/u2/b',
  '/a/u1',
  '/a/u2/c',
  '/a/b/c/d/e',
  '/role:a',
  '/guest:7/b',
];

const VALUES: Readonly<Record<ColumnUse, readonly string[]>> = {
  subject: SUBJECTS,
  server: ['*', '*', '*', 's1', 's2', 's1|s2', 's1|*', 's1|s2|s4|s5|s6|s7|s8|s9'],
  resource: [
    '*',
    '*',
    'contents',
    'contents',
    'kernels',
    'contents|kernels',
    'gate:*',
    'gate:users',
    '*|gate:users',
    'files|contents|*',
    'contents|kernels|files',
  ],
  action: ['*', 'read', 'read', 'write', 'read|write', 'read|write', 'execute|read|write'],
  path: PATTERNS,
  prefix: ['*', '/a*', '/a/b', '/b*', '/u1/*', ''],
  key: ['*', '/a/:x', '/:x/b', '/a/*', '/a', '/:x/:y/:z'],
  glob: ['**', '/a/*', '/*/b', '/a/**', '/?', '/a'],
  owner: ['*', '', 'u1', 'u2', 'u1|u2', '1'],
  condition: [],
  effect: ['allow', 'allow', 'deny'],
  priority: ['-1', '0', '1', '2', '2', '10', '100'],
  rank: ['0', '1', '5', '7', '07', '7.0', '10', 'x', ''],
};

/** What a question may have, for columns that are compared with `==`. */
const EXACT: Readonly<Partial<Record<ColumnUse, readonly string[]>>> = {
  server: ['s1', 's1', 's2'],
  resource: ['contents', 'contents', 'kernels'],
  action: ['read', 'read', 'write', 'execute'],
  path: ['/a', '/a/b', '/b', '', '/u1'],
};

/** What makes a rule match much, so that several match one question. */
const WIDE: Readonly<Partial<Record<ColumnUse, readonly string[]>>> = {
  subject: ['role:everyone', 'role:everyone', 'anonymous', 'u1'],
  server: ['*'],
  resource: ['*'],
  action: ['*', 'read|write'],
  path: ['**', '/**', '/a/**'],
};

/** Conditions by whether some value of a question makes them fail. */
const CONDITIONS = {
  safe: [
    ...Array.from({ length: 8 }, () => 'true'),
    'false',
    'OWN == r.sub',
    "OWN != ''",
    'OWN == 1',
    "OWN == '1'",
    "OWN == '01'",
    "r.sub < 'u2' || r.act >= 'read'",
    "!(OWN == r.sub) && r.act != 'write'",
    "labelMatch(r.act, 'read|execute')",
    "keyMatch(r.path, '/a*')",
    "pathMatch(r.path, '/a/**', r.sub)",
    "pathMatch(r.path, '/{user}/**', r.sub) || OWN == r.sub",
    "OWN == '?' || OWN == r.sub",
    "!pathMatch(r.path, '/a/b/**', r.sub)",
    "keyMatch2(r.path, '/a/:x')",
    "globMatch(r.path, '/a/*')",
    'OWN > 0',
    'true == true',
    "(r.act == 'read' || OWN == 'u1') && (r.path != '/a' || r.sub == 'u1')",
    'OWN == true',
  ],
  failing: [
    "ipMatch(r.ip, '10.0.0.0/8')",
    "!ipMatch(r.ip, '10.0.0.0/8')",
    "between(r.time, '09:00', '10:00')",
    "OWN == r.sub || ipMatch(r.ip, '192.168.0.0/16')",
    "OWN == r.sub && !between(r.time, '10:00', '09:00')",
    "regexMatch(r.path, '^/a')",
  ],
};

/** Seldom so many that shelves get an index; mostly few, because plain Casbin takes its time for each. */
const RULE_COUNTS = [...Array.from({ length: 19 }, (_, index) => 4 + index), 140];

/** Beyond this many rules they share few subjects and paths, and so differ by their labels. */
const CROWD = 30;
const CROWDED: RuleOptions['narrow'] = {
  subject: ['role:everyone', 'u1'],
  path: ['**', '/a/**'],
  condition: ['true'],
};

/** A case with `size` questions. */
export function generateCase(random: RandomSource, size: number): Case {
  const model = generateModel(random);
  const canFail = !model.failsAnywhere;
  const count = 1 + random.below(random.pick(RULE_COUNTS));
  const narrow = count > CROWD ? CROWDED : {};
  const rules = Array.from({ length: count }, (_, index) =>
    rule(index + 1, generateRule(random, model, { canFail, narrow })),
  );
  const questions = Array.from({ length: size }, () => generateQuestion(random, canFail));
  return { model: model.text, rules, grants: generateGrants(random, model), questions };
}

interface RuleOptions {
  readonly canFail: boolean;
  /** Values instead of the usual ones. */
  readonly narrow: Readonly<Partial<Record<ColumnUse, readonly string[]>>>;
}

function generateRule(
  random: RandomSource,
  model: GeneratedModel,
  { canFail, narrow }: RuleOptions,
): Record<string, string> {
  const own = model.tokens.includes('own') ? 'r.own' : 'r.owner';
  const isWide = random.chance(0.4);
  return Object.fromEntries(
    model.columns.map(({ name, use, isExact }) => {
      const wide = isWide && isExact !== true ? WIDE[use] : undefined;
      const values = narrow[use] ?? (isExact === true && random.chance(0.9) ? EXACT[use] : wide);
      if (use !== 'condition' || values !== undefined) return [name, random.pick(values ?? VALUES[use])];
      const from = canFail && random.chance(0.3) ? CONDITIONS.failing : CONDITIONS.safe;
      return [name, random.pick(from).replaceAll('OWN', own)];
    }),
  );
}

/** Roles hold later ones only, so there is no circle. */
function generateGrants(random: RandomSource, model: GeneratedModel): GrantRecord[] {
  if (model.roleArity === 0) return [];
  const server = () => (model.roleArity === 3 ? random.pick(['*', '*', 's1', 's2']) : '*');
  const holders = ['u1', 'u2', 'u3', 'anonymous', ...ROLES];
  const links = Array.from({ length: random.below(12) }, () => {
    const from = random.below(holders.length - 1);
    const first = Math.max(from + 1, 5);
    return [holders[from], holders[first + random.below(holders.length - first)]] as const;
  });
  if (random.chance(0.1)) {
    const names = ['u1', ...CHAIN.slice(0, 5 + random.below(4)), 'role:d'];
    for (const [index, name] of names.slice(1).entries()) links.push([names[index], name]);
  }
  return links.map(([holder, role], index) =>
    grant(index + 1, holder ?? 'u1', role ?? 'role:a', { server: server() }),
  );
}

function generateQuestion(random: RandomSource, canFail: boolean): Question {
  return question({
    sub: random.pick([...PEOPLE, ...PEOPLE, 'role:a']),
    srv: random.pick(['s1', 's1', 's2', 's3']),
    res: random.pick(['contents', 'contents', 'kernels', 'gate:users', 'pages']),
    act: random.pick(['read', 'read', 'write', 'execute']),
    path: random.pick(PATHS),
    own: random.pick(['', 'u1', 'u2', 'u3', '1']),
    ip: canFail ? random.pick(['10.1.2.3', '192.168.1.1', 'unknown']) : '10.1.2.3',
    time: random.pick(['2026-03-02T09:15:30+01:00', '2026-03-02T10:15:30+01:00']),
  });
}
