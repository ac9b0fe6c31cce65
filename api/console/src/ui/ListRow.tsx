import { type MouseEvent, memo, type ReactNode } from 'react';
import css from './List.module.css';

export interface Column<T> {
  head: string;
  cell: (row: T) => ReactNode;
  /** A CSS width; columns without one share the rest. */
  width?: string;
  end?: boolean;
  /** Shown only where there is room: not on phones, not beside the panel. */
  wide?: boolean;
}

export interface ListRowProps<T> {
  row: T;
  id: string;
  href: string;
  columns: readonly Column<T>[];
  open: boolean;
  /** Undefined: rows can't be chosen. */
  chosen: boolean | undefined;
  onClick: (row: T, event: MouseEvent) => void;
  onFollow: (row: T, event: MouseEvent) => void;
  onToggle: (id: string) => void;
}

/** One row; drawn anew only when it has changed, since a live list has hundreds. */
export const ListRow = memo(Row) as typeof Row;

function Row<T>({ row, id, href, columns, open, chosen, onClick, onFollow, onToggle }: ListRowProps<T>) {
  return (
    <tr
      data-row={id}
      aria-selected={chosen}
      className={`${css.row} ${open ? css.open : ''}`}
      onClick={(event) => onClick(row, event)}
    >
      {chosen !== undefined && (
        <td className={css.choose}>
          <input type="checkbox" aria-label="Choose" checked={chosen} onChange={() => onToggle(id)} />
        </td>
      )}
      {columns.map(({ head, cell, end, wide }, index) => (
        <td key={head} className={columnClass(end, wide)}>
          {index === 0 ? (
            <a href={href} onClick={(event) => onFollow(row, event)}>
              {cell(row)}
            </a>
          ) : (
            cell(row)
          )}
        </td>
      ))}
    </tr>
  );
}

export function columnClass(end = false, wide = false): string {
  return [end && css.end, wide && css.wide].filter(Boolean).join(' ');
}
