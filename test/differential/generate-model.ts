/** Models from a grammar: access lists, roles, domains, patterns, conditions, in any order and under any effect. */
import { modelText } from '../support/decide-policy.ts';
import type { RandomSource } from './random-source.ts';

/** What a column of `p` is compared with, which says what values rules have in it. */
export type ColumnUse =
  | 'subject'
  | 'server'
  | 'resource'
  | 'action'
  | 'path'
  | 'prefix'
  | 'key'
  | 'glob'
  | 'owner'
  | 'condition'
  | 'effect'
  | 'priority'
  | 'rank';

export interface Column {
  readonly name: string;
  readonly use: ColumnUse;
  /** Whether it is compared with `==`, so that patterns in it match nothing. */
  readonly isExact?: boolean;
}

export interface GeneratedModel {
  readonly text: string;
  readonly columns: readonly Column[];
  readonly tokens: readonly string[];
  /** Number of arguments of `g`; 0 without roles. */
  readonly roleArity: number;
  /** Whether a rule that is not the asker's may fail first in Casbin: conditions that fail are left out there. */
  readonly failsAnywhere: boolean;
  readonly mayDeny: boolean;
}

interface Part {
  readonly text: string;
  readonly columns: readonly Column[];
}

const EFFECTS = [
  'some(where (p.eft == allow))',
  '!some(where (p.eft == deny))',
  'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
  'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
  'priority(p.eft) || deny',
];

export function generateModel(random: RandomSource): GeneratedModel {
  return random.chance(0.06) ? bySubjectPriority(random) : fromParts(random);
}

function fromParts(random: RandomSource): GeneratedModel {
  const server = random.pick(['srv', 'dom', 'tenant']);
  const resource = random.pick(['res', 'obj']);
  const tokens = random.shuffled([
    'sub',
    server,
    resource,
    'act',
    'path',
    random.pick(['own', 'owner']),
    'ip',
    'time',
  ]);
  const roleArity = random.pick([0, 2, 3, 3, 3]);
  const tie = tiePart(random, roleArity, server);
  const others = random.shuffled(
    [
      labelPart(random, server, 'server'),
      labelPart(random, resource, 'resource'),
      labelPart(random, 'act', 'action'),
      pathPart(random),
      conditionPart(random),
      extraPart(random, tokens),
    ].flatMap((part) => part ?? []),
  );
  const failsAnywhere = tie === undefined || random.chance(0.3);
  const parts =
    tie === undefined ? others : failsAnywhere ? random.shuffled([tie, ...others]) : [tie, ...others];
  const all = withColumn(parts, random);
  const effect = random.pick(EFFECTS);
  const mayDeny = effect !== EFFECTS[0];
  const columns = random.shuffled([
    ...all.columns,
    ...(mayDeny && random.chance(0.95) ? [{ name: 'eft', use: 'effect' as const }] : []),
    ...(effect.startsWith('priority') && random.chance(0.6)
      ? [{ name: 'priority', use: 'priority' as const }]
      : []),
  ]);
  const text = modelText({
    r: tokens.join(', '),
    p: columns.map((column) => column.name).join(', '),
    g: '_, '.repeat(roleArity).slice(0, -2),
    e: effect,
    m: all.text,
  });
  return { text, columns, tokens, roleArity, failsAnywhere: failsAnywhere || all.isLoose, mayDeny };
}

/** The parts joined, in brackets here and there, now and then with a second way in. */
function withColumn(parts: readonly Part[], random: RandomSource): Part & { readonly isLoose: boolean } {
  const used = parts.some((part) => part.columns.length > 0)
    ? parts
    : [...parts, { text: 'r.act == p.act', columns: [{ name: 'act', use: 'action' as const }] }];
  let text = used.map((part) => part.text).join(' && ');
  if (used.length > 2 && random.chance(0.3)) {
    const cut = 1 + random.below(used.length - 1);
    const [left, right] = [used.slice(0, cut), used.slice(cut)].map((half) =>
      half.map((part) => part.text).join(' && '),
    );
    text = random.chance(0.5) ? `${left} && (${right})` : `(${left}) && ${right}`;
  }
  const columns = new Map(
    used.flatMap((part) => part.columns.map((column) => [column.name, column] as const)),
  );
  const isLoose = random.chance(0.12);
  if (isLoose) {
    text = random.pick([
      `(${text}) || r.sub == 'u1' && r.act == 'read'`,
      `r.sub != 'u2' && (${text} || r.path == '/c')`,
      `!(!(${text}))`,
      `(${text}) || r.path == '/a' && !(r.act == 'read')`,
    ]);
  }
  return { text, columns: [...columns.values()], isLoose };
}

