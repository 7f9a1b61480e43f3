/** People who assign and take away roles without a pause, and remember what they were told. */
import { expect } from 'chai';

export interface Writers {
  /** Makes the users, on a fresh gate. */
  prepare(api: string, token: string): Promise<void>;
  /** Writes until the gate is gone. */
  start(api: string, token: string): Promise<void>;
  /** Holds what the gate has now against what was acknowledged. */
  check(api: string, token: string): Promise<void>;
  acknowledgedRevisions(): ReadonlySet<number>;
  counts(): { readonly acknowledged: number; readonly doneUnanswered: number; readonly undone: number };
}

const ROLES = ['role:viewer', 'role:editor', 'role:temporary', 'role:watcher', 'role:runner'];

interface Person {
  readonly name: string;
  /** As acknowledged. */
  roles: ReadonlySet<string>;
  /** What it would become by a change that was not answered. */
  unanswered: ReadonlySet<string> | undefined;
}

interface Change {
  readonly method: 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly after: ReadonlySet<string>;
}

export function createWriters(count: number): Writers {
  const people: Person[] = Array.from({ length: count }, (_, index) => ({
    name: `writer${index}`,
    roles: new Set(),
    unanswered: undefined,
  }));
  const revisions = new Set<number>();
  const totals = { acknowledged: 0, doneUnanswered: 0, undone: 0 };
  let roles: readonly string[] = [];

  async function write(send: Send, person: Person): Promise<void> {
    for (;;) {
      const change = randomChange(person, roles);
      person.unanswered = change.after;
      let response: Response;
      try {
        response = await send(change.method, change.path, change.body);
      } catch {
        return;
      }
      expect(response.status, `${change.method} ${change.path}`).to.be.oneOf([200, 201, 204]);
      person.roles = change.after;
      person.unanswered = undefined;
      totals.acknowledged += 1;
      revisions.add(Number(response.headers.get('gate-revision')));
      // The status is the promise; the body may be cut off with the gate.
      await response.arrayBuffer().catch(() => undefined);
    }
  }

  return {
    async prepare(api, token) {
      const send = sender(api, token);
      const known = (await (await send('GET', '/roles?limit=500')).json()) as { items: { name: string }[] };
      roles = ROLES.filter((role) => known.items.some(({ name }) => name === role));
      expect(roles.length).to.be.greaterThan(2);
      for (const { name } of people) expect((await send('POST', '/users', { name })).status).to.equal(201);
    },
    async start(api, token) {
      const send = sender(api, token);
      await Promise.all(people.map((person) => write(send, person)));
    },
    async check(api, token) {
      const send = sender(api, token);
      for (const person of people) {
        const found = await rolesOf(send, person.name);
        const wasDone = person.unanswered !== undefined && isSame(found, person.unanswered);
        if (!wasDone) expect([...found], person.name).to.have.members([...person.roles]);
        if (person.unanswered !== undefined && !isSame(person.roles, person.unanswered))
          totals[wasDone ? 'doneUnanswered' : 'undone'] += 1;
        person.roles = found;
        person.unanswered = undefined;
      }
    },
    acknowledgedRevisions: () => revisions,
    counts: () => ({ ...totals }),
  };
}

type Send = (method: string, path: string, body?: unknown) => Promise<Response>;

function sender(api: string, token: string): Send {
  return (method, path, body) =>
    fetch(`${api}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

async function rolesOf(send: Send, name: string): Promise<ReadonlySet<string>> {
  const page = (await (await send('GET', `/users/${name}/roles`)).json()) as { items: { role: string }[] };
  return new Set(page.items.map(({ role }) => role));
}

/** One role more, one less, or all of them exchanged at once: the change that could be seen half done. */
function randomChange({ name, roles: held }: Person, roles: readonly string[]): Change {
  const role = roles[Math.floor(Math.random() * roles.length)] ?? '';
  const kind = Math.random();
  if (kind < 0.4)
    return { method: 'PUT', path: `/users/${name}/roles/${role}`, after: new Set([...held, role]) };
  const others = [...held].filter((one) => one !== role);
  if (kind < 0.7) return { method: 'DELETE', path: `/users/${name}/roles/${role}`, after: new Set(others) };
  const wished = roles.filter(() => Math.random() < 0.5);
  return {
    method: 'PUT',
    path: `/users/${name}/roles`,
    body: { roles: wished.map((one) => ({ role: one })) },
    after: new Set(wished),
  };
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((role) => b.has(role));
}
