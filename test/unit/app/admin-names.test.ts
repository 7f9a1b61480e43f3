import { request } from 'node:http';
import { expect } from 'chai';
import { startHeldGate } from '../../support/held-gate.ts';
import type { HeldGate } from '../../support/held-gate.ts';

describe('the admin API behind a name', () => {
  let gate: HeldGate;
  before(async () => {
    gate = await startHeldGate('--admin-name', 'gate-admin.lab.svc:80', '--admin-name', 'gate.internal');
  });
  after(() => gate?.stop());

  const statusFor = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(gate.adminUrl);
      const sent = request(`${gate.adminUrl}/healthz`, { headers: { host: host.replace('PORT', port) } });
      sent.once('error', reject);
      sent.once('response', (response) => resolve(response.resume().statusCode ?? 0));
      sent.end();
    });

  it('answers to exactly the names it was given, and to its own', async () => {
    for (const host of [
      'gate-admin.lab.svc',
      'gate-admin.lab.svc:80',
      'gate.internal:PORT',
      'localhost:PORT',
    ])
      expect(await statusFor(host), host).to.equal(200);
    for (const host of ['gate-admin.lab.svc:PORT', 'gate.internal', 'lab.svc', 'evil.example:PORT'])
      expect(await statusFor(host), host).to.equal(421);
  });
});
