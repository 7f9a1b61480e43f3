/** One connection that hears notifications and reads the counters. A connection of its own: a pool would lose the LISTEN. */
import { Socket } from 'node:net';
import { Client } from 'pg';
import type { Counters } from '../backend.ts';

export const CHANNEL = 'jupyter_gate';

interface Options {
  readonly url: string;
  /** Milliseconds after which connecting or an unanswered query counts as a lost connection. */
  readonly timeoutMs: number;
  /** Something was committed elsewhere, or the connection ended: time to look. */
  readonly onWake: () => void;
}

export interface Listener {
  /** Throws when the connection is lost or silent. */
  counters(): Promise<Counters>;
  close(): void;
}

export async function openListener({ url, timeoutMs, onWake }: Options): Promise<Listener> {
  // our own socket, because a silent peer answers neither a query nor a polite goodbye
  const socket = new Socket();
  const client = new Client({
    connectionString: url,
    application_name: 'jupyter-gate watch',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
    stream: () => socket,
  });
  const close = (): void => {
    // `end` fails on a broken connection, which is one of the reasons to be here
    client.end().catch(() => undefined);
    setTimeout(() => socket.destroy(), 1000).unref();
  };
  client.on('error', onWake);
  client.on('end', onWake);
  client.on('notification', onWake);
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
  } catch (error) {
    close();
    throw error;
  }
  return { close, counters: () => readCounters(client) };
}

async function readCounters(client: Client): Promise<Counters> {
  const { rows } = await client.query<{ name: string; value: string }>(
    'SELECT name, value FROM gate_counters',
  );
  const values = new Map(rows.map(({ name, value }) => [name, Number(value)]));
  return {
    revision: values.get('revision') ?? 0,
    credentials: values.get('credentials') ?? 0,
    objects: values.get('objects') ?? 0,
  };
}
