/** `npm run test:faults [kills]`: kills a gate a hundred times, or so often, while ten writers write; figures as JSON at the end. */
import { killNine } from './kill-nine.ts';

const [given = '100'] = process.argv.slice(2);
const kills = Number(given);
if (!Number.isSafeInteger(kills) || kills < 1) {
  process.stderr.write(`expected a number of kills, received \`${given}\`\n`);
  process.exit(2);
}
const began = Date.now();
const summary = await killNine({
  kills,
  writers: 10,
  progress: (text) => void process.stdout.write(`${text}\n`),
});
process.stdout.write(`${JSON.stringify({ ...summary, seconds: Math.round((Date.now() - began) / 1000) })}\n`);
