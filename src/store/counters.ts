/** The counters by which processes notice each other's changes. */
import type { EntityManager } from 'typeorm';
import type { Counters } from './backend.ts';
import { counterEntity } from './entities/instance.ts';
import type { CounterName, Session } from './session.ts';

/** All counters as one statement sees them. */
export async function readCounters(manager: EntityManager): Promise<Counters> {
  const rows = await manager.find(counterEntity);
  const value = (name: CounterName): number => rows.find((row) => row.name === name)?.value ?? 0;
  return { revision: value('revision'), credentials: value('credentials'), objects: value('objects') };
}

/**
 * Raises a counter by one and returns it. The row stays locked until the transaction ends, so no number is given twice.
 * By hand, as the head of the audit is moved: TypeORM's builders took a quarter of a change of the policy.
 */
export async function bumpCounter(session: Session, name: CounterName): Promise<number> {
  const value = await session.write(async (manager) => {
    await manager.sql`UPDATE gate_counters SET value = value + 1 WHERE name = ${name}`;
    const [row] = await manager.sql<
      { readonly value: number | string }[]
    >`SELECT value FROM gate_counters WHERE name = ${name}`;
    if (row === undefined) throw new TypeError(`expected a counter, received \`${name}\``);
    return Number(row.value);
  });
  session.bumped({ name, value });
  return value;
}
