/**
 * `npm run soak [-- MINUTES]`: works on a gate for a quarter of an hour, or as long as it is told, and says whether its
 * memory and file descriptors stayed within 5 %. Exit code 1 when they did not, or when something went wrong meanwhile.
 */
import { growth } from './flat.ts';
import { soak } from './soak.ts';

const BOUND = 0.05;
const PEOPLE = 12;

const minutes = Number(process.argv[2] ?? 15);
if (!(minutes > 0)) {
  process.stderr.write(`expected a number of minutes, received \`${process.argv[2]}\`\n`);
  process.exit(2);
}
const report = (line: string): void => void process.stdout.write(`${line}\n`);
const { samples, descriptors, rounds, failures } = await soak({
  milliseconds: minutes * 60_000,
  people: PEOPLE,
  report,
});
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const memory = growth(samples.map(({ residentBytes }) => residentBytes));
const open = descriptors.after / descriptors.before - 1;
report(`rounds: ${rounds}`);
report(`memory, last third against the third before: ${percent(memory)} (at most ${percent(BOUND)})`);
report(
  `descriptors, when all is over: ${descriptors.before} before, ${descriptors.after} after, ${percent(open)} (at most ${percent(BOUND)})`,
);
for (const [what, times] of failures) report(`failed ${times} times: ${what}`);
process.exitCode = memory <= BOUND && open <= BOUND && failures.size === 0 ? 0 : 1;
