/**
 * `npm run test:differential [questions] [seed] [requests]`: compares the engine with plain Casbin until that many
 * questions were asked, then the gate with the Jupyter Servers there are, by that many generated requests beside the
 * ones written by hand. 0 leaves a part out.
 */
import { compareDoors } from './jupyter/agreement.ts';
import { currentServer, olderServer } from './jupyter/servers.ts';
import type { Server } from './jupyter/stage.ts';
import { runCases } from './run-cases.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [questions = '1000000', named, requests = '20000'] = process.argv.slice(2);
const seed = named === undefined ? Date.now() % 1_000_000_000 : Number(named);
say(`seed ${seed}`);

if (Number(questions) > 0) await compareEngine(Number(questions));
if (Number(requests) > 0) {
  for (const server of [currentServer(), await olderServer()]) {
    if (typeof server === 'string') say(`no Jupyter Server 1.x: ${server}`);
    else await compareServer(server, Number(requests));
  }
}

async function compareEngine(wanted: number): Promise<void> {
  let shown = 0;
  const { difference, ...figures } = await runCases(wanted, seed, ({ questions: asked, models }) => {
    if (asked - shown < 50_000) return;
    shown = asked;
    say(`${asked} questions, ${models} models`);
  });
  say(JSON.stringify({ seed, ...figures }));
  if (difference === '') return;
  say(`the answers differ:\n${difference}`);
  process.exitCode = 1;
}

async function compareServer(server: Server, count: number): Promise<void> {
  const onHole = (hole: string): void => say(`through the gate: ${hole}`);
  const found = await compareDoors(server, { count, seed, onHole });
  say(JSON.stringify({ seed, server: server.version, ...found, holes: found.holes.length }));
  if (found.holes.length > 0) process.exitCode = 1;
}
