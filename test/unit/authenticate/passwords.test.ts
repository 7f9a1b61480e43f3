import { expect } from 'chai';
import { createPasswords } from '../../../src/authenticate/passwords.ts';
import type { ScryptInput } from '../../../src/authenticate/passwords.ts';
import { asAppError } from '../../../src/core/errors.ts';

describe('createPasswords', () => {
  it('verifies what it hashed, and nothing else', async () => {
    const passwords = createPasswords();
    const stored = await passwords.hash('correct horse');
    expect(stored).to.match(/^\$scrypt\$ln=15,r=8,p=1\$[^$]{22}\$[^$]{43}$/);
    expect(await passwords.verify('correct horse', stored)).to.equal(true);
    expect(await passwords.verify('correct horsf', stored)).to.equal(false);
  });

  it('salts, so that equal passwords look different', async () => {
    const passwords = createPasswords();
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).not.to.equal(two);
  });

  it('takes one password typed in two Unicode forms for one', async () => {
    const passwords = createPasswords();
    expect(await passwords.verify('cafe\u0301-creme', await passwords.hash('caf\u00e9-creme'))).to.equal(
      true,
    );
  });

  it('pays the same price for a user that does not exist', async () => {
    const paid: ScryptInput['cost'][] = [];
    const passwords = createPasswords({
      async derive({ cost, keyLength }) {
        paid.push(cost);
        return Buffer.alloc(keyLength);
      },
    });
    const stored = await passwords.hash('correct horse');
    await passwords.verify('correct horse', stored);
    expect(await passwords.verify('correct horse', null)).to.equal(false);
    expect(await passwords.verify('correct horse', 'not a hash of ours')).to.equal(false);
    expect(paid).to.have.length(4);
    expect(new Set(paid.map((cost) => JSON.stringify(cost)))).to.have.property('size', 1);
  });

  it('does not run a stored hash that would take forever', async () => {
    const salt = 'A'.repeat(22);
    expect(
      await createPasswords().verify('x'.repeat(8), `$scrypt$ln=40,r=8,p=1$${salt}$${'A'.repeat(43)}`),
    ).to.equal(false);
  });

  for (const [name, password] of [
    ['shorter than 8 characters', '1234567'],
    ['longer than 1024 characters', 'x'.repeat(1025)],
  ] as const) {
    it(`refuses a password ${name} with INPUT_INVALID`, async () => {
      const error = asAppError(
        await createPasswords()
          .hash(password)
          .catch((thrown: unknown) => thrown),
      );
      expect(error.code).to.equal('INPUT_INVALID');
      expect(error.problems[0]?.message).to.contain('expected 8 to 1024 characters');
    });
  }

  it('counts characters, not code units', async () => {
    const passwords = createPasswords({ derive: async ({ keyLength }) => Buffer.alloc(keyLength) });
    expect(await passwords.hash('🔑'.repeat(8))).to.be.a('string');
    const refused = await passwords.hash('🔑'.repeat(4)).catch((error: unknown) => error);
    expect(asAppError(refused).code).to.equal('INPUT_INVALID');
  });

  it('works on two at once, lets some wait and refuses more with OVERLOADED', async () => {
    let running = 0;
    let most = 0;
    const passwords = createPasswords({
      queue: 3,
      async derive({ keyLength }) {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return Buffer.alloc(keyLength);
      },
    });
    const all = await Promise.allSettled(Array.from({ length: 7 }, () => passwords.verify('whatever', null)));
    expect(most).to.equal(2);
    expect(all.filter((one) => one.status === 'fulfilled')).to.have.length(5);
    const refused = all.flatMap((one) => (one.status === 'rejected' ? [asAppError(one.reason).code] : []));
    expect(refused).to.deep.equal(['OVERLOADED', 'OVERLOADED']);
    expect(await passwords.verify('whatever', null)).to.equal(false);
  });
});
