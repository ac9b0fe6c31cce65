/** One line of a plot; all values above 0. */
export interface Series {
  /** Stands at its right end. */
  label: string;
  color: string;
  values: number[];
}

const [WIDTH, HEIGHT] = [760, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 190, 52, 48];
const TEXT = 'font-family="system-ui, sans-serif" font-size="13" fill="#57606a"';

/** An SVG with both axes logarithmic: growth in proportion is a line with the slope of the decades. */
export function plot(title: string, xLabel: string, xs: number[], series: Series[]): string {
  const all = series.flatMap(({ values }) => values);
  const decades = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))] as const;
  const span = [Math.log10(xs[0] as number), Math.log10(xs.at(-1) as number)] as const;
  const x = (value: number) => between(Math.log10(value), span, [LEFT, WIDTH - RIGHT]);
  const y = (value: number) => between(Math.log10(value), decades, [HEIGHT - BOTTOM, TOP]);
  const lines = Array.from({ length: decades[1] - decades[0] + 1 }, (_, i) => 10 ** (decades[0] + i));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="28" font-family="system-ui, sans-serif" font-size="15" fill="#1f2328">${title}</text>`,
    ...lines.map((value) => gridLine(y(value), value)),
    ...xs.map((value) => text(x(value), HEIGHT - BOTTOM + 20, value.toLocaleString('en'), 'middle')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, xLabel, 'middle'),
    ...series.map(({ color, values }) =>
      polyline(
        values.map((value, i) => [x(xs[i] as number), y(value)]),
        color,
      ),
    ),
    ...labelsOf(series, y),
    '</svg>\n',
  ].join('\n');
}

function between(value: number, [low, high]: readonly [number, number], [from, to]: readonly [number, number]): number {
  return Math.round((from + ((value - low) / (high - low || 1)) * (to - from)) * 10) / 10;
}

function gridLine(y: number, value: number): string {
  return `<path d="M${LEFT} ${y}H${WIDTH - RIGHT}" stroke="#d8dee4"/>${text(LEFT - 8, y + 4, value.toLocaleString('en'), 'end')}`;
}

function text(x: number, y: number, words: string, anchor: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${TEXT}>${words}</text>`;
}

function polyline(points: number[][], color: string): string {
  const dots = points.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`).join('');
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots}`;
}

/** At the right end of each line, moved down where they would overlap. */
function labelsOf(series: Series[], y: (value: number) => number): string[] {
  let lowest = 0;
  return series
    .map(({ label, color, values }) => ({ label, color, at: y(values.at(-1) as number) + 4 }))
    .sort((a, b) => a.at - b.at)
    .map(({ label, color, at }) => {
      lowest = Math.max(at, lowest + 17);
      return `<text x="${WIDTH - RIGHT + 10}" y="${lowest}" font-family="system-ui, sans-serif" font-size="13" fill="${color}">${label}</text>`;
    });
}
