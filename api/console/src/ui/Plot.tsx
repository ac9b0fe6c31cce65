import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import css from './Chart.module.css';
import type { ChartProps } from './chart-props.ts';
import { useThemeVersion } from './theme.ts';

type PlotProps = ChartProps & { height: number; onHover: (index: number | null) => void };

/** The canvas of a chart; loaded with the first one. */
export default function Plot({ times, series, format, threshold, marks = [], height, onHover }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a canvas takes its colours anew when the theme changes
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const colour = (name: string) => colourOf(element, name);
    const line = colour('--line');
    const axis = {
      stroke: colour('--text-soft'),
      grid: { stroke: line, width: 1 },
      ticks: { stroke: line, width: 1 },
      font: FONT,
    };
    const tops = [...series.flatMap(({ values }) => values.filter((value) => value !== null)), threshold?.value ?? 0];
    const top = Math.max(1, ...tops) * 1.1;
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        scales: { y: { range: [0, top] } },
        axes: [
          { ...axis, values: (_plot, values) => values.map(clock) },
          { ...axis, size: 64, values: (_plot, values) => values.map(format) },
        ],
        series: [
          {},
          ...series.map(({ label, tone }) => {
            const stroke = colourOf(element, tone === 'grey' ? '--text-soft' : `--${tone}`);
            return { label, stroke, width: 1.5, spanGaps: true, points: { size: 4 } };
          }),
        ],
        hooks: {
          setCursor: [({ cursor }) => onHover(cursor.idx ?? null)],
          draw: [
            (drawn) => {
              if (threshold) drawThreshold(drawn, threshold, colour('--red'));
              for (const { time } of marks) drawMark(drawn, time, colour('--red'));
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
  }, [times, series, format, threshold, marks, height, onHover, theme]);
  return <div ref={host} aria-hidden="true" className={css.plot} style={{ height }} />;
}

/** The hour in the viewer's zone, at midnight the day. */
function clock(seconds: number): string {
  const time = new Date(seconds * 1_000);
  const isMidnight = time.getHours() === 0 && time.getMinutes() === 0;
  return isMidnight
    ? time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
    : time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

const FONT = '11px system-ui, sans-serif';

function drawThreshold(
  { ctx, bbox, valToPos }: UPlot,
  { value, label }: { value: number; label: string },
  colour: string,
) {
  const y = valToPos(value, 'y', true);
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'right';
  ctx.fillText(label, bbox.left + bbox.width - 4, y - 4 * devicePixelRatio);
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

/** What a token is by now; a canvas knows no variables. */
function colourOf(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}
