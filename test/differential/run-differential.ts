/**
 * `npm run test:differential [questions] [seed] [requests]`: compares the engine with plain Casbin until that many
 * questions were asked, then the gate with the Jupyter Servers there are, by that many generated requests beside the
 * ones written by hand. 0 leaves a part out.
 */
import { compareDoors } from './jupyter/agreement.ts';
import { currentServer, olderServer } from './jupyter/servers.ts';
import type { Server } from './jupyter/stage.ts';
import { runCases, runChanges } from './run-cases.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [questions, seed, requests] = numbersIn(process.argv.slice(2));
say(`seed ${seed}`);

if (questions > 0) await compareEngine(questions);
if (requests > 0) {
  for (const server of [currentServer(), await olderServer()]) {
    if (typeof server === 'string') say(`no Jupyter Server 1.x: ${server}`);
    else await compareServer(server, requests);
  }
}

/** What is no number would leave a part out, and pass. */
function numbersIn(given: readonly string[]): readonly [questions: number, seed: number, requests: number] {
  const wrong = given.find((text) => !/^\d+$/.test(text));
  if (wrong !== undefined || given.length > 3) {
    say(`expected [questions] [seed] [requests], all of them whole numbers, received \`${given.join(' ')}\``);
    process.exit(2);
  }
  const [first, second, third] = given.map(Number);
  return [first ?? 1_000_000, second ?? Date.now() % 1_000_000_000, third ?? 20_000];
}

async function compareEngine(wanted: number): Promise<void> {
  let shown = 0;
  const { difference: first, ...figures } = await runCases(wanted, seed, ({ questions: asked, models }) => {
    if (asked - shown < 50_000) return;
    shown = asked;
    say(`${asked} questions, ${models} models`);
  });
  const { difference: second, ...changes } = await runChanges(Math.ceil(wanted / 100), seed);
  say(JSON.stringify({ seed, ...figures, ...changes }));
  const difference = first || second;
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
