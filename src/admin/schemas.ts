/** Shapes that several endpoints share; those with an `id` become components of the OpenAPI document. */
import { z } from 'zod';

/** An instant as it is sent: RFC 3339 with an offset; parsed to epoch milliseconds. */
export const instantInput = z.iso
  .datetime({ offset: true, error: 'expected an RFC 3339 time, e.g. `2027-01-31T12:00:00Z`' })
  .transform((text) => Date.parse(text))
  .refine((at) => Number.isFinite(at), 'expected an RFC 3339 time, e.g. `2027-01-31T12:00:00Z`');

export const instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });
const limit = z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'items on a page' });
const cursor = { description: '`next` of the page before' };

/** Query of a collection whose cursor is a name. */
export const namePage = z.strictObject({ limit, after: z.string().max(200).optional().meta(cursor) });
/** Query of a collection whose cursor is an id or a number, as high as a number is exact. */
export const idPage = z.strictObject({
  limit,
  after: z.coerce.number().int().min(0).optional().meta(cursor),
});
/** An id in an address. Anything else names nothing there could be. */
export const idParam = z
  .string()
  .regex(/^\d{1,16}$/)
  .transform(Number)
  .pipe(z.int());

export const nameInput = z.string().min(1).max(200);
export const roleInput = nameInput.meta({ description: '`viewer` and `role:viewer` are the same' });
const note = z.string().max(500);
export const textInput = note;
/** What a WebSocket's close frame has room for. */
export const messageInput = z
  .string()
  .trim()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= 123, 'expected at most 123 bytes');

/** Policy fields by name, e.g. `sub`, `res`, `act`. */
export const ruleFields = z.record(z.string().min(1).max(64), z.string().max(2000)).meta({
  description: 'one Casbin `p` line by field name; what is left out has the default of docs/policy.md',
});

export const heldRole = z
  .object({
    id: z.int(),
    subject: z.string(),
    role: z.string(),
    server: z.string(),
    starts_at: instant.nullable(),
    expires_at: instant.nullable(),
    created_at: instant,
    created_by: z.string(),
  })
  .meta({ id: 'Grant' });

export const user = z
  .object({
    name: z.string(),
    display_name: z.string(),
    active: z.boolean(),
    has_password: z.boolean(),
    created_at: instant,
  })
  .meta({ id: 'User' });

export const userWithRoles = user.extend({ roles: z.array(heldRole) }).meta({ id: 'UserWithRoles' });

export const token = z
  .object({
    id: z.string(),
    user: z.string(),
    note: z.string(),
    audience: z.enum(['proxy', 'admin']),
    roles: z
      .array(z.string())
      .nullable()
      .meta({ description: 'only these of the roles of its owner; `null`: all' }),
    created_at: instant,
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
  })
  .meta({ id: 'Token' });

export const issuedToken = token
  .extend({ token: z.string().meta({ description: 'the secret, shown this once' }) })
  .meta({ id: 'IssuedToken' });

export const rule = z
  .object({
    id: z.int(),
    fields: z.record(z.string(), z.string()),
    preset: z.string().nullable(),
    created_at: instant,
    created_by: z.string(),
  })
  .meta({ id: 'Rule' });

export const role = z
  .object({ name: z.string(), description: z.string(), preset: z.string().nullable(), created_at: instant })
  .meta({ id: 'Role' });

export const roleWithRules = role.extend({ rules: z.array(rule) }).meta({ id: 'RoleWithRules' });

const presetHead = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  applied: z.boolean().meta({ description: 'whether all of its roles are there' }),
});
export const preset = presetHead.meta({ id: 'Preset' });
export const presetWithRules = presetHead
  .extend({
    roles: z.array(
      z.object({
        name: z.string(),
        description: z.string(),
        rules: z.array(z.record(z.string(), z.string())),
      }),
    ),
  })
  .meta({ id: 'PresetWithRules' });

const modelHead = z.object({
  version: z.int(),
  hash: z.string().meta({ description: 'SHA-256 of the text, hex' }),
  source: z.string().meta({ description: '`file`, `api`, `restore` or `default`' }),
  created_at: instant,
  created_by: z.string(),
});
export const modelVersion = modelHead.meta({ id: 'ModelVersion' });
export const model = modelHead.extend({ text: z.string() }).meta({ id: 'Model' });

