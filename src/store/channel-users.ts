/** Whose each `session_id` on a kernel is: the first that used it, for as long as the kernel is there and it is in use. */
import type { EntityManager } from 'typeorm';
import { In, LessThan } from 'typeorm';
import type { Clock } from '../core/clock.ts';
import type { ChannelUsers } from '../core/objects.ts';
import type { Backend } from './backend.ts';
import { channelSessionEntity } from './entities/instance.ts';
import type { ChannelSessionRow } from './entities/instance.ts';
import type { Session } from './session.ts';

interface Deps {
  readonly reader: Session;
  readonly transaction: Backend['transaction'];
  readonly server: string;
  readonly clock: Clock;
}

const DAY = 86_400_000;
/** How old `used_at` may be before a use writes it anew, ms. */
const REFRESH = DAY;
/** How long one is kept that nobody uses, ms. */
const KEPT = 30 * DAY;
/** How many one person holds on one kernel; a frontend takes two or three for each page that it loads. */
const MOST = 256;

export function createChannelUsers({ reader, transaction, server, clock }: Deps): ChannelUsers {
  return {
    async claim({ kernel, sessionId, subject }) {
      const key = { server, kernel, sessionId };
      const usedAt = clock.now();
      const known = await reader.read((manager) => manager.findOneBy(channelSessionEntity, key));
      if (known !== null && (known.subject !== subject || known.usedAt > usedAt - REFRESH))
        return known.subject;
      return transaction('plain', (session) =>
        session.write(async (manager) => {
          const holder = await take(manager, { ...key, subject, usedAt });
          await tidy(manager, { ...key, subject, usedAt });
          return holder;
        }),
      );
    },
  };
}

/** Of two that come at once the database lets one be the first, on whichever gate they are. */
async function take(manager: EntityManager, row: ChannelSessionRow): Promise<string> {
  const { server, kernel, sessionId, subject, usedAt } = row;
  await manager.createQueryBuilder().insert().into(channelSessionEntity).values(row).orIgnore().execute();
  await manager.update(channelSessionEntity, { server, kernel, sessionId, subject }, { usedAt });
  return (await manager.findOneByOrFail(channelSessionEntity, { server, kernel, sessionId })).subject;
}

/** Nobody loses theirs because somebody else makes up many. */
async function tidy(manager: EntityManager, row: ChannelSessionRow): Promise<void> {
  const { server, kernel, subject, usedAt } = row;
  await manager.delete(channelSessionEntity, { usedAt: LessThan(usedAt - KEPT) });
  const where = { server, kernel, subject };
  const oldest = await manager.find(channelSessionEntity, {
    where,
    order: { usedAt: 'DESC', sessionId: 'ASC' },
    skip: MOST,
    take: MOST,
  });
  if (oldest.length === 0) return;
  await manager.delete(channelSessionEntity, { ...where, sessionId: In(oldest.map((one) => one.sessionId)) });
}
