import type { Tone } from './Mark.tsx';

export interface Series {
  label: string;
  /** One for each time; null: no measure. */
  values: readonly (number | null)[];
  tone: Tone;
  /** What was not measured is a gap; else the line goes on over it. */
  gaps?: boolean;
}

/** A line to compare with, labelled where it ends; a list: it is another one at each time. */
export interface Threshold {
  value: number | readonly (number | null)[];
  label: string;
}

/** Points that something happened at. */
export interface Marks {
  label: string;
  tone: Tone;
  /** Seconds since 1970. */
  times: readonly number[];
}

/** Times that something lasted. */
export interface Spans {
  label: string;
  tone: Tone;
  /** Seconds since 1970. */
  ranges: readonly { from: number; to: number }[];
}

export interface ChartProps {
  title: string;
  /** A heading above it says the same. */
  untitled?: boolean;
  /** In words, for those who don't see it: "Between 12 and 40 events a minute, 18 now." */
  summary: string;
  /** Seconds since 1970. */
  times: readonly number[];
  series: readonly Series[];
  /** Writes a value with its unit. */
  format: (value: number) => string;
  /** Values are counts: the axis has no parts of one. */
  whole?: boolean;
  threshold?: Threshold | undefined;
  marks?: Marks | undefined;
  spans?: Spans | undefined;
  height?: number;
}

/** The text in place of a picture of lines. */
export function inWords(series: readonly Series[], format: (value: number) => string): string {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: none`;
      return `${label}: between ${format(Math.min(...known))} and ${format(Math.max(...known))}, ${format(known.at(-1) ?? 0)} at last`;
    })
    .join('; ');
}
