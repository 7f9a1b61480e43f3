/** `npm run test:faults [kills]`: kills a gate a hundred times, or so often, while ten writers write; figures as JSON at the end. */
import { killNine } from './kill-nine.ts';

const [kills = '100'] = process.argv.slice(2);
const began = Date.now();
const summary = await killNine({
  kills: Number(kills),
  writers: 10,
  progress: (text) => void process.stdout.write(`${text}\n`),
});
process.stdout.write(`${JSON.stringify({ ...summary, seconds: Math.round((Date.now() - began) / 1000) })}\n`);