export const verdict = z
  .object({
    allowed: z.boolean(),
    code: z.string(),
    rules: z.array(z.int()),
    grants: z.array(z.int()),
    revision: z.int(),
    valid_until: instant.nullable(),
    error: z.string().optional(),
  })
  .meta({ id: 'Verdict' });

export const consideredRule = z
  .object({
    id: z.int(),
    fields: z.record(z.string(), z.string()),
    matched: z.boolean(),
    why: z.string().meta({ description: 'the first part that does not match' }),
  })
  .meta({ id: 'ConsideredRule' });

export const question = z
  .object({
    sub: z.string(),
    srv: z.string(),
    res: z.string(),
    act: z.string(),
    path: z.string(),
    own: z.string(),
    msg: z.string(),
    cell: z.string(),
    ip: z.string(),
    time: z.string(),
  })
  .meta({ id: 'Question' });

export const decision = z
  .object({
    id: z.string(),
    at: instant,
    subject: z.string(),
    credential: z.string(),
    address: z.string(),
    method: z.string(),
    route: z.string(),
    res: z.string(),
    act: z.string(),
    path: z.string(),
    own: z.string(),
    also: z.array(z.string()),
    code: z.string(),
    rules: z.array(z.int()),
    revision: z.int(),
    status: z.int(),
    bytes: z.int(),
    duration_ms: z.number(),
  })
  .meta({ id: 'Decision' });

export const liveConnection = z
  .object({
    id: z.string(),
    kind: z.enum(['socket', 'request']),
    since: instant,
    route: z.string(),
    address: z.string(),
    subject: z.string(),
    display_name: z.string(),
    credential: z.enum(['session', 'token', 'none']),
    credential_id: z.string().nullable(),
    res: z.array(z.string()).meta({ description: 'resource of each question that was asked' }),
    act: z.string(),
    path: z.string(),
    own: z.string(),
    rules: z.array(z.int()).meta({ description: 'rules that allow it' }),
    revision: z.int().meta({ description: 'of the latest answer' }),
    valid_until: instant.nullable().meta({ description: 'when it is asked again at the latest' }),
  })
  .meta({ id: 'Connection' });

export const lockout = z
  .object({
    id: z.string(),
    user: z.string().meta({
      description: 'whose password was guessed; empty for a whole address, and for a name that nobody has',
    }),
    address: z.string().meta({ description: 'where the guesses came from; of IPv6 the /64' }),
    since: instant,
    until: instant,
  })
  .meta({ id: 'Lockout' });

export const invitation = z
  .object({
    id: z.string(),
    role: z.string(),
    path: z.string().nullable().meta({ description: 'path pattern the role is narrowed to' }),
    server: z.string(),
    granted_role: z.string().meta({ description: 'the role of this invitation alone that people are given' }),
    uses: z.int().nullable().meta({ description: 'how many may accept; `null`: everybody with the link' }),
    used: z.int(),
    users: z.array(z.string()).meta({ description: 'who accepted' }),
    created_at: instant,
    created_by: z.string(),
    expires_at: instant,
    revoked_at: instant.nullable(),
  })
  .meta({ id: 'Invitation' });

export const createdInvitation = invitation
  .extend({ url: z.string().meta({ description: 'the link, shown this once' }) })
  .meta({ id: 'CreatedInvitation' });

export const accessRequestStatus = z.enum(['open', 'approved', 'declined', 'withdrawn', 'expired']);
export const accessRequest = z
  .object({
    id: z.int(),
    status: accessRequestStatus,
    subject: z.string(),
    act: z.string(),
    res: z.string(),
    path: z.string(),
    server: z.string(),
    address: z.string().nullable().meta({ description: 'page the person goes on to' }),
    role: z
      .string()
      .nullable()
      .meta({ description: 'given, or before that the smallest that would allow it; `null`: none would' }),
    reason: z.string(),
    created_at: instant,
    decided_at: instant.nullable(),
    decided_by: z.string().nullable(),
    note: z.string().nullable(),
    granted_role: z
      .string()
      .nullable()
      .meta({ description: 'the role of this request alone that was given' }),
    expires_at: instant.nullable().meta({ description: 'when what was given ends' }),
  })
  .meta({ id: 'AccessRequest' });

/** A page of `item`. */
export function pageOf<Item extends z.ZodType>(item: Item, next: z.ZodType = z.union([z.string(), z.int()])) {
  return z.object({
    items: z.array(item),
    next: next.nullable().meta({ description: 'send as `after`; `null` on the last page' }),
  });
}
