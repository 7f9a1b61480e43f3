/** `npm run test:differential [questions] [seed]`: compares with plain Casbin until that many questions were asked. */
import { runCases, runChanges } from './run-cases.ts';

const [wanted = '1000000', named] = process.argv.slice(2);
const seed = named === undefined ? Date.now() % 1_000_000_000 : Number(named);
process.stdout.write(`seed ${seed}\n`);
let shown = 0;
const totals = await runCases(Number(wanted), seed, ({ questions, models }) => {
  if (questions - shown < 50_000) return;
  shown = questions;
  process.stdout.write(`${questions} questions, ${models} models\n`);
});
const { difference: first, ...figures } = totals;
const { difference: second, ...changes } = await runChanges(Math.ceil(Number(wanted) / 100), seed);
const difference = first || second;
process.stdout.write(`${JSON.stringify({ seed, ...figures, ...changes })}\n`);
if (difference !== '') {
  process.stdout.write(`the answers differ:\n${difference}\n`);
  process.exitCode = 1;
}
