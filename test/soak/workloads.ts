/** What people do all day, one round at a time: each leaves nothing open when its round is over. */
import { randomUUID } from 'node:crypto';
import type { GateClient } from '../support/gate-client.ts';
import { openSocket } from '../support/jupyter-sockets.ts';
import { connectKernel } from '../support/kernel-client.ts';
import { createBrowser } from '../support/sign-in/browser.ts';

/** One round. Rejects when an answer is not what it must be. */
export type Workload = (round: number) => Promise<void>;

/** A workload for each of `people`, the kinds in turn. */
export async function workloads(gate: GateClient, people: number): Promise<readonly Workload[]> {
  const kinds = [reads, runs, saves, signsIn, comesAndGoes, isRefused];
  const team: Workload[] = [];
  for (let index = 0; index < people; index += 1) {
    const kind = kinds[index % kinds.length];
    if (kind !== undefined) team.push(await kind(gate, `person-${index}`));
  }
  return team;
}

type Kind = (gate: GateClient, name: string) => Promise<Workload>;

async function expectStatus(reply: Response, status: number): Promise<string> {
  const text = await reply.text();
  if (reply.status !== status)
    throw new Error(`expected ${status} from ${new URL(reply.url).pathname}, received ${reply.status}`);
  return text;
}

const reads: Kind = async (gate, name) => {
  const token = await gate.person(name, 'viewer');
  await gate.writeNotebook(`pub/${name}.ipynb`, '1');
  return async () => {
    for (const path of [
      '/api/contents',
      `/api/contents/pub/${name}.ipynb`,
      '/lab',
      '/api/me',
      '/api/sessions',
    ])
      await expectStatus(await gate.as(token, 'GET', path), 200);
  };
};

const runs: Kind = async (gate, name) => {
  const token = await gate.person(name, 'temporary');
  return async (round) => {
    const body = { name: 'python3' };
    const started = await expectStatus(await gate.as(token, 'POST', '/api/kernels', body), 201);
    const { id } = JSON.parse(started) as { id: string };
    try {
      const framing = round % 2 === 0 ? 'v1' : 'legacy';
      const client = await connectKernel({ url: gate.url, token, kernel: id, framing });
      for (let cell = 0; cell < 10; cell += 1) {
        const printed = await client.run(`print(${cell} * 7)`);
        if (printed.trim() !== String(cell * 7)) throw new Error(`a cell printed ${printed}`);
      }
      await client.close();
    } finally {
      await expectStatus(await gate.as(token, 'DELETE', `/api/kernels/${id}`), 204);
    }
  };
};

const saves: Kind = async (gate, name) => {
  const token = await gate.person(name, 'editor');
  const path = `/api/contents/${name}.txt`;
  return async (round) => {
    const content = `${round} `.repeat(10_000);
    const saved = { type: 'file', format: 'text', content };
    const reply = await gate.as(token, 'PUT', path, saved);
    await expectStatus(reply, reply.status === 201 ? 201 : 200);
    await expectStatus(await gate.as(token, 'POST', `${path}/checkpoints`, {}), 201);
    await expectStatus(await gate.as(token, 'GET', `/files/${name}.txt`), 200);
  };
};

const signsIn: Kind = async (gate, name) => {
  await gate.person(name, 'viewer');
  return async () => {
    const link = new URL(await gate.link(name));
    const browser = createBrowser(gate.url);
    await browser.get(link.pathname + link.search);
    const entered = await browser.post(link.pathname + link.search);
    if (entered.status !== 303) throw new Error(`expected 303 from the link, received ${entered.status}`);
    const page = await browser.get('/api/contents');
    if (page.status !== 200) throw new Error(`expected 200 as a browser, received ${page.status}`);
    await browser.get('/gate/logout');
    await browser.post('/gate/logout');
  };
};

/** Roles are given and taken while sockets are open. */
const comesAndGoes: Kind = async (gate, name) => {
  const token = await gate.person(name);
  return async () => {
    await gate.admin('PUT', `/users/${name}/roles/role:temporary`, {});
    const sockets = await Promise.all(
      Array.from({ length: 5 }, () => openSocket(gate.url, '/api/events/subscribe', { token })),
    );
    const closed = sockets.map(({ ws }) => new Promise((resolve) => ws.once('close', resolve)));
    await gate.admin('DELETE', `/users/${name}/roles/role:temporary`);
    await Promise.all(closed);
  };
};

const isRefused: Kind = async (gate, name) => {
  const token = await gate.person(name, 'viewer');
  // One and the same: many different ones would be guessing, and lock the address of everybody here.
  const dead = randomUUID();
  return async () => {
    const body = { type: 'file', format: 'text', content: 'x' };
    await expectStatus(await gate.as(token, 'PUT', `/api/contents/${name}.txt`, body), 403);
    await expectStatus(await gate.as(token, 'POST', '/api/kernels', { name: 'python3' }), 403);
    await expectStatus(await gate.as(dead, 'GET', '/api/contents'), 401);
  };
};
