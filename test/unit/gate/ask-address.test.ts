import { expect } from 'chai';
import type { Identity } from '../../../src/core/identity.ts';
import type { Question } from '../../../src/core/question.ts';
import { askAddress } from '../../../src/gate/ask-address.ts';

const client = { address: '192.0.2.7', origin: 'https://lab.example', host: 'lab.example', secure: true };
const ada = { subject: 'ada', roles: null, credential: 'session' } as unknown as Identity;
const RUN = { act: 'execute', res: 'channels', path: '/pub/a.ipynb', own: 'ada' } as unknown as Question;

describe('the place to ask for what was refused', () => {
  const address = (question: Partial<Question>, identity: Partial<Identity> = {}): string | undefined =>
    askAddress({ ...RUN, ...question }, { identity: { ...ada, ...identity }, client }, '/jupyter/');

  it('is a whole address, with the prefix of the gate', () => {
    expect(address({})).to.equal(
      'https://lab.example/jupyter/gate/ask?act=execute&res=channels&path=/pub/a.ipynb',
    );
    expect(address({ path: '' })).to.equal('https://lab.example/jupyter/gate/ask?act=execute&res=channels');
  });

  it('holds nothing at which a frontend could take it to end', () => {
    const path = '/pub/it\'s "a" (copy) <1>.ipynb' as Question['path'];
    expect(address({ path })).to.match(/&path=\/pub\/it%27s%20%22a%22%20%28copy%29%20%3C1%3E\.ipynb$/);
  });

  it('is told nobody whom a role would not help', () => {
    expect(address({ own: 'bob' }), 'on a kernel of somebody else').to.equal(undefined);
    expect(address({}, { roles: ['role:viewer'] }), 'with a narrowed token').to.equal(undefined);
    expect(address({ own: '' }, { credential: 'none' }), 'as a guest').to.equal(undefined);
  });
});
