import css from './Skeleton.module.css';

/** A grey bar of the size of what comes. */
export function Skeleton({ width = '100%', height = 12 }: { width?: string; height?: number }) {
  return <span aria-hidden="true" className={css.bar} style={{ width, height }} />;
}

const WIDTHS = ['22%', '14%', '34%', '10%'];

/** The place of a part of the page that is still read. */
export function SkeletonBlock({ height }: { height: number }) {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton height={height} />
    </div>
  );
}

/** As many rows as a list will probably have. */
export function SkeletonRows({ rows = 12 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={row} className={css.row}>
          {WIDTHS.map((width) => (
            <Skeleton key={width} width={width} />
          ))}
        </div>
      ))}
    </div>
  );
}
