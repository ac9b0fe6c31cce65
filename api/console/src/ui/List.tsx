import { useNavigate } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useMemo, useRef } from 'react';
import { Button, buttonClass, IconButton } from './Button.tsx';
import { Icon } from './Icon.tsx';
import { type Key, useKeys } from './keys.ts';
import css from './List.module.css';
import { type Column, columnClass, ListRow } from './ListRow.tsx';

export type { Column };

export interface ListProps<T> {
  /** Read out: "Events". */
  label: string;
  rows: readonly T[];
  idOf: (row: T) => string;
  /** The row's own page. */
  hrefOf: (row: T) => string;
  /** The first one's content becomes the link to the row. */
  columns: readonly Column<T>[];
  /** The row that is open at the side, and what is shown there. */
  openId?: string | undefined;
  onOpen?: (id: string | undefined) => void;
  panel?: ReactNode;
  /** Rows that can be chosen, for acts on many. */
  chosen?: ReadonlySet<string>;
  onChoose?: (chosen: ReadonlySet<string>) => void;
  /** Keys that act on the row that has the focus or is open: {r: {label: 'retry', run}}. */
  rowKeys?: Record<string, { label: string; run: (row: T) => void }>;
  /** There are more rows than these. */
  more?: { load: () => void; loading: boolean } | undefined;
  /** Told when the list is scrolled away from its top, and back. */
  onAtTop?: (atTop: boolean) => void;
  children?: ReactNode;
}

/** Below this width a click leads to the row's page: there is no room beside the list. */
const PANEL_FITS = '(min-width: 1101px)';

