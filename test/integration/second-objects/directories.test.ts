/** Operations on a directory are done to everything below it, so everything below it must be allowed. */
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

describe('an operation on a directory', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let ada: string;
  let editor: string;

  before(async () => {
    gate = await startGate();
    editor = await gate.person('ed', 'editor');
    ada = await gate.person('ada');
    // Writes everywhere in /course but in /course/*/kept, reads all but /course/*/secret.
    await rule({ act: 'read|write', path: '/course/**' });
    await rule({ act: 'write', path: '/course/*/kept/**', eft: 'deny' });
    await rule({ act: 'read', path: '/course/*/secret/**', eft: 'deny' });
    await rule({ act: 'read', path: '/lent/**' });
  });
  after(() => gate?.stop());

  const rule = async (fields: Record<string, string>): Promise<void> => {
    const made = await gate.admin('POST', '/rules', {
      fields: { sub: 'ada', res: 'contents', srv: '*', ...fields },
    });
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
  };
  const put = async (...files: string[]): Promise<void> => {
    for (const file of files) {
      await mkdir(join(gate.notebooks, file, '..'), { recursive: true });
      await writeFile(join(gate.notebooks, file), `canary of ${file}`);
    }
  };
  const is = (path: string): boolean => existsSync(join(gate.notebooks, path));
  const refusal = async (answer: Response) => ({
    status: answer.status,
    ...((await answer.json()) as object),
  });

  it('is refused as a whole when one entry below may not be deleted', async () => {
    await put('course/del/a.txt', 'course/del/deep/er/b.txt', 'course/del/kept/k.txt');
    const refused = await refusal(await gate.as(ada, 'DELETE', '/api/contents/course/del'));
    expect(refused).to.include({ status: 403, code: 'DENIED_BY_RULE' });
    expect(refused).to.have.property('message').that.includes('write contents `/course/del/kept`');
    expect([is('course/del/a.txt'), is('course/del/kept/k.txt')]).to.deep.equal([true, true]);
    expect((await gate.as(ada, 'DELETE', '/api/contents/course/del/deep')).status).to.equal(204);
    expect(is('course/del/deep')).to.equal(false);
  });

  it('does not move what the asker may not read to where they may', async () => {
    await put('course/mov/secret/s.txt', 'course/mov/a.txt');
    const refused = await refusal(
      await gate.as(ada, 'PATCH', '/api/contents/course/mov', { path: 'course/moved' }),
    );
    expect(refused).to.include({ status: 403 });
    // The name of what may not be seen stays out of the refusal.
    expect(JSON.stringify(refused)).to.not.include('secret');
    expect(is('course/mov/secret/s.txt')).to.equal(true);
    expect(is('course/moved')).to.equal(false);
  });

  it('is asked for at the destination of a move, for each entry', async () => {
    await put('course/in/x/kept/a.txt', 'course/in/x/b.txt');
    const refused = await gate.as(ada, 'PATCH', '/api/contents/course/in/x', { path: 'course/x' });
    expect(refused.status).to.equal(403);
    expect(is('course/in/x/b.txt')).to.equal(true);
    const allowed = await gate.as(ada, 'PATCH', '/api/contents/course/in/x/b.txt', { path: 'course/b.txt' });
    expect(allowed.status).to.equal(200);
    expect(is('course/b.txt')).to.equal(true);
  });

  it('copies a directory only when all of it may be read', async () => {
    await put('course/cop/secret/s.txt', 'course/cop/a.txt', 'lent/dir/sub/c.txt');
    const copy = (from: string) => gate.as(ada, 'POST', '/api/contents/course', { copy_from: from });
    expect((await copy('course/cop')).status).to.equal(403);
    expect(is('course/cop-Copy1')).to.equal(false);
    const copied = await copy('lent/dir');
    expect(copied.status, await copied.text()).to.equal(201);
    expect(is('course/dir/sub/c.txt')).to.equal(true);
    expect((await gate.as(ada, 'DELETE', '/api/contents/lent/dir')).status).to.equal(403);
  });

  it('finds directories whose name is an address of its own', async () => {
    await put('course/odd/trust/t.txt', 'course/odd/checkpoints/kept/k.txt', 'course/odd/a b%2f#?.txt');
    expect((await gate.as(editor, 'DELETE', '/api/contents/course/odd/%74rust')).status).to.equal(204);
    await put('course/odd/trust/kept/k.txt');
    await rule({ act: 'write', path: '/course/odd/*/kept/**', eft: 'deny' });
    const moved = await gate.as(ada, 'PATCH', '/api/contents/course/odd', { path: 'course/even' });
    expect(moved.status).to.equal(403);
    expect(is('course/odd/checkpoints/kept/k.txt')).to.equal(true);
  });

  it('answers 404 for what is not there, and for what Jupyter hides', async () => {
    await put('course/.hidden/h.txt');
    for (const path of ['course/none', 'course/.hidden']) {
      expect((await gate.as(ada, 'DELETE', `/api/contents/${path}`)).status, path).to.equal(404);
    }
    expect(is('course/.hidden/h.txt')).to.equal(true);
  });

  it('comes to an end when a link below leads in a circle', async () => {
    await put('course/loop/a.txt', 'course/loop/kept/k.txt');
    await symlink('../loop', join(gate.notebooks, 'course/loop/again'));
    expect((await gate.as(ada, 'DELETE', '/api/contents/course/loop')).status).to.equal(403);
    expect(is('course/loop/a.txt')).to.equal(true);
    expect((await gate.as(editor, 'DELETE', '/api/contents/course/loop')).status).to.equal(204);
    expect(is('course/loop')).to.equal(false);
  });

  it('is refused with a code of its own above 10,000 entries', async () => {
    const many = join(gate.notebooks, 'course/many');
    await mkdir(many, { recursive: true });
    for (let at = 0; at < 10_000; at += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, i) => writeFile(join(many, `f${at + i}`), '')));
    }
    const refused = await refusal(await gate.as(editor, 'DELETE', '/api/contents/course/many'));
    expect(refused).to.include({ status: 422, code: 'SUBTREE_TOO_LARGE' });
    expect(await readdir(many)).to.have.length(10_000);
  });
});
