import { expect } from 'chai';
import { publicOrigins } from '../../../src/authenticate/public-origins.ts';
import { AppError } from '../../../src/core/errors.ts';

describe('publicOrigins', () => {
  it('are the loopback names when none is configured', () => {
    expect(publicOrigins({ publicUrls: [] }, 8000)).to.deep.equal([
      'http://127.0.0.1:8000',
      'http://localhost:8000',
      'http://[::1]:8000',
    ]);
  });

  it('are https when the gate speaks TLS itself', () => {
    expect(publicOrigins({ publicUrls: [], tlsCert: 'cert.pem' }, 443)).to.include('https://localhost');
  });

  it('are written as browsers write them', () => {
    expect(publicOrigins({ publicUrls: ['https://Lab.Example:443/jupyter/'] }, 8000)).to.deep.equal([
      'https://lab.example',
    ]);
  });

  for (const url of ['lab.example', 'ftp://lab.example', 'javascript:alert(1)']) {
    it(`refuse \`${url}\``, () => {
      expect(() => publicOrigins({ publicUrls: [url] }, 8000))
        .to.throw(AppError)
        .with.property('code', 'CONFIG_INVALID');
    });
  }
});