/** A dense list. Click: at the side; Enter: its page; j and k: down and up. `children` stand below the rows. */
export function List<T>(props: ListProps<T>) {
  const { label, rows, idOf, hrefOf, columns, openId, panel, chosen, onChoose, more, onAtTop, children } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  useListKeys(props, body);

  const handlers = useRowHandlers(props);
  const open = openId !== undefined && panel !== undefined;

  return (
    <div className={`${css.split} ${open ? css.narrow : ''}`}>
      <div className={css.scroll} onScroll={(event) => onAtTop?.(event.currentTarget.scrollTop < 8)}>
        <table className={css.table} aria-label={label}>
          <thead>
            <tr>
              {onChoose && (
                <th scope="col" className={css.choose}>
                  <ChooseAll rows={rows} idOf={idOf} chosen={chosen ?? new Set()} onChoose={onChoose} />
                </th>
              )}
              {columns.map(({ head, width, end, wide }) => (
                <th key={head} scope="col" style={{ width }} className={columnClass(end, wide)}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {rows.map((row) => {
              const id = idOf(row);
              return (
                <ListRow
                  key={id}
                  row={row}
                  id={id}
                  href={hrefOf(row)}
                  columns={columns}
                  open={id === openId}
                  chosen={onChoose && (chosen?.has(id) ?? false)}
                  {...handlers}
                />
              );
            })}
          </tbody>
        </table>
        {children}
        {more && (
          <div className={css.more}>
            <Button onClick={more.load} pending={more.loading}>
              Show more
            </Button>
          </div>
        )}
      </div>
      {open && <Panel {...props}>{panel}</Panel>}
    </div>
  );
}

/** The same functions as long as the list is there, so that rows need not be drawn anew. */
function useRowHandlers<T>(props: ListProps<T>) {
  const navigate = useNavigate();
  const latest = useRef(props);
  latest.current = props;
  return useMemo(() => {
    const onFollow = (row: T, event: MouseEvent) => {
      const { idOf, hrefOf, openId, onOpen } = latest.current;
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      // A click that a key made has no count.
      if (onOpen && event.detail !== 0 && matchMedia(PANEL_FITS).matches) {
        onOpen(openId === idOf(row) ? undefined : idOf(row));
        event.currentTarget.closest('tr')?.querySelector('a')?.focus({ preventScroll: true });
      } else void navigate({ to: hrefOf(row) });
    };
    const onClick = (row: T, event: MouseEvent) => {
      if ((event.target as Element).closest('a, button, input, label')) return;
      if (event.metaKey || event.ctrlKey) window.open(latest.current.hrefOf(row), '_blank', 'noopener');
      else if (getSelection()?.isCollapsed !== false) onFollow(row, event);
    };
    const onToggle = (id: string) => {
      const { chosen, onChoose } = latest.current;
      onChoose?.(toggled(chosen ?? new Set(), id));
    };
    return { onFollow, onClick, onToggle };
  }, [navigate]);
}

function Panel<T>({ rows, idOf, hrefOf, openId, onOpen, label, children }: ListProps<T>) {
  const row = rows.find((each) => idOf(each) === openId);
  return (
    <aside className={css.panel} aria-label={`${label}: the open one`}>
      <div className={css.panelHead}>
        {row !== undefined && (
          <a className={buttonClass({ kind: 'plain', small: true })} href={hrefOf(row)}>
            <Icon name="external" size={14} />
            Open page
          </a>
        )}
        <IconButton small icon="close" label="Close (Esc)" onClick={() => onOpen?.(undefined)} />
      </div>
      <div className={css.panelBody}>{children}</div>
    </aside>
  );
}

function ChooseAll<T>({
  rows,
  idOf,
  chosen,
  onChoose,
}: Required<Pick<ListProps<T>, 'rows' | 'idOf' | 'chosen' | 'onChoose'>>) {
  const all = rows.length > 0 && rows.every((row) => chosen.has(idOf(row)));
  return (
    <input
      type="checkbox"
      aria-label="Choose all"
      ref={(box) => {
        if (box) box.indeterminate = !all && chosen.size > 0;
      }}
      checked={all}
      onChange={() => onChoose(all ? new Set() : new Set(rows.map(idOf)))}
    />
  );
}

function useListKeys<T>(props: ListProps<T>, body: { current: HTMLTableSectionElement | null }): void {
  const latest = useRef(props);
  latest.current = props;
  const names = Object.entries(props.rowKeys ?? {})
    .map(([key, { label }]) => `${key}\n${label}`)
    .join('\n\n');
  const choosing = props.onChoose !== undefined;
  const opening = props.onOpen !== undefined;
  const keys = useMemo((): Key[] => {
    const current = () => {
      const { rows, idOf, openId } = latest.current;
      const focused = document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row ?? openId;
      return rows.findIndex((row) => idOf(row) === focused);
    };
    const move = (step: number) => {
      const { rows, idOf, openId, onOpen } = latest.current;
      const at = current();
      const next = rows[at === -1 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
      if (next === undefined) return;
      const link = body.current?.querySelector<HTMLElement>(`[data-row="${idOf(next)}"] a`);
      link?.focus();
      link?.scrollIntoView({ block: 'nearest' });
      if (openId !== undefined) onOpen?.(idOf(next));
    };
    const withRow = (run: (row: T) => void) => () => {
      const row = latest.current.rows[current()];
      if (row !== undefined) run(row);
    };
    const own = names === '' ? [] : names.split('\n\n').map((entry) => entry.split('\n') as [string, string]);
    return [
      { key: 'j', label: 'Next row', run: () => move(1) },
      { key: 'k', label: 'Previous row', run: () => move(-1) },
      { key: 'Enter', label: 'Open the page of the row' },
      ...(choosing ? [{ key: 'x', label: 'Choose the row', run: withRow((row) => choose(latest.current, row)) }] : []),
      ...(opening
        ? [
            {
              key: 'o',
              label: 'Open the row at the side',
              run: withRow((row) => latest.current.onOpen?.(latest.current.idOf(row))),
            },
            { key: 'Escape', label: 'Close the side', run: () => latest.current.onOpen?.(undefined) },
          ]
        : []),
      ...own.map(([key, label]) => ({ key, label, run: withRow((row) => latest.current.rowKeys?.[key]?.run(row)) })),
    ];
  }, [names, choosing, opening, body]);
  useKeys(keys);
}

function choose<T>({ chosen, onChoose, idOf }: ListProps<T>, row: T): void {
  onChoose?.(toggled(chosen ?? new Set(), idOf(row)));
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
