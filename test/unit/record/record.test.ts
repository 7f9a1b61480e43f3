import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';
import type { DecisionEntry } from '../../../src/core/entry.ts';
import { createRecorder } from '../../../src/record/create-recorder.ts';
import { createLog } from '../../../src/record/log.ts';
import { createMetrics } from '../../../src/record/metrics.ts';
import { prettyLine } from '../../../src/record/pretty-stream.ts';
import { until } from '../../support/until.ts';

const entry = (id: string, more: Partial<DecisionEntry> = {}): DecisionEntry => ({
  id,
  at: 1,
  subject: 'anna',
  credential: 'session',
  address: '127.0.0.1',
  method: 'GET',
  route: 'contents.get',
  res: 'contents',
  act: 'read',
  path: '/a.ipynb',
  own: '',
  also: [],
  code: 'ALLOWED',
  rules: [3],
  revision: 7,
  status: 200,
  bytes: 12,
  durationMs: 5,
  ...more,
});

function memoryLog() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLog({ level: 'info', destination: { write } }) };
}

describe('the record', () => {
  const options = { together: 1, togetherMs: 5, batch: 3, maxQueue: 5, intervalMs: 5 };

  it('logs each request once, refused ones too', () => {
    const { lines, log } = memoryLog();
    const recorder = createRecorder({ append: () => Promise.resolve(), log }, options);
    recorder.record(entry('1', { code: 'DENIED_BY_POLICY', status: 403, rules: [] }));
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({
      msg: 'request',
      subject: 'anna',
      code: 'DENIED_BY_POLICY',
      status: 403,
      revision: 7,
    });
    expect(lines[0]).to.not.have.any.keys('own', 'also', 'rules');
  });

  it('logs together what was allowed within a moment, and at once what was refused, in order', async () => {
    const { lines, log } = memoryLog();
    const recorder = createRecorder(
      { append: () => Promise.resolve(), log },
      { ...options, together: 3, maxQueue: 50 },
    );
    const logged = (): unknown[] => lines.map(({ id }) => id);
    recorder.record(entry('1'));
    recorder.record(entry('2'));
    expect(logged()).to.deep.equal([]);
    recorder.record(entry('3', { code: 'DENIED_BY_POLICY', status: 403 }));
    expect(logged()).to.deep.equal(['1', '2', '3']);
    for (const id of ['4', '5', '6', '7']) recorder.record(entry(id));
    expect(logged()).to.deep.equal(['1', '2', '3', '4', '5', '6']);
    await until(() => lines.length === 7, 'the line of what waited');
    recorder.record(entry('8'));
    await recorder.close();
    expect(logged().at(-1)).to.equal('8');
  });

  it('logs what waits when the process ends on an error nobody caught', async () => {
    const program = `
      import { createLog } from './src/record/log.ts';
      import { createRecorder } from './src/record/create-recorder.ts';
      const log = createLog({ level: 'info' });
      const options = { together: 9, togetherMs: 60000, batch: 9, maxQueue: 9, intervalMs: 60000 };
      const recorder = createRecorder({ append: async () => undefined, log }, options);
      recorder.record(${JSON.stringify(entry('last'))});
      setTimeout(() => { throw new Error('nobody caught it'); }, 1);`;
    const argv = ['--import', 'tsx', '--input-type=module', '--eval', program];
    const ran = await promisify(execFile)(process.execPath, argv, { cwd: packageRoot() }).catch(
      (error: { readonly stdout: string; readonly stderr: string }) => error,
    );
    expect(ran.stderr).to.contain('nobody caught it');
    expect(JSON.parse(ran.stdout)).to.include({ id: 'last', msg: 'request' });
  });

  it('writes in batches, in order, and at the latest after the interval', async () => {
    const batches: string[][] = [];
    const append = (entries: readonly DecisionEntry[]) => {
      batches.push(entries.map(({ id }) => id));
      return Promise.resolve();
    };
    const recorder = createRecorder({ append, log: memoryLog().log }, options);
    for (const id of ['1', '2', '3', '4']) recorder.record(entry(id));
    await recorder.flush();
    recorder.record(entry('5'));
    await new Promise((resolve) => {
      setTimeout(resolve, 40);
    });
    expect(batches).to.deep.equal([['1', '2', '3'], ['4'], ['5']]);
    expect(recorder.lost).to.equal(0);
  });

  it('drops and counts what the queue cannot hold, without waiting', async () => {
    const { lines, log } = memoryLog();
    let release = (): void => undefined;
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    const recorder = createRecorder({ append: () => blocked, log }, options);
    for (let id = 0; id < 8; id += 1) recorder.record(entry(String(id)));
    expect(recorder.lost).to.equal(3);
    expect(lines.filter(({ level }) => level === 50)).to.have.length(1);
    release();
    await recorder.close();
    expect(recorder.lost).to.equal(3);
  });

  it('tries again a little, then counts the loss and goes on', async () => {
    let calls = 0;
    const append = () => {
      calls += 1;
      return calls === 2 || calls > 4 ? Promise.resolve() : Promise.reject(new Error('busy'));
    };
    const recorder = createRecorder({ append, log: memoryLog().log }, options);
    recorder.record(entry('1'));
    await recorder.flush();
    expect([calls, recorder.lost]).to.deep.equal([2, 0]);
    const failing = createRecorder(
      { append: () => Promise.reject(new Error('gone')), log: memoryLog().log },
      options,
    );
    failing.record(entry('2'));
    await failing.flush();
    expect(failing.lost).to.equal(1);
  });

  it('writes what is queued before it closes, and counts what comes later', async () => {
    const written: string[] = [];
    const append = (entries: readonly DecisionEntry[]) => {
      written.push(...entries.map(({ id }) => id));
      return Promise.resolve();
    };
    const recorder = createRecorder({ append, log: memoryLog().log }, { ...options, intervalMs: 10_000 });
    recorder.record(entry('1'));
    await recorder.close();
    recorder.record(entry('2'));
    expect(written).to.deep.equal(['1']);
    expect(recorder.lost).to.equal(1);
  });
});

