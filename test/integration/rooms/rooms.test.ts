/** Rooms of shared documents on a real jupyter-collaboration: who writes, who follows, and what nobody may. */
import Database from 'better-sqlite3';
import { expect } from 'chai';
import type { Doc } from 'yjs';
import { enterRoom, joinRoom, roomOf } from '../../support/room-client.ts';
import type { RoomClient, RoomSession } from '../../support/room-client.ts';
import { handshake, openSocket } from '../../support/jupyter-sockets.ts';
import { startSharingGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { until } from '../../support/until.ts';

describe('the room of a shared document', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let edith: string;
  let vito: string;
  const open: RoomClient[] = [];

  before(async () => {
    gate = await startSharingGate();
    edith = await gate.person('edith', 'editor');
    vito = await gate.person('vito', 'viewer');
  });
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  after(() => gate?.stop());

  async function join(token: string, session: RoomSession, doc?: Doc): Promise<RoomClient> {
    const client = await joinRoom(gate, token, { ...session, doc });
    open.push(client);
    return client;
  }

  /** A notebook of its own for each test, and its room. */
  async function notebook(path: string): Promise<RoomSession> {
    await gate.writeNotebook(path, `original of ${path}`);
    return roomOf(gate, edith, path);
  }

  const shows = (client: RoomClient, text: string): Promise<void> =>
    until(() => client.source().includes(text), `a document with ${text}`);
  const saved = (path: string, text: string): Promise<void> =>
    until(async () => (await gate.readNotebook(path)).includes(text), `${path} with ${text}`);
  /** Whatever was said before has been heard by everybody once this is seen. */
  async function settle(writer: RoomClient, reader: RoomClient): Promise<void> {
    const mark = `mark${Math.random()};`;
    writer.type(mark);
    await shows(reader, mark);
  }

  it('is opened by who may only read, without changing anything', async () => {
    const session = await notebook('pub/opened.ipynb');
    const before = await gate.readNotebook('pub/opened.ipynb');
    expect(await roomOf(gate, vito, 'pub/opened.ipynb')).to.deep.equal(session);
    const viewer = await join(vito, session);
    expect(viewer.source()).to.equal('original of pub/opened.ipynb');
    expect(await gate.readNotebook('pub/opened.ipynb')).to.equal(before);
  });

  it('carries what an editor writes to a viewer and into the file, and nothing of what the viewer writes', async () => {
    const path = 'pub/both.ipynb';
    const session = await notebook(path);
    const [editor, viewer] = [await join(edith, session), await join(vito, session)];
    editor.type('by_edith = 1;');
    await shows(viewer, 'by_edith');
    await saved(path, 'by_edith');
    viewer.type('by_vito = 1;');
    viewer.save(7);
    await until(() => viewer.raw.length > 0, 'an answer to the save');
    expect(viewer.raw).to.deep.equal([{ type: 'save', responseTo: 7, status: 'failed' }]);
    await settle(editor, viewer);
    await saved(path, 'mark');
    expect(editor.source()).to.not.include('by_vito');
    expect(await gate.readNotebook(path)).to.not.include('by_vito');
    editor.save(8);
    await until(() => editor.raw.length > 0, 'an answer to the save');
    expect(editor.raw).to.deep.equal([{ type: 'save', responseTo: 8, status: 'success' }]);
    expect(writersOf(`/${path}`), 'of whom there may be something in the file').to.deep.equal(['edith']);
  });

  function writersOf(path: string): readonly unknown[] {
    const database = new Database(`${gate.data}/gate.sqlite`, { readonly: true });
    try {
      const rows = database.prepare('SELECT path, subject FROM gate_writers').all();
      return rows.filter((row) => row['path'] === path).map((row) => row['subject']);
    } finally {
      database.close();
    }
  }

  it('takes no change from who joins with one in hand', async () => {
    const session = await notebook('pub/rejoined.ipynb');
    const before = await join(vito, session);
    before.type('in_hand = 1;');
    before.close();
    // The server asks whoever joins for what it lacks, and this page has some.
    const viewer = await join(vito, session, before.doc);
    const editor = await join(edith, session);
    await settle(editor, viewer);
    expect(viewer.source()).to.include('in_hand');
    expect(editor.source()).to.not.include('in_hand');
  });

  it('obeys a role that was given or taken away at the next message', async () => {
    const path = 'pub/live.ipynb';
    const session = await notebook(path);
    const token = await gate.person('mia', 'viewer');
    const [mia, editor] = [await join(token, session), await join(edith, session)];
    mia.type('too_early = 1;');
    await gate.admin('PUT', '/users/mia/roles/role:editor');
    mia.type('in_time = 1;');
    await shows(editor, 'in_time');
    await gate.admin('DELETE', '/users/mia/roles/role:editor');
    mia.type('too_late = 1;');
    await settle(editor, mia);
    expect(editor.source()).to.not.include('too_late');
    await gate.admin('DELETE', '/users/mia/roles/role:viewer');
    expect(await mia.closed).to.equal(4403);
  });

  it('follows its file when that is renamed', async () => {
    const session = await notebook('pub/here.ipynb');
    const fields = { sub: 'paul', res: 'contents|collaboration', act: 'read|write', path: '/pub/**' };
    const paul = await gate.person('paul');
    expect((await gate.admin('POST', '/rules', { fields })).status).to.equal(201);
    const [member, editor] = [await join(paul, session), await join(edith, session)];
    member.type('in_pub = 1;');
    await shows(editor, 'in_pub');
    await saved('pub/here.ipynb', 'in_pub');
    const renamed = await gate.as(edith, 'PATCH', '/api/contents/pub/here.ipynb', { path: 'gone.ipynb' });
    expect(renamed.status).to.equal(200);
    await until(async () => {
      editor.type('.');
      return member.ws.readyState === member.ws.CLOSED;
    }, 'the socket of a person who may not read the new place to close');
    expect(await member.closed).to.equal(4403);
    expect(await handshake(gate.url, roomPath(session), paul)).to.equal(404);
    expect(await handshake(gate.url, roomPath(session), edith)).to.equal(101);
  });

  it('is not there for who may not read its file, nor when its file is not known', async () => {
    const session = await notebook('private/secret.ipynb');
    const nina = await gate.person('nina');
    const fields = { sub: 'nina', res: 'contents|collaboration', act: 'read|write', path: '/pub/**' };
    await gate.admin('POST', '/rules', { fields });
    const id = session.room.split(':')[2] ?? '';
    for (const token of [nina, await gate.person('nobody')])
      expect(await handshake(gate.url, roomPath(session), token)).to.equal(404);
    for (const room of [
      'json:notebook:00000000-0000-4000-8000-000000000000',
      'made-up',
      `notebook:${id}`,
      id,
    ])
      expect(await handshake(gate.url, roomPath({ ...session, room }), edith), room).to.equal(404);
    expect(await handshake(gate.url, roomPath(session))).to.equal(403);
    for (const path of [`/api/fileid/path?id=${id}`, `/api/collaboration/fork/${session.room}`]) {
      const reply = await gate.as(nina, 'GET', path);
      expect(reply.status, path).to.equal(404);
      expect(await reply.text(), path).to.not.include('secret');
    }
    const opened = await gate.as(nina, 'PUT', '/api/collaboration/session/private%2Fsecret.ipynb', {
      format: 'json',
      type: 'notebook',
    });
    expect(opened.status).to.equal(404);
    expect((await gate.as(vito, 'GET', `/api/fileid/path?id=${id}`)).status).to.equal(200);
  });

  it('has no second copy that who may only read could make', async () => {
    const session = await notebook('pub/copies.ipynb');
    const copy = { ...session, room: session.room.replace('json:notebook', 'text:file') };
    expect(await handshake(gate.url, roomPath(copy), vito)).to.equal(403);
    expect(await handshake(gate.url, roomPath(session), vito)).to.equal(101);
    expect(await handshake(gate.url, roomPath(copy), edith)).to.equal(101);
  });

  it('closes on a frame it cannot read, and drops kinds it does not know', async () => {
    const session = await notebook('pub/frames.ipynb');
    const editor = await join(edith, session);
    const update = Buffer.from([0, 2, 2, 0, 0]);
    const step1 = Buffer.from([0, 0, 1, 0]);
    const broken = [
      'text',
      Buffer.alloc(0),
      Buffer.from([0x80, 0x00, 2, 2, 0, 0]),
      Buffer.concat([step1, update]),
      Buffer.from([0, 2, 9, 0, 0]),
      Buffer.from([0x82, 0x00, 4, ...Buffer.from('save'), 1]),
    ];
    for (const frame of broken) {
      const viewer = await join(vito, session);
      viewer.send(frame);
      expect(await viewer.closed, String(frame)).to.equal(1007);
    }
    const viewer = await join(vito, session);
    viewer.send(Buffer.from([125, 1, 2, 3]));
    await settle(editor, viewer);
    expect(viewer.ws.readyState).to.equal(viewer.ws.OPEN);
  });

  it('shows who is here under the name the gate knows, and nobody speaks for another', async () => {
    const session = await notebook('pub/names.ipynb');
    const [editor, viewer] = [await join(edith, session), await join(vito, session)];
    editor.awareness.setLocalState({ user: { name: 'edith' }, autosave: true });
    viewer.awareness.setLocalState({ user: { username: 'edith', name: 'The Teacher' }, autosave: true });
    await until(() => editor.people().has(viewer.doc.clientID), 'the viewer at the editor');
    await until(() => viewer.people().has(editor.doc.clientID), 'the editor at the viewer');
    expect(editor.people().get(viewer.doc.clientID)).to.deep.include({ autosave: false });
    expect(editor.people().get(viewer.doc.clientID)?.['user']).to.include({ username: 'vito', name: 'vito' });
    viewer.sayFor(editor.doc.clientID, 1000, { user: { name: 'edith' }, autosave: false });
    viewer.sayFor(editor.doc.clientID, 1001, null);
    await settle(editor, viewer);
    const token = await gate.person('olivia', 'viewer');
    const third = await join(token, session);
    editor.awareness.setLocalStateField('cursors', [1]);
    await until(() => third.people().has(editor.doc.clientID), 'the editor at a third');
    expect(third.people().get(editor.doc.clientID)).to.deep.include({ autosave: true, cursors: [1] });
  });

  it('of everybody shows which files are open to those who may read them, and keeps nothing', async () => {
    await notebook('pub/seen.ipynb');
    await notebook('private/unseen.ipynb');
    const fields = { sub: 'nora', res: 'contents|collaboration', act: 'read', path: '/pub/**' };
    const nora = await gate.person('nora');
    await gate.admin('POST', '/rules', { fields });
    await gate.admin('POST', '/rules', { fields: { ...fields, res: 'collaboration', path: '**' } });
    const everybody = { room: 'JupyterLab:globalAwareness', sessionId: 'x' };
    const enter = async (token: string): Promise<RoomClient> => {
      const client = await enterRoom(gate, token, everybody);
      open.push(client);
      return client;
    };
    const [editor, reader] = [await enter(edith), await enter(nora)];
    editor.doc.getMap('anything').set('kept', true);
    editor.awareness.setLocalState({
      user: { name: 'somebody else' },
      documents: ['pub/seen.ipynb', 'private/unseen.ipynb'],
      current: 'notebook:private/unseen.ipynb',
      more: 'private/unseen.ipynb',
    });
    const id = editor.doc.clientID;
    await until(() => reader.people().has(id), 'the editor at the reader');
    const { user, ...rest } = reader.people().get(id) ?? {};
    expect(rest).to.deep.equal({ documents: ['pub/seen.ipynb'], current: null });
    expect(user).to.include({ username: 'edith' });
    const third = await enter(edith);
    editor.awareness.setLocalStateField('current', 'notebook:pub/seen.ipynb');
    await until(
      () => third.people().get(id)?.['current'] === 'notebook:pub/seen.ipynb',
      'the editor at a third',
    );
    expect(third.doc.getMap('anything').size).to.equal(0);
    const stranger = await gate.person('stranger');
    expect(await handshake(gate.url, roomPath(everybody), stranger)).to.equal(403);
  });

  it('is forked, undone and merged by who may write its file', async () => {
    const path = 'pub/forked.ipynb';
    const session = await notebook(path);
    const [editor, viewer] = [await join(edith, session), await join(vito, session)];
    const body = { title: 'try', description: '', synchronize: false };
    const refused = await gate.as(vito, 'PUT', `/api/collaboration/fork/${session.room}`, body);
    expect(refused.status).to.equal(403);
    const made = await gate.as(edith, 'PUT', `/api/collaboration/fork/${session.room}`, body);
    expect(made.status).to.equal(201);
    const { fork_roomid: fork } = (await made.json()) as { fork_roomid: string };
    expect(
      Object.keys(
        (await (await gate.as(vito, 'GET', `/api/collaboration/fork/${session.room}`)).json()) as object,
      ),
    ).to.deep.equal([fork]);
    const [inFork, atFork] = [
      await join(edith, { ...session, room: fork }),
      await join(vito, { ...session, room: fork }),
    ];
    inFork.type('in_the_fork = 1;');
    await shows(atFork, 'in_the_fork');
    atFork.type('not_even_here = 1;');
    await settle(inFork, atFork);
    expect(inFork.source()).to.not.include('not_even_here');
    expect(editor.source()).to.not.include('in_the_fork');
    expect((await gate.as(vito, 'DELETE', `/api/collaboration/fork/${fork}?merge=true`)).status).to.equal(
      403,
    );
    expect((await gate.as(edith, 'DELETE', `/api/collaboration/fork/${fork}?merge=true`)).status).to.equal(
      200,
    );
    await shows(viewer, 'in_the_fork');

    editor.type('x = 1;');
    await saved(path, 'x = 1');
    const timeline = await gate.as(
      vito,
      'GET',
      `/api/collaboration/timeline/${path}?format=json&&type=notebook`,
    );
    expect(timeline.status).to.equal(200);
    const { forkRoom } = (await timeline.json()) as { forkRoom: string };
    const undo = `/api/collaboration/undo_redo/${encodeURIComponent(session.room)}?action=undo&&steps=1&&forkRoom=${forkRoom}`;
    expect((await gate.as(vito, 'PUT', undo)).status).to.equal(403);
    expect((await gate.as(edith, 'PUT', undo)).status).to.equal(200);
    // The room in the address decides nothing: upstream takes the document from the fork.
    const made2 = undo.replace(forkRoom, 'unknown');
    expect((await gate.as(edith, 'PUT', made2)).status).to.equal(404);
  });

  it('is the work of all who ever wrote it when somebody else merges a fork', async () => {
    const path = 'pub/merged.ipynb';
    const session = await notebook(path);
    const otis = await gate.person('otis', 'editor');
    await join(otis, session);
    const made = await gate.as(otis, 'PUT', `/api/collaboration/fork/${session.room}`, {});
    const { fork_roomid: fork } = (await made.json()) as { fork_roomid: string };
    const inFork = await join(edith, { ...session, room: fork });
    inFork.type('by_edith_aside = 1;');
    await settle(inFork, await join(otis, { ...session, room: fork }));
    const model = await (await gate.as(otis, 'GET', `/api/contents/${path}?type=notebook`)).json();
    expect((await gate.as(otis, 'PUT', `/api/contents/${path}`, model)).status).to.equal(200);
    expect(writersOf(`/${path}`), 'after a save of the whole').to.deep.equal(['otis']);
    const merged = await gate.as(otis, 'DELETE', `/api/collaboration/fork/${fork}?merge=true`);
    expect(merged.status).to.equal(200);
    expect(writersOf(`/${path}`)).to.include('edith');
  });

  it('is spoken of in the event stream to those who may read its file', async () => {
    const otto = await gate.person('otto');
    const fields = { sub: 'otto', res: 'contents|collaboration', act: 'read', path: '/pub/**' };
    await gate.admin('POST', '/rules', { fields });
    await gate.admin('POST', '/rules', { fields: { ...fields, res: 'events', path: '**' } });
    const heard: string[] = [];
    const onMessage = (data: Buffer): void => void heard.push(data.toString('utf8'));
    const socket = await openSocket(gate.url, '/api/events/subscribe', { token: otto, onMessage });
    await join(edith, await notebook('private/quiet.ipynb'));
    await join(edith, await notebook('pub/loud.ipynb'));
    const told = (schema: string, action: string): Promise<void> =>
      until(
        () =>
          heard.some((text) => text.includes(`collaboration/${schema}/v1`) && text.includes(`"${action}"`)),
        `an event of ${schema}`,
      );
    await told('session', 'initialize');
    await told('awareness', 'join');
    expect(heard.join()).to.include('pub/loud.ipynb').and.to.not.include('quiet');
    await socket.close();
  });

  it('has what was refused written down', async () => {
    const session = await notebook('pub/told.ipynb');
    const viewer = await join(vito, session);
    viewer.type('first;');
    viewer.type('second;');
    viewer.save(1);
    await until(async () => {
      const { body } = await gate.admin('GET', '/decisions?subject=vito&limit=100');
      const also = (body.items as { path: string; act: string; code: string; also: string[] }[])
        .filter(
          ({ path, act, code }) =>
            path === '/pub/told.ipynb' && act === 'write' && code === 'DENIED_BY_POLICY',
        )
        .flatMap((entry) => entry.also);
      return also.includes('message update') && also.includes('message save');
    }, 'entries of the refused messages');
  });

  const roomPath = ({ room, sessionId }: RoomSession): string =>
    `/api/collaboration/room/${room}?sessionId=${sessionId}`;
});
