/** The whole way of a request, over HTTP and sockets, on a real Jupyter Server. */
import { expect } from 'chai';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';

describe('the gate in front of a real Jupyter Server', function () {
  this.timeout(60_000);
  let gate: RunningGate;

  before(async () => {
    gate = await startGate();
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  after(() => gate?.stop());

  it('decides the next request by a role that was just given, and the one after by its removal', async () => {
    const token = await gate.person('ada');
    expect((await gate.as(token, 'GET', '/api/contents/pub/open.ipynb')).status).to.equal(404);
    expect((await gate.admin('PUT', '/users/ada/roles/role:temporary')).status).to.be.oneOf([200, 201, 204]);
    const read = await gate.as(token, 'GET', '/api/contents/pub/open.ipynb');
    expect(read.status).to.equal(200);
    expect(await read.json()).to.include({ path: 'pub/open.ipynb', writable: false });
    await gate.admin('DELETE', '/users/ada/roles/role:temporary');
    expect((await gate.as(token, 'GET', '/api/contents/pub/open.ipynb')).status).to.equal(404);
  });
});
