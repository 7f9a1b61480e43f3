/** Each way to change the record of what happened, and what the verification says of it; the same on every database. */
import { expect } from 'chai';
import { NO_HASH, entryHash } from '../../../src/core/audit-entry.ts';
import { canonicalJson } from '../../../src/core/canonical-json.ts';
import { cutAudit } from '../../../src/manage/audit/cut-audit.ts';
import type { CutDeps } from '../../../src/manage/audit/cut-audit.ts';
import { keepOnce } from '../../../src/manage/audit/keep-retention.ts';
import { signCheckpoint, signCut } from '../../../src/manage/audit/statements.ts';
import type { Store } from '../../../src/store/store.ts';
import { aDecision } from '../store/samples.ts';
import { anEntry, makeAuditKey } from './audited-store.ts';
import type { AuditedStore } from './audited-store.ts';

const DAY = 86_400_000;

/** `create` gives a store on an empty database; it is closed by whoever gave it. */
export function tamperTests(create: () => Promise<AuditedStore>): void {
  let audited: AuditedStore;
  let checkpoints: string[];
  beforeEach(async () => {
    audited = await create();
    checkpoints = [await audited.write(4), await audited.write(3), await audited.write(3)];
  });

  it('is sound as it was written, also after more was added', async () => {
    expect(await audited.verify(...checkpoints)).to.deep.equal({
      valid: true,
      entries: 10,
      first: 1,
      last: 10,
      covered: 10,
      checkpoints: 3,
      findings: [],
      problems: 0,
    });
    await audited.append(2);
    expect(await audited.verify()).to.deep.include({ valid: true, last: 12, covered: 10 });
  });

  for (const [column, value] of [
    ['at', '1'],
    ['actor', `'eve'`],
    ['address', `'192.0.2.8'`],
    ['via', `'clock'`],
    ['what', `'test.other'`],
    ['target', `'t9'`],
    ['before_json', `'{}'`],
    ['after_json', `'{"n":2,"text":"ü \\"quoted\\""}'`],
    ['after_json', `'{ "n":1,"text":"ü \\"quoted\\""}'`],
    ['after_json', `'not JSON'`],
    ['revision', '4'],
    ['hash', `'${'a'.repeat(64)}'`],
  ] as const)
    it(`finds a changed field: ${column} = ${value}`, async () => {
      await audited.sql(`UPDATE gate_audit SET ${column} = ${value} WHERE seq = 6`);
      expect(await audited.found()).to.include('changed 6');
    });

  it('finds an entry that was changed and hashed anew', async () => {
    await rehash(audited, 6, 6, { actor: 'eve' });
    expect(await audited.found()).to.deep.equal(['rewritten 6']);
  });

  it('finds all hashes made anew without the key, from one entry to the end', async () => {
    await rehash(audited, 6, 10, { actor: 'eve' });
    expect(await audited.found()).to.deep.equal(['rewritten 7', 'rewritten 10']);
    const { findings } = await audited.verify();
    expect(findings[0]?.detail).to.equal('entries 5 to 7: not what checkpoint 2 was signed over');
  });

  it('finds all hashes made anew and the checkpoints over them taken away, by the one that is kept', async () => {
    await rehash(audited, 6, 10, { actor: 'eve' });
    await audited.sql('DELETE FROM gate_audit_checkpoints WHERE number > 1');
    expect(await audited.found()).to.deep.equal([]);
    expect(await audited.found(audited.kept!)).to.deep.equal(['rewritten 10', 'checkpoint 10']);
    expect(await audited.found(checkpoints[1]!)).to.include('rewritten 7');
  });

  it('finds a removed entry, first, in the middle and last', async () => {
    await audited.sql('DELETE FROM gate_audit WHERE seq IN (1, 6, 10)');
    const { findings } = await audited.verify();
    expect(findings.map(({ kind, seq, detail }) => [kind, seq, detail]).slice(0, 3)).to.deep.equal([
      ['removed', 1, 'entry 1 missing at the beginning'],
      ['removed', 6, 'entry 6 missing'],
      ['truncated', 10, 'entry 10 missing at the end'],
    ]);
  });

  it('finds an entry that was removed and those after it moved up', async () => {
    await audited.sql('DELETE FROM gate_audit WHERE seq = 6');
    for (const seq of [7, 8, 9, 10])
      await audited.sql(`UPDATE gate_audit SET seq = ${seq - 1} WHERE seq = ${seq}`);
    expect(await audited.found()).to.include.members(['reordered 6', 'reordered 9', 'truncated 10']);
  });

  it('finds two entries that were swapped, and says where they were written', async () => {
    for (const [from, to] of [
      [5, 99],
      [7, 5],
      [99, 7],
    ])
      await audited.sql(`UPDATE gate_audit SET seq = ${to} WHERE seq = ${from}`);
    expect((await audited.verify()).findings.map(({ detail }) => detail)).to.include.members([
      'entry 5 was written as entry 7',
      'entry 7 was written as entry 5',
    ]);
  });

  it('finds a tail that was cut off, even when the end was set back to fit', async () => {
    await audited.append(2);
    await audited.sql('DELETE FROM gate_audit WHERE seq > 8');
    expect(await audited.found()).to.deep.equal(['truncated 9', 'truncated 10']);
    await setHead(audited, 8);
    expect(await audited.found()).to.deep.equal(['truncated 10']);
    await audited.sql('DELETE FROM gate_audit_checkpoints WHERE number = 3');
    expect(await audited.found()).to.deep.equal([]);
    expect(await audited.found(checkpoints[2]!)).to.deep.equal(['truncated 10', 'checkpoint 8']);
  });

  it('finds an entry put in by another hand', async () => {
    const last = (await audited.store.read.audit.find(10))!;
    await insert(audited, { ...anEntry(audited.clock, 'x'), via: 'proxy', seq: 11, previous: last.hash });
    expect(await audited.found()).to.deep.equal(['added 11']);
  });

  it('finds a checkpoint that is missing, forged, changed, exchanged or signed with a key of one’s own', async () => {
    const restore = async (number: number): Promise<void> =>
      audited.sql(
        `UPDATE gate_audit_checkpoints SET line = '${checkpoints[number - 1]}' WHERE number = ${number}`,
      );
    const put = (text: string): Promise<void> =>
      audited.sql(`UPDATE gate_audit_checkpoints SET line = '${text}' WHERE number = 2`);
    await put(checkpoints[1]!.replace(/.{4}$/, 'AAAA'));
    expect(await audited.found()).to.include('checkpoint 7');
    await put(checkpoints[1]!.replace(',7,', ',8,'));
    expect(await audited.found()).to.include('checkpoint 7');
    await put(checkpoints[0]!);
    expect(await audited.found()).to.include('checkpoint 7');
    const entry = (await audited.store.read.audit.find(7))!;
    const statement = { number: 2, seq: 7, hash: entry.hash, at: audited.clock.now(), previous: NO_HASH };
    await put(signCheckpoint(makeAuditKey().key, statement));
    expect(await audited.found()).to.include('key 7');
    await put(signCheckpoint({ id: audited.key.id, privateKey: makeAuditKey().key.privateKey }, statement));
    expect(await audited.found()).to.include('checkpoint 7');
    await restore(2);
    expect(await audited.found()).to.deep.equal([]);
    await audited.sql('DELETE FROM gate_audit_checkpoints WHERE number = 2');
    expect((await audited.verify()).findings.map(({ detail }) => detail)).to.deep.equal([
      'checkpoint 2 missing',
    ]);
    await audited.sql('DELETE FROM gate_audit_checkpoints');
    expect(await audited.found(audited.kept!)).to.deep.equal(['checkpoint 10']);
  });

  it('is noticed by the gate itself when what it signed is gone, and that stays in the audit', async () => {
    await audited.sql('DELETE FROM gate_audit WHERE seq > 8');
    await audited.sql('DELETE FROM gate_audit_checkpoints WHERE number = 3');
    await setHead(audited, 8);
    const afterRestart = await audited.checkpointer();
    await afterRestart.sign();
    expect(audited.alarms).to.deep.equal([checkpoints[2]]);
    expect(await audited.found()).to.deep.equal(['mismatch 9']);
  });

  it('cuts what is old at a checkpoint and stays sound; what is cut without the key is found', async () => {
    audited.clock.tick(10 * DAY);
    const fresh = await audited.write(2);
    expect(await cutAudit(audited.cut, 9 * DAY)).to.deep.equal({ outcome: 'cut', through: 10 });
    expect(await audited.verify(fresh)).to.deep.include({ valid: true, first: 11, last: 13, covered: 12 });
    expect(await audited.found(checkpoints[2]!, checkpoints[0]!)).to.deep.equal([]);
    await audited.write(1);
    expect(await audited.verify()).to.deep.include({ valid: true, covered: 14, checkpoints: 3 });
    expect(await cutAudit(audited.cut, 9 * DAY)).to.deep.equal({ outcome: 'nothing to cut' });

    await audited.sql('DELETE FROM gate_audit WHERE seq = 11');
    expect(await audited.found()).to.include('removed 11');
    const forger = { id: audited.key.id, privateKey: makeAuditKey().key.privateKey };
    const entry = (await audited.store.read.audit.find(12))!;
    const cut = { through: 11, hash: entry.previous, at: audited.clock.now(), checkpoint: 4 };
    await audited.store.transaction((tx) =>
      tx.audit.append({
        ...anEntry(audited.clock, ''),
        what: 'audit.cut',
        after: { statement: signCut(forger, cut) },
      }),
    );
    expect(await audited.found()).to.include('removed 11');
  });

  it('cuts a second time, and goes on with a cut that was interrupted', async () => {
    for (let round = 0; round < 3; round += 1) {
      audited.clock.tick(10 * DAY);
      await audited.write(700);
    }
    expect(await cutAudit(audited.cut, 15 * DAY)).to.deep.equal({ outcome: 'cut', through: 710 });
    audited.clock.tick(2 * DAY);
    expect(await interrupted(cutAudit(endingAfterOneSlice(audited), 9 * DAY))).to.equal('ended');
    expect(await audited.verify()).to.deep.include({ valid: true, first: 1211 });
    await audited.write(1);
    expect(await audited.verify()).to.deep.include({ valid: true, first: 1211 });
    expect(await cutAudit(audited.cut, 9 * DAY)).to.deep.equal({ outcome: 'nothing to cut' });
    expect(await audited.verify()).to.deep.include({ valid: true, first: 1411 });
  });

  it('keeps the decision log and the audit for as long as told, and says when it must not cut', async () => {
    const logged: string[] = [];
    const keep = (): Promise<void> =>
      keepOnce(audited.cut, { audit: 9 * DAY, decisions: DAY }, (message) => logged.push(message));
    const old = Array.from({ length: 1500 }, (_, index) =>
      aDecision(`old${index}`, { at: audited.clock.now() }),
    );
    audited.clock.tick(10 * DAY);
    const fresh = aDecision('fresh', { at: audited.clock.now() });
    await audited.store.transaction((tx) => tx.decisions.append([...old, fresh]));
    await audited.write(1);
    await keep();
    const kept = await audited.store.read.decisions.list({}, { limit: 10 });
    expect(kept.map(({ id }) => id)).to.deep.equal(['fresh']);
    expect(await audited.verify()).to.deep.include({ valid: true, first: 11 });
    audited.clock.tick(20 * DAY);
    await audited.write(1);
    await audited.sql(`UPDATE gate_audit SET actor = 'eve' WHERE seq = 12`);
    await keep();
    expect(logged).to.have.lengthOf(1);
    expect(logged[0]).to.contain('not sound');
  });

  it('does not cut what is not sound', async () => {
    audited.clock.tick(10 * DAY);
    await audited.write(1);
    await audited.sql(`UPDATE gate_audit SET actor = 'eve' WHERE seq = 2`);
    expect(await cutAudit(audited.cut, 5 * DAY)).to.deep.equal({ outcome: 'not sound' });
    expect(await audited.store.read.audit.find(1)).not.to.equal(undefined);
  });
}

