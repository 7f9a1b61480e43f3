/** The shapes of the audit in answers. */
import { z } from 'zod';
import { instant } from './schemas.ts';

export const auditEntry = z
  .object({
    seq: z.int(),
    at: instant,
    actor: z.string(),
    address: z.string(),
    via: z.string().meta({ description: '`api`, `cli`, `proxy`, `clock` or `gate`' }),
    what: z.string(),
    target: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    revision: z.int(),
    previous: z.string().meta({ description: '`hash` of the entry before' }),
    hash: z
      .string()
      .meta({ description: 'SHA-256 of the entry without this field, in the form of RFC 8785' }),
  })
  .meta({ id: 'AuditEntry' });

export const verification = z
  .object({
    valid: z.boolean(),
    entries: z.int(),
    first: z.int(),
    last: z.int(),
    covered: z.int().meta({ description: 'last entry that a signed checkpoint covers' }),
    checkpoints: z.int(),
    findings: z.array(z.object({ seq: z.int(), kind: z.string(), detail: z.string() })),
    problems: z.int().meta({ description: 'how many findings there are; the first hundred are listed' }),
  })
  .meta({ id: 'AuditVerification' });
