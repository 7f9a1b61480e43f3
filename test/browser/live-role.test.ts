/** Roles that change while a page is open: the next thing its person does is decided by the new one. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page, WebSocket } from 'playwright-core';
import { browserStage } from '../support/browser-stage.ts';
import {
  acceptDialog,
  dialogSays,
  focusFirstCell,
  kernelIsIdle,
  openInLab,
  outputShows,
  outputs,
  runCell,
  save,
  writeCell,
} from '../support/lab-page.ts';
import { until } from '../support/until.ts';

describe('a role that changes while a page is open', function () {
  this.timeout(180_000);
  const stage = browserStage();

  async function give(name: string, role: string): Promise<void> {
    expect((await stage.gate.admin('PUT', `/users/${name}/roles/role:${role}`)).status).to.equal(201);
  }

  async function take(name: string, role: string): Promise<void> {
    expect((await stage.gate.admin('DELETE', `/users/${name}/roles/role:${role}`)).status).to.equal(204);
  }

  it('lets a viewer run as soon as the role is given, and stops them as soon as it is taken away', async () => {
    const { page } = await stage.visitAs('eve', 'viewer');
    const sockets = kernelSockets(page);
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await focusFirstCell(page);

    await give('eve', 'temporary');
    await runCell(page);
    await acceptDialog(page, 'Select Kernel');
    await kernelIsIdle(page);
    await focusFirstCell(page);
    await runCell(page);
    await outputShows(page, '42');
    const before = await stage.gate.readNotebook('pub/open.ipynb');
    const open = sockets.filter((socket) => !socket.isClosed());
    expect(open, 'open kernel sockets').to.have.length.of.at.least(1);

    await take('eve', 'temporary');
    await until(() => open.every((socket) => socket.isClosed()), 'every kernel socket is closed');
    await writeCell(page, 'open("ran.txt", "w").write("late"); print("late")');
    const tried = sockets.length;
    await runCell(page);
    // JupyterLab holds the cell back and tries to connect again, in vain.
    await until(() => sockets.length > tried && sockets.every((socket) => socket.isClosed()), 'another try');
    await page.keyboard.press('Control+S');
    await page.locator('.Toastify__toast', { hasText: /is read-only/i }).waitFor({ timeout: 30_000 });
    expect((await outputs(page)).join()).to.not.include('late');
    expect(await exists(join(stage.gate.notebooks, 'pub', 'ran.txt')), 'the cell ran').to.equal(false);
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.equal(before);
  });

  it('leaves the kernel alone that ran while the right was there', async () => {
    const before = await stage.allKernels();
    const { page } = await stage.visitAs('kim', 'viewer', 'temporary');
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await kernelIsIdle(page);
    await writeCell(page, 'kept = 5; print("set", kept)');
    await runCell(page);
    await outputShows(page, 'set 5');
    await take('kim', 'temporary');
    await give('kim', 'temporary');
    // JupyterLab connects again by itself; its indicator only knows more with the next cell.
    await writeCell(page, 'print("still", kept)');
    await runCell(page);
    await outputShows(page, 'still 5');
    expect(await stage.allKernels()).to.have.length(before.length + 1);
  });

  it("refuses an editor's next save as soon as the role is taken away, in words", async () => {
    const { page, refused } = await stage.visitAs('dan', 'viewer', 'editor');
    await openInLab(page, stage.gate.url, 'pub/open.ipynb');
    await writeCell(page, 'print("first")');
    await save(page);
    const before = await stage.gate.readNotebook('pub/open.ipynb');
    expect(before).to.include('first');

    await take('dan', 'editor');
    await writeCell(page, 'print("second")');
    await page.keyboard.press('Control+S');
    await dialogSays(page, 'File Save Error for open.ipynb');
    await dialogSays(page, 'no rule gives you the right to do this: write contents `/pub/open.ipynb`');
    expect(refused).to.deep.equal(['PUT /api/contents/pub/open.ipynb 403']);
    expect(await stage.gate.readNotebook('pub/open.ipynb')).to.equal(before);
  });
});

/** The sockets to kernels that `page` opens from now on. */
function kernelSockets(page: Page): WebSocket[] {
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => {
    if (socket.url().includes('/channels')) sockets.push(socket);
  });
  return sockets;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
