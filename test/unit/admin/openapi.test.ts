import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { apiPage } from '../../../src/admin/api-page.ts';
import { ENDPOINTS } from '../../../src/admin/endpoints/endpoints.ts';
import { openApiDocument, operationId } from '../../../src/admin/openapi.ts';
import { validated } from '../../../src/admin/validate.ts';
import { ERRORS } from '../../../src/core/error-table/error-table.ts';
import type { LiveConnection } from '../../../src/core/live-socket.ts';
import { GATE_RESOURCES } from '../../../src/core/labels.ts';
import { openAdminListener } from '../../support/admin-client.ts';
import { START } from '../../support/managed-gate.ts';

type Json = Record<string, unknown>;

const REQUEST = {
  subject: 'admin',
  server: 'default',
  res: 'contents',
  act: 'read',
  path: '/a.ipynb',
  address: '',
  role: 'role:viewer',
  reason: 'a test',
  status: 'open',
  createdAt: START,
  decidedAt: null,
  decidedBy: '',
  note: '',
  grantedRole: '',
  expiresAt: null,
} as const;

const CONNECTION: LiveConnection = {
  id: 'c1',
  kind: 'socket',
  since: START,
  route: 'kernels.channels',
  address: '192.0.2.7',
  subject: 'admin',
  displayName: 'Administrator',
  credential: 'session',
  credentialId: 's1',
  res: ['channels'],
  act: 'execute',
  path: '/a.ipynb',
  own: 'admin',
  rules: [1],
  revision: 1,
  validUntil: null,
};

describe('the OpenAPI document', () => {
  const document = openApiDocument(ENDPOINTS);
  const paths = document['paths'] as Record<string, Record<string, Json>>;

  it('has every row once, with an operation id of its own', () => {
    const ids = ENDPOINTS.map(operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const row of ENDPOINTS) {
      const operation = paths[row.path]?.[row.method.toLowerCase()];
      expect(operation, `${row.method} ${row.path}`).to.include({
        operationId: operationId(row),
        summary: row.summary,
      });
      expect(operation?.['responses']).to.have.all.keys(String(row.status), 'default');
    }
    const operations = Object.values(paths).flatMap((path) => Object.keys(path));
    expect(operations).to.have.lengthOf(ENDPOINTS.length);
  });

  it('declares every parameter of a path, and only those', () => {
    for (const row of ENDPOINTS) {
      const operation = paths[row.path]?.[row.method.toLowerCase()];
      const declared = ((operation?.['parameters'] ?? []) as Json[])
        .filter((one) => one['in'] === 'path')
        .map((one) => one['name']);
      expect(declared).to.deep.equal([...row.path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]));
    }
  });

  it('has no reference that leads nowhere and no name of a part left inside it', () => {
    for (const reference of references(document)) {
      const parts = reference.replace(/^#\//, '').split('/');
      const found = parts.reduce<unknown>((node, part) => (node as Json | undefined)?.[part], document);
      expect(found, reference).to.be.an('object');
    }
    const { schemas } = document['components'] as { schemas: Record<string, Json> };
    expect(Object.keys(schemas)).to.include.members([
      'Problem',
      'User',
      'Grant',
      'Rule',
      'Model',
      'Verdict',
      'AuditEntry',
    ]);
    expect(JSON.stringify(document)).not.to.match(/\$defs|"\$schema"/);
    for (const [name, schema] of Object.entries(schemas))
      expect(schema, name).not.to.have.property('id', name);
  });

  it('asks for resources and actions there are', () => {
    for (const row of ENDPOINTS) {
      expect(GATE_RESOURCES).to.include(row.resource);
      if (row.method === 'GET') expect(row.action, row.path).to.equal('read');
      if (row.method === 'PUT' || row.method === 'PATCH' || row.method === 'DELETE')
        expect(row.action, row.path).to.equal('write');
    }
  });

  it('has examples that its own schemas take', () => {
    for (const row of ENDPOINTS) {
      if (row.example !== undefined)
        expect(() => validated(row.body, row.example, ''), row.path).not.to.throw();
    }
  });

  it('is what the listener serves, and what the listener answers fits it', async () => {
    const api = await openAdminListener();
    try {
      const served = await api.send('GET', '/openapi.json');
      expect(served.json).to.deep.equal(JSON.parse(JSON.stringify(document)));
      expect((await api.send('GET', '/openapi.json', { token: null })).status).to.equal(401);
      await api.send('PUT', '/users/admin/roles/viewer', { body: { expires_at: '2026-11-22T12:00:00Z' } });
      const token = await api.send('POST', '/users/admin/tokens', { body: {} });
      await api.gate.management.store.transaction((tx) => tx.accessRequests.insert(REQUEST));
      const invited = await api.send('POST', '/invitations', {
        body: { role: 'viewer', expires_at: '2026-11-22T12:00:00Z' },
      });
      api.open.push(CONNECTION);
      const ids: Record<string, string> = {
        '/users/{name}/tokens/{id}': token.json.id,
        '/invitations/{id}': invited.json.id,
        '/connections/{id}': CONNECTION.id,
      };
      const known: Record<string, string> = { name: 'admin', version: '1', role: 'admin' };
      for (const row of ENDPOINTS.filter((candidate) => candidate.method === 'GET')) {
        const values: Record<string, string> = { ...known, id: ids[row.path] ?? '1' };
        const reply = await api.send(
          'GET',
          row.path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''),
        );
        expect(reply.status, row.path).to.equal(200);
        const answers = row.isLines === true ? linesOf(reply.text) : [reply.json];
        for (const answer of answers)
          expect(row.answer?.safeParse(answer).error?.issues, row.path).to.equal(undefined);
      }
    } finally {
      await api.close();
    }
  });

  it('is described in docs/api.md', async () => {
    const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    expect(page, 'run `npx tsx scripts/write-api-docs.ts`').to.equal(apiPage(ENDPOINTS));
    for (const code of page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g))
      expect(ERRORS).to.have.property(code[1] ?? '');
  });
});

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

function linesOf(text: string): unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