/** As if the gate ended while it took entries away. */
function endingAfterOneSlice({ cut, store }: AuditedStore): CutDeps {
  let removals = 0;
  const transaction: Store['transaction'] = (work, options) => {
    if (options?.relaxed === true) removals += 1;
    return removals > 1 ? Promise.reject(new Error('ended')) : store.transaction(work, options);
  };
  return { ...cut, management: { ...cut.management, store: { ...store, transaction } } };
}

function interrupted(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'finished',
    (error: Error) => error.message,
  );
}

type Unhashed = Parameters<typeof entryHash>[0];

async function insert(audited: AuditedStore, entry: Unhashed): Promise<void> {
  const hash = entryHash(entry);
  const { seq, at, actor, address, via, what, target, before, after, revision, previous } = entry;
  const texts = [actor, address, via, what, target, canonicalJson(before), canonicalJson(after)];
  await audited.sql(
    `INSERT INTO gate_audit (seq, at, actor, address, via, what, target, before_json, after_json, revision, previous, hash)
     VALUES (${seq}, ${at}, ${texts.map((text) => `'${text}'`).join(', ')}, ${revision}, '${previous}', '${hash}')`,
  );
}

/** Changes an entry and takes its hash and those of all up to `last` anew, the end of the chain included. */
async function rehash(
  audited: AuditedStore,
  first: number,
  last: number,
  change: { actor: string },
): Promise<void> {
  let previous: string | undefined;
  for (let seq = first; seq <= last; seq += 1) {
    const { hash: _hash, ...entry } = (await audited.store.read.audit.find(seq))!;
    const changed = {
      ...entry,
      ...(seq === first ? change : {}),
      ...(previous === undefined ? {} : { previous }),
    };
    previous = entryHash(changed);
    await audited.sql(
      `UPDATE gate_audit SET actor = '${changed.actor}', previous = '${changed.previous}', hash = '${previous}' WHERE seq = ${seq}`,
    );
  }
  if (last === (await audited.store.read.audit.head()).seq) await setHead(audited, last);
}

async function setHead(audited: AuditedStore, seq: number): Promise<void> {
  const { hash } = (await audited.store.read.audit.find(seq))!;
  await audited.sql(`UPDATE gate_audit_head SET seq = ${seq}, hash = '${hash}'`);
}
