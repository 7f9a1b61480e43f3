/** Lines over two logarithmic axes as one SVG file, readable on white and on black. */

export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface PlotOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const [WIDTH, HEIGHT] = [760, 440];
/** Room for the numbers and the name of the upright axis, which stand left of 0. */
const OUTSIDE = 24;
const BOX = { left: 80, right: 610, top: 48, bottom: 380 };
/** Each dark enough on white and light enough on black (contrast at least 3 to 1 on both). */
const COLOURS = ['#d9480f', '#1c7ed6', '#2b8a3e', '#9c36b5', '#868e96'];
/** Labels at the ends of lines are kept this far apart. */
const LABEL_GAP = 16;

/** Throws `TypeError` when there is nothing to draw. */
export function logPlot(lines: readonly Line[], { title, x, y }: PlotOptions): string {
  const points = lines.flatMap((line) => line.points);
  if (points.length === 0) throw new TypeError('expected at least one point');
  const xs = decades(points.map(([at]) => at));
  const ys = decades(points.map(([, at]) => at));
  const toX = (value: number): number => scaled(value, xs, BOX.left, BOX.right);
  const toY = (value: number): number => scaled(value, ys, BOX.bottom, BOX.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-OUTSIDE} 0 ${WIDTH + OUTSIDE} ${HEIGHT}" role="img" aria-label="${title}">`,
    STYLE,
    `<text class="title" x="${BOX.left}" y="26">${title}</text>`,
    ...steps(xs).map((value) =>
      tick(`M${toX(value)} ${BOX.top}V${BOX.bottom}`, toX(value), BOX.bottom + 20, 'middle', value),
    ),
    ...steps(ys).map((value) =>
      tick(`M${BOX.left} ${toY(value)}H${BOX.right}`, BOX.left - 8, toY(value) + 4, 'end', value),
    ),
    `<text x="${(BOX.left + BOX.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${x}</text>`,
    `<text transform="translate(${15 - OUTSIDE} ${(BOX.top + BOX.bottom) / 2}) rotate(-90)" text-anchor="middle">${y}</text>`,
    ...lines.map((line, at) => drawn(line, COLOURS[at % COLOURS.length] ?? '', { toX, toY })),
    ...labels(lines, { toX, toY }),
    '</svg>',
    '',
  ].join('\n');
}

const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #343a40; }
  .title { font-size: 15px; font-weight: 600; }
  .grid { stroke: #adb5bd; stroke-opacity: 0.4; }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
  @media (prefers-color-scheme: dark) { text { fill: #dee2e6; } }
</style>`;

interface Scale {
  readonly toX: (value: number) => number;
  readonly toY: (value: number) => number;
}

function decades(values: readonly number[]): readonly [number, number] {
  return [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
}

function scaled(value: number, [from, to]: readonly [number, number], start: number, end: number): number {
  const share = (Math.log10(value) - from) / Math.max(1, to - from);
  return Math.round((start + share * (end - start)) * 10) / 10;
}

function steps([from, to]: readonly [number, number]): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function tick(path: string, x: number, y: number, anchor: string, value: number): string {
  const text = value >= 1 ? value.toLocaleString('en-GB') : String(Number(value.toPrecision(1)));
  return `<path class="grid" d="${path}"/><text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

function drawn({ points }: Line, colour: string, { toX, toY }: Scale): string {
  const path = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${toX(x)} ${toY(y)}`).join('');
  const dots = points.map(([x, y]) => `<circle cx="${toX(x)}" cy="${toY(y)}" r="3.5" fill="${colour}"/>`);
  return `<path class="line" stroke="${colour}" d="${path}"/>${dots.join('')}`;
}

/** At the end of each line, moved down where two would lie on each other. */
function labels(lines: readonly Line[], { toX, toY }: Scale): string[] {
  const ends = lines
    .map(({ name, points }, at) => ({
      name,
      end: points.at(-1) ?? ([1, 1] as const),
      colour: COLOURS[at % COLOURS.length] ?? '',
    }))
    .map(({ name, end, colour }) => ({ name, colour, x: toX(end[0]) + 10, y: toY(end[1]) + 4 }))
    .sort((a, b) => a.y - b.y);
  let last = Number.NEGATIVE_INFINITY;
  return ends.map(({ name, colour, x, y }) => {
    last = Math.max(y, last + LABEL_GAP);
    return `<text x="${x}" y="${last}" style="fill: ${colour}; font-weight: 600">${name}</text>`;
  });
}
