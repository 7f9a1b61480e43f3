import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { checkPorts } from '../../../src/app/check-ports.ts';
import { AppError } from '../../../src/core/errors.ts';

describe('the ports of a gate that starts', () => {
  const host = '127.0.0.1';

  it('are refused while somebody else listens there, and are left free', async () => {
    const other = createServer().listen(0, host);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refusal = await checkPorts([
      { host, port: 0 },
      { host, port },
    ]).catch((error: unknown) => error);
    expect(refusal)
      .to.be.instanceOf(AppError)
      .and.include({
        code: 'PORT_IN_USE',
        detail: `\`${host}:${port}\``,
      });
    other.close();
    await once(other, 'close');
    await checkPorts([{ host, port }]);
    await checkPorts([{ host, port }]);
  });

  it('are left to the listener when the address is no address of this machine', async () => {
    await checkPorts([{ host: '192.0.2.1', port: 8000 }]);
  });
});
