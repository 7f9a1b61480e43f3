/** The bench in its smallest size: that each row still runs and tells what it promises. Its figures mean nothing here. */
import { expect } from 'chai';
import { ROWS } from '../../bench/rows/rows.ts';
import { canMeasureProcesses } from '../../bench/support/process-figures.ts';
import { asMarkdown, asText, describeMachine, told } from '../../bench/support/report.ts';
import { logPlot } from '../../bench/support/plot.ts';
import { isReached, ratioOf } from '../../bench/support/row.ts';
import { inRounds, quantile, sampleOf } from '../../bench/support/statistics.ts';
import { temporaryDirectory } from '../../bench/support/temporary-directory.ts';

describe('the bench', function () {
  this.timeout(120_000);

  for (const row of ROWS) {
    it(`measures \`${row.name}\``, async function () {
      if (!canMeasureProcesses) {
        this.test!.title += ' (not run: the processor time of a process is read from /proc of Linux)';
        this.skip();
      }
      await using directory = await temporaryDirectory();
      const context = { size: 'smallest', shared: directory.path, progress: () => undefined } as const;
      const figures = await row.run(context);
      expect(figures).to.not.be.empty;
      for (const { name, value, peer } of figures) {
        expect(name).to.not.equal('');
        for (const number of [value, ...(peer === undefined ? [] : [peer.value])])
          expect(Number.isFinite(number.median), name).to.equal(true);
      }
    });
  }

  it('takes the measurements in turns and leaves the first round out', async () => {
    const order: string[] = [];
    let calls = 0;
    const measure = (name: string) => (round: number) => {
      order.push(name + round);
      calls += 1;
      return calls;
    };
    const taken = await inRounds(2, { a: measure('a'), b: measure('b') });
    expect(order.join('')).to.equal('a0b0a1b1a2b2');
    expect(taken).to.deep.equal({ a: [3, 5], b: [4, 6] });
  });

  it('gives medians and percentiles by nearest rank', () => {
    expect(sampleOf([3, 1, 2])).to.deep.equal({ median: 2, min: 1, max: 3, count: 3 });
    expect(quantile([1, 2, 3, 4], 0.99)).to.equal(4);
    expect(() => sampleOf([])).to.throw(TypeError, 'at least one');
  });

  it('says whether a target is reached, of the value or of the ratio to the peer', () => {
    const value = sampleOf([30]);
    const peer = { name: 'other', value: sampleOf([100]) };
    const figure = { name: 'x', unit: 'µs', value, peer };
    expect(ratioOf(figure)).to.equal(0.3);
    expect(isReached(figure)).to.equal(undefined);
    expect(isReached({ ...figure, target: { of: 'ratio', atMost: 1 / 3 } })).to.equal(true);
    expect(isReached({ ...figure, target: { of: 'ratio', atLeast: 3 } })).to.equal(false);
    expect(isReached({ ...figure, target: { of: 'value', atMost: 20 } })).to.equal(false);
  });

  it('prints a line for each figure, at a terminal and on a page', () => {
    const figure = told({
      name: 'a figure',
      unit: 'µs',
      value: sampleOf([40, 50, 60]),
      peer: { name: 'other', value: sampleOf([200]) },
      target: { of: 'ratio', atMost: 1 / 3 },
    });
    const rows = [
      { name: 'row', title: 'A row', figures: [figure], seconds: 1.25 },
      { name: 'none', title: 'Another', figures: [], seconds: 0, skipped: 'it is not there' },
    ];
    const report = { machine: describeMachine(), quick: true, rows, seconds: 2 };
    expect(asText(report)).to.match(/a figure +50 µs \(40–60\) +other: 200 µs +0\.25 +≤ 0\.333 times +yes/);
    expect(asText(report)).to.contain('Another: left out, it is not there');
    expect(asText(report)).to.match(/\n2\.0 s in all: row 1\.3, none 0\.0\n$/);
    expect(asMarkdown(report)).to.contain(
      '| a figure | 50 µs (40–60) | other: 200 µs | 0.25 | ≤ 0.333 times | yes |',
    );
  });

  it('draws each line with its name, higher values higher up', () => {
    const options = { title: 'One verdict', x: 'rules', y: 'µs' };
    const points = (y: number) => [[10, y] as const, [1000, y * 10] as const];
    const svg = logPlot(
      [
        { name: 'ours', points: points(1) },
        { name: 'theirs', points: points(100) },
      ],
      options,
    );
    const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map((found) => Number(found[1]));
    expect(heights).to.have.lengthOf(4);
    expect(heights[2]).to.be.lessThan(heights[0] ?? 0);
    expect(svg).to.contain('>ours</text>').and.to.contain('>theirs</text>');
    expect(svg).to.contain('prefers-color-scheme: dark');
  });
});