describe('the log', () => {
  it('redacts credentials under their usual names', () => {
    const { lines, log } = memoryLog();
    log.info({
      token: 't0',
      headers: { authorization: 'a1', cookie: 'c2', 'set-cookie': 's3' },
      up: { req: { token: 't4' } },
    });
    const text = JSON.stringify(lines);
    for (const secret of ['t0', 'a1', 'c2', 's3', 't4']) expect(text).to.not.contain(secret);
    expect(text).to.contain('[redacted]');
  });

  it('writes plain lines as it writes the others, and none when nobody wants them', () => {
    const { lines, log } = memoryLog();
    const fields = { path: '/a "b"\n', rules: [3], own: undefined };
    const at = Date.UTC(2026, 2, 2, 9, 15, 30, 7);
    log.info(fields, 'request');
    log.plain?.(fields, 'request', at);
    const [asOthers, plain] = lines;
    expect(plain).to.deep.equal({ ...asOthers, time: '2026-03-02T09:15:30.007Z' });
    log.level = 'warn';
    log.plain?.(fields, 'request', at);
    expect(lines).to.have.length(2);
  });

  it('tells what failed and why, and nothing else that hangs on an error', () => {
    const { lines, log } = memoryLog();
    const cause = Object.assign(new Error('locked'), { code: 'SQLITE_BUSY', parameters: ['a hash'] });
    log.error({ error: new Error('not written', { cause }), cause: 'no error' }, 'failed');
    expect(lines[0]?.['error']).to.deep.include({ type: 'Error', message: 'not written' });
    const told = lines[0]?.['error'] as { readonly cause: object };
    expect(told.cause).to.include({ message: 'locked', code: 'SQLITE_BUSY' });
    expect(lines[0]).to.include({ cause: 'no error' });
    expect(JSON.stringify(lines)).not.to.contain('a hash');
  });

  it('has a form for people, which nobody can use to fake a line', () => {
    const line = JSON.stringify({
      level: 30,
      time: '2026-01-01T10:20:30.000Z',
      msg: 'request',
      path: '/a b',
      own: '',
      rules: [],
    });
    expect(prettyLine(line)).to.equal('10:20:30 info  request path="/a b"\n');
    const escape = prettyLine(JSON.stringify({ level: 50, msg: 'x\n\u001b[2J' }));
    expect(escape).to.equal(String.raw`error x\u000a\u001b[2J` + '\n');
    expect(prettyLine('plain\n')).to.equal('plain\n');
  });
});

describe('the metrics', () => {
  it('count requests without naming anybody', async () => {
    const metrics = createMetrics();
    metrics.watch({
      openSockets: () => 2,
      policyRevision: () => 7,
      policyAgeMs: () => 1500,
      decisionsLost: () => 1,
    });
    metrics.observe(entry('1'));
    metrics.observe(entry('2', { route: '', status: 403, code: 'ROUTE_UNKNOWN' }));
    expect(await metrics.text()).to.contain('route="contents.get",code="ALLOWED",status="2xx"} 1');
    metrics.observe(entry('3'));
    const text = await metrics.text();
    expect(text).to.contain(
      'jupyter_gate_requests_total{route="contents.get",code="ALLOWED",status="2xx"} 2',
    );
    expect(text).to.contain(
      'jupyter_gate_requests_total{route="unknown",code="ROUTE_UNKNOWN",status="4xx"} 1',
    );
    expect(text).to.contain('jupyter_gate_open_sockets 2').and.contain('jupyter_gate_policy_age_seconds 1.5');
    expect(text).to.contain('jupyter_gate_policy_revision 7').and.contain('jupyter_gate_decisions_lost 1');
    expect(text).to.not.contain('anna').and.not.contain('ipynb');
  });
});
