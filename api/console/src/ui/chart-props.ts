import type { Tone } from './Mark.tsx';

export interface Series {
  label: string;
  /** One for each time; null: no measure. */
  values: readonly (number | null)[];
  tone: Tone;
}

export interface ChartProps {
  title: string;
  /** In words, for those who don't see it: "Between 12 and 40 events a minute, 18 now." */
  summary: string;
  /** Seconds since 1970. */
  times: readonly number[];
  series: readonly Series[];
  /** Writes a value with its unit. */
  format: (value: number) => string;
  threshold?: { value: number; label: string } | undefined;
  /** Points that something happened at, such as a trigger's firings. */
  marks?: readonly { time: number; label: string }[];
  height?: number;
}