function tiePart(random: RandomSource, roleArity: number, server: string): Part | undefined {
  const columns = [{ name: 'sub', use: 'subject' as const }];
  if (random.chance(0.06)) return undefined;
  if (roleArity === 0) return { text: random.pick(['r.sub == p.sub', 'p.sub == r.sub']), columns };
  const text = roleArity === 3 ? `g(r.sub, p.sub, r.${server})` : 'g(r.sub, p.sub)';
  return {
    text: random.chance(0.03) ? `${text} && g(r.sub, p.sub${roleArity === 3 ? `, r.${server}` : ''})` : text,
    columns,
  };
}

function labelPart(random: RandomSource, name: string, use: ColumnUse): Part | undefined {
  if (random.chance(0.3)) return undefined;
  const text = random.pick([
    `labelMatch(r.${name}, p.${name})`,
    `labelMatch(r.${name}, p.${name})`,
    `labelMatch(r.${name}, p.${name})`,
    `r.${name} == p.${name}`,
    `p.${name} == r.${name}`,
    `!(r.${name} != p.${name})`,
  ]);
  return { text, columns: [{ name, use, isExact: !text.startsWith('labelMatch') }] };
}

function pathPart(random: RandomSource): Part | undefined {
  const choices: readonly (readonly [string, ColumnUse])[] = [
    ['pathMatch(r.path, p.path, r.sub)', 'path'],
    ['pathMatch(r.path, p.path, r.sub)', 'path'],
    ['pathMatch(r.path, p.path, r.sub)', 'path'],
    ['r.path == p.path', 'path'],
    ['keyMatch(r.path, p.path)', 'prefix'],
    ['keyMatch2(r.path, p.path)', 'key'],
    ['globMatch(r.path, p.path)', 'glob'],
  ];
  if (random.chance(0.15)) return undefined;
  const [text, use] = random.pick(choices);
  return { text, columns: [{ name: 'path', use, isExact: text.includes('==') }] };
}

function conditionPart(random: RandomSource): Part | undefined {
  if (random.chance(0.3)) return undefined;
  const cond = { name: 'cond', use: 'condition' as const };
  const second = { name: 'also', use: 'condition' as const };
  if (random.chance(0.1)) return { text: 'eval(p.cond) && eval(p.also)', columns: [cond, second] };
  if (random.chance(0.1)) return { text: "(eval(p.cond) || r.act == 'execute')", columns: [cond] };
  return { text: 'eval(p.cond)', columns: [cond] };
}

function extraPart(random: RandomSource, tokens: readonly string[]): Part | undefined {
  if (random.chance(0.75)) return undefined;
  const own = tokens.includes('own') ? 'own' : 'owner';
  return random.pick<Part>([
    { text: `r.${own} != 'u3'`, columns: [] },
    { text: `(r.act != 'write' || r.${own} == r.sub)`, columns: [] },
    { text: `r.${own} == 1`, columns: [] },
    { text: 'true', columns: [] },
    { text: "!labelMatch(r.act, 'execute')", columns: [] },
    { text: `labelMatch(r.${own}, p.holder)`, columns: [{ name: 'holder', use: 'owner' }] },
    { text: `(p.holder == '' || p.holder == r.${own})`, columns: [{ name: 'holder', use: 'owner' }] },
    { text: `p.rank <= 5`, columns: [{ name: 'rank', use: 'rank' }] },
    { text: `r.${own} < p.rank`, columns: [{ name: 'rank', use: 'rank' }] },
    { text: 'p.rank == 7', columns: [{ name: 'rank', use: 'rank' }] },
  ]);
}

/** Casbin reads grants by the positions of these columns, so they stand in this order. */
function bySubjectPriority(random: RandomSource): GeneratedModel {
  const roleArity = random.pick([2, 3]);
  const names = roleArity === 3 ? ['sub', 'obj', 'dom', 'act'] : ['sub', 'obj', 'act'];
  const uses: Record<string, ColumnUse> = { sub: 'subject', obj: 'resource', dom: 'server', act: 'action' };
  const columns = [
    ...names.map((name) => ({ name, use: uses[name] ?? 'action' })),
    { name: 'eft', use: 'effect' as const },
  ];
  const tie = roleArity === 3 ? 'g(r.sub, p.sub, r.dom)' : 'g(r.sub, p.sub)';
  const labels = names.slice(1).map((name) => `labelMatch(r.${name}, p.${name})`);
  const text = modelText({
    r: names.join(', '),
    p: columns.map((column) => column.name).join(', '),
    g: '_, '.repeat(roleArity).slice(0, -2),
    e: 'subjectPriority(p.eft) || deny',
    m: [tie, ...labels].join(' && '),
  });
  return { text, columns, tokens: names, roleArity, failsAnywhere: false, mayDeny: true };
}
