/**
 * Policy cases as data: who sends what, the questions that makes, the verdict with its rules, and the entry in the
 * record. One set of files, run against classifier and enforcer alone and against a running gate.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RuleRecord } from '../../src/core/policy.ts';
import { packageRoot } from '../../src/core/package-root.ts';

const FOLDER = join(packageRoot(), 'test', 'policy');

/** How the caller proves who they are; `token` when a case says nothing. */
const CREDENTIALS = [
  'token',
  'query token',
  'narrowed token',
  'admin token',
  'expired token',
  'revoked token',
  'made-up token',
  'other scheme',
  'cookie',
  'cookie without Origin',
  'cookie with another Origin',
  'cookie without _xsrf',
  'cookie with a made-up _xsrf',
  'made-up cookie',
  'none',
] as const;
export type PolicyCredential = (typeof CREDENTIALS)[number];

/** What the record says of a case. */
export interface ExpectedEntry {
  /** `guest:*` stands for any guest. */
  readonly subject: string;
  readonly route: string;
  readonly res: string;
  readonly act: string;
  readonly path: string;
  readonly own: string;
  readonly code: string;
  readonly status: number;
}

const column = z.string();
/** A row of a table: eight columns in the order of `ExpectedEntry`. */
const entrySchema = z
  .tuple([column, column, column, column, column, column, column, z.number()])
  .transform(([subject, route, res, act, path, own, code, status]): ExpectedEntry => {
    return { subject, route, res, act, path, own, code, status };
  });

const caseSchema = z.strictObject({
  case: z.string().min(1),
  who: z.string().default('anonymous'),
  by: z.enum(CREDENTIALS).optional(),
  /** Method, or `WS` for an upgrade, and the raw target; `{name}` stands for the id of an object. */
  send: z.string().regex(/^[A-Z]+ \S+$/),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional(),
  /** A body as it is, where JSON cannot say it. */
  text: z.string().optional(),
  /** So many bytes more at the end of the body. */
  padding: z.number().default(0),
  /** `act res path by owner` each; the last two where there are any. */
  asks: z.array(z.string()).default([]),
  /** What classifier and enforcer say; left out where neither is asked. */
  verdict: z.string().optional(),
  /** `sub res act path if cond` each, of the first refusal or of all that allowed; ` deny` at the end of one that denies. */
  rules: z.array(z.string()).default([]),
  entry: entrySchema,
});
export type PolicyCase = z.output<typeof caseSchema> & { readonly by: PolicyCredential };

const ruleSchema = z.record(z.string(), z.string());
const worldSchema = z.strictObject({
  /** Person to roles. */
  people: z.record(z.string(), z.array(z.string())),
  /** Rules beside those of the presets. */
  rules: z.array(ruleSchema),
  files: z.array(z.string()),
  /** Kernels, sessions and terminals that are there, by the name the cases call them. */
  objects: z.record(
    z.string(),
    z.union([
      z.strictObject({ kernel: z.string(), owner: z.string() }),
      z.strictObject({ session: z.string(), owner: z.string(), kernel: z.string() }),
      z.strictObject({ terminal: z.literal(true), owner: z.string() }),
      z.strictObject({ unknown: z.enum(['kernel', 'session', 'terminal']) }),
    ]),
  ),
});
export type PolicyWorld = z.output<typeof worldSchema>;
export type PolicyObject = PolicyWorld['objects'][string];

/** Who and what there is in every case. */
export function loadPolicyWorld(): PolicyWorld {
  return worldSchema.parse(parse(readFileSync(join(FOLDER, 'world.yaml'), 'utf8')));
}

/** The cases of each file in `test/policy/<folder>`, by the name of the file. */
export function loadPolicyCases(folder: string): ReadonlyMap<string, readonly PolicyCase[]> {
  const directory = join(FOLDER, folder);
  return new Map(
    readdirSync(directory)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => [file.replace('.yaml', ''), readCases(join(directory, file))]),
  );
}

function readCases(path: string): readonly PolicyCase[] {
  return z
    .array(caseSchema)
    .parse(parse(readFileSync(path, 'utf8')))
    .map((each) => ({ ...each, by: each.by ?? (each.who === 'anonymous' ? 'none' : 'token') }));
}

/** Method and target of a case, with the ids of objects in their places; the body likewise. */
export function filledIn(
  { send, body, text, padding }: PolicyCase,
  ids: Readonly<Record<string, string>>,
): { readonly verb: string; readonly target: string; readonly body: Buffer | undefined } {
  const fill = (given: string): string =>
    given.replace(/\{([a-z-]+)\}/g, (all, name: string) => ids[name] ?? all);
  const [verb = '', target = ''] = send.split(' ');
  const written = text ?? (body === undefined ? undefined : JSON.stringify(body));
  return {
    verb,
    target: fill(target),
    body: written === undefined ? undefined : Buffer.from(fill(written) + ' '.repeat(padding)),
  };
}

/** A rule by what it says, since its number depends on what was there before. */
export function ruleInWords({ fields }: Pick<RuleRecord, 'fields'>): string {
  const { sub, res, act, path = '', cond = 'true', eft = 'allow' } = fields;
  return `${sub} ${res} ${act} ${path}${cond === 'true' ? '' : ` if ${cond}`}${eft === 'deny' ? ' deny' : ''}`;
}
