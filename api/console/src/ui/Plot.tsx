import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import css from './Chart.module.css';
import type { ChartProps, Series, Spans, Threshold } from './chart-props.ts';
import { useThemeVersion } from './theme.ts';

type PlotProps = ChartProps & { height: number; onHover: (index: number | null) => void };

/** The canvas of a chart; loaded with the first one. */
export default function Plot(props: PlotProps) {
  const { times, series, format, whole = false, threshold, marks, spans, height, onHover } = props;
  const host = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours anew when the theme changes
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const colour = (name: string) => colourOf(element, `var(${name})`);
    const line = colour('--line');
    const axis = {
      stroke: colour('--text-soft'),
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: FONT,
    };
    const drawn = [...series.map(({ values }) => values), threshold ? thresholdAt(threshold, times) : []];
    const top = Math.max(1, ...drawn.flat().filter((value) => value !== null)) * 1.1;
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        scales: { y: { range: [0, top] } },
        axes: [
          { ...axis, size: 32, values: (_plot, values) => values.map(clock) },
          { ...axis, size: 64, ...(whole && { incrs: WHOLE }), values: (_plot, values) => values.map(format) },
        ],
        series: [{}, ...series.map((one, index) => seriesOf(element, one, index === 0))],
        hooks: {
          setCursor: [({ cursor }) => onHover(cursor.idx ?? null)],
          drawClear: [
            (canvas) => {
              if (spans) drawSpans(canvas, spans, colourOf(element, faint(`var(--${spans.tone})`, 18)));
            },
          ],
          draw: [
            (canvas) => {
              if (threshold) drawThreshold(canvas, threshold, times, colour('--red'), colour('--ground'));
              for (const time of marks?.times ?? []) drawMark(canvas, time, toneOf(element, marks?.tone ?? 'red'));
            },
          ],
        },
      },
      [[...times], ...series.map(({ values }) => [...values])],
      element,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [times, series, format, whole, threshold, marks, spans, height, onHover, theme]);
  return <div ref={host} aria-hidden="true" className={css.plot} style={{ height }} />;
}

/** The first one is what the chart is about: the ground below it is tinted. */
function seriesOf(element: HTMLElement, one: Series, isFirst: boolean): UPlot.Series {
  const { label, tone, gaps = false } = one;
  const stroke = toneOf(element, tone);
  const isBeside = tone === 'grey';
  return {
    label,
    stroke,
    width: isBeside ? 1 : 1.5,
    ...(isBeside && { dash: [3, 3] }),
    ...(isFirst && { fill: colourOf(element, faint(`var(--${tone})`, 8)) }),
    spanGaps: !gaps,
    points: { show: true, size: 4, filter: () => alone(one) },
  };
}

/** The hour in the viewer's zone, at midnight the day. */
function clock(seconds: number): string {
  const time = new Date(seconds * 1_000);
  const isMidnight = time.getHours() === 0 && time.getMinutes() === 0;
  return isMidnight
    ? time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    : time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** 1, 2, 5, 10 … */
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

const FONT = '11px system-ui, sans-serif';

/** Measures that no line leads to or from: they are seen as points only. */
function alone({ values, gaps = false }: Series): number[] {
  const known = values.flatMap((value, index) => (value === null ? [] : [index]));
  if (!gaps) return known.length === 1 ? known : [];
  const isKnown = (index: number) => typeof values[index] === 'number';
  return known.filter((index) => !isKnown(index - 1) && !isKnown(index + 1));
}

function thresholdAt({ value }: Threshold, times: readonly number[]): readonly (number | null)[] {
  return typeof value === 'number' ? times.map(() => value) : value;
}

function drawThreshold(
  { ctx, bbox, valToPos }: UPlot,
  threshold: Threshold,
  times: readonly number[],
  colour: string,
  ground: string,
) {
  const values = thresholdAt(threshold, times);
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  let isOn = false;
  values.forEach((value, index) => {
    if (value === null) {
      isOn = false;
      return;
    }
    const [x, y] = [valToPos(times[index] ?? 0, 'x', true), valToPos(value, 'y', true)];
    if (isOn) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    isOn = true;
  });
  ctx.stroke();
  const last = values.findLast((value) => value !== null);
  if (typeof last === 'number') {
    const y = valToPos(last, 'y', true);
    // Below the line where there is no room above.
    const isAtTop = y - bbox.top < 16 * devicePixelRatio;
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.textAlign = 'right';
    const place = [bbox.left + bbox.width - 4, y + (isAtTop ? 13 : -4) * devicePixelRatio] as const;
    // To be read over the lines that it stands on.
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.strokeStyle = ground;
    ctx.strokeText(threshold.label, ...place);
    ctx.fillText(threshold.label, ...place);
  }
  ctx.restore();
}

/** What is shorter than a few pixels is to be seen all the same. */
function drawSpans({ ctx, bbox, valToPos }: UPlot, { ranges }: Spans, colour: string) {
  const least = 3 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour;
  for (const { from, to } of ranges) {
    const x = Math.max(valToPos(from, 'x', true), bbox.left);
    const end = Math.min(Math.max(valToPos(to, 'x', true), x + least), bbox.left + bbox.width);
    if (end > x) ctx.fillRect(x, bbox.top, end - x, bbox.height);
  }
  ctx.restore();
}

function drawMark({ ctx, bbox, valToPos }: UPlot, time: number, colour: string) {
  const x = valToPos(time, 'x', true);
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x - size, bbox.top);
  ctx.lineTo(x + size, bbox.top);
  ctx.lineTo(x, bbox.top + size * 1.6);
  ctx.fill();
  ctx.restore();
}

function toneOf(element: HTMLElement, tone: Series['tone']): string {
  return colourOf(element, tone === 'grey' ? 'var(--text-soft)' : `var(--${tone})`);
}

function faint(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
}

/** What a colour of the style sheet is by now; a canvas knows no variables. */
function colourOf(element: HTMLElement, value: string): string {
  element.style.color = value;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}
