import { expect } from 'chai';
import type { CanonicalPath } from '../../../src/core/canonical-path.ts';
import type { Documents } from '../../../src/core/documents.ts';
import { filterEvent } from '../../../src/present/events.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { openStage, person } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

const SERVER = 'https://events.jupyter.org/jupyter_server/';
const COLLABORATION = 'https://schema.jupyter.org/jupyter_collaboration/';
const ROOMS: Readonly<Record<string, string>> = {
  'json:notebook:open': '/pub/a.ipynb',
  'json:notebook:secret': '/priv/a.ipynb',
};

describe('present events', () => {
  let stage: Stage;
  let anna: Asker;
  let bert: Asker;
  const documents: Documents = {
    pathOf: ({ id }) => Promise.resolve(ROOMS[id] as CanonicalPath | undefined),
    learnFork: () => undefined,
  };
  beforeEach(async () => {
    stage = await openStage();
    const rules = ['contents read /pub/**', 'collaboration read /pub/**', 'collaboration read /priv/**'];
    anna = person({ subject: 'anna', rules }, stage.store.objects);
    bert = person({ subject: 'bert', rules: ['contents read /pub/**'] }, stage.store.objects);
  });
  afterEach(() => stage.close());

  const event = (schema: string, fields: object): string => JSON.stringify({ schema_id: schema, ...fields });
  const contents = (fields: object): string =>
    event(`${SERVER}contents_service/v1`, { action: 'save', ...fields });
  const kernels = (id: string): string =>
    event(`${SERVER}kernel_actions/v1`, { action: 'start', kernel_id: id });
  const shown = (text: string, asker: Asker = anna) => filterEvent(text, asker, documents);
  const passes = async (text: string, asker: Asker = anna): Promise<boolean> =>
    (await shown(text, asker)) === text;
  const drops = async (text: string, asker: Asker = anna): Promise<boolean> =>
    (await shown(text, asker)) === undefined;

  it('pass when all their paths may be read', async () => {
    expect(await passes(contents({ path: 'pub/a.txt' }))).to.equal(true);
    expect(await passes(contents({ path: 'pub/a.txt', source_path: 'pub/b.txt' }))).to.equal(true);
    expect(await drops(contents({ path: 'priv/a.txt' }))).to.equal(true);
    expect(await drops(contents({ path: 'pub/a.txt', source_path: 'priv/a.txt' }))).to.equal(true);
    expect(await drops(contents({ path: 'priv/a.txt', source_path: 'pub/a.txt' }))).to.equal(true);
    expect(await drops(contents({ path: 'pub/a.txt', source_path: null }))).to.equal(true);
    expect(await drops(contents({ path: 'pub/../priv/a.txt' }))).to.equal(true);
    expect(await drops(contents({ path: ['pub/a.txt'] }))).to.equal(true);
    expect(await drops(contents({}))).to.equal(true);
  });

  it('about kernels pass to those who may read the kernel', async () => {
    await stage.store.objects.record({ kind: 'kernel', id: 'k1', owner: 'anna', path: '', kernelId: null });
    expect(await passes(kernels('k1'))).to.equal(true);
    expect(await drops(kernels('k1'), bert)).to.equal(true);
  });

  it('about rooms pass to those who may follow the document behind them', async () => {
    const about = (room: string): string[] => [
      event(`${COLLABORATION}session/v1`, { level: 'INFO', room, path: 'pub/a.ipynb', action: 'save' }),
      event(`${COLLABORATION}awareness/v1`, { roomid: room, username: 'x', action: 'join' }),
      event(`${COLLABORATION}fork/v1`, {
        fork_roomid: 'f',
        fork_info: { root_roomid: room },
        action: 'create',
      }),
    ];
    for (const text of about('json:notebook:open')) {
      expect(await passes(text), text).to.equal(true);
      expect(await drops(text, bert), text).to.equal(true);
    }
    for (const room of ['json:notebook:secret', 'json:notebook:unknown', ''])
      for (const text of about(room)) expect(await drops(text), text).to.equal(true);
    const rules = ['contents read /pub/**', 'collaboration read /priv/**'];
    const carl = person({ subject: 'carl', rules }, stage.store.objects);
    for (const text of about('json:notebook:open')) expect(await drops(text, carl), text).to.equal(true);
    const secret = { level: 'INFO', room: 'json:notebook:open', path: 'priv/a.ipynb' };
    expect(await drops(event(`${COLLABORATION}session/v1`, secret))).to.equal(true);
  });

  it('lose the fields their schema does not have', async () => {
    const seen = contents({ path: 'pub/a.txt', __timestamp__: 't', __schema_version__: '1' });
    const more = JSON.stringify({ ...(JSON.parse(seen) as object), other_path: 'priv/a.txt', content: 'x' });
    expect(await shown(more)).to.equal(seen);
  });

  it('of other kinds, and what is not JSON, do not pass', async () => {
    for (const text of [event('x', { path: 'pub/a' }), event(`${SERVER}gateway_client/v1`, { msg: 'x' })])
      expect(await drops(text), text).to.equal(true);
    for (const text of ['nonsense', '[]', 'null', '{}']) expect(await drops(text), text).to.equal(true);
  });
});
