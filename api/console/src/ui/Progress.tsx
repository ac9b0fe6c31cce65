import css from './Progress.module.css';

export interface ProgressProps {
  value: number;
  max: number;
  /** Read out: "1,200 of 3,000 events". */
  label: string;
}

/** How far something is. Nothing to do counts as done. */
export function Progress({ value, max, label }: ProgressProps) {
  return <progress className={css.progress} max={Math.max(1, max)} value={max === 0 ? 1 : value} aria-label={label} />;
}
