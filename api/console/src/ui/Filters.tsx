import { type FormEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Button } from './Button.tsx';
import { TextField } from './Field.tsx';
import css from './Filters.module.css';
import { Icon } from './Icon.tsx';
import { useKeys } from './keys.ts';
import menu from './Menu.module.css';
import { Menu } from './Menu.tsx';

export interface FilterField {
  /** Its name in the URL. */
  name: string;
  /** In the menu: "Source". */
  title: string;
  /** Before the value, so that chips read as a sentence: "from", "of type", "since". */
  word: string;
  /** Its values; absent: any text. */
  options?: readonly { value: string; label: string }[];
  placeholder?: string;
}

export interface FiltersProps {
  /** What is filtered: "events". */
  noun: string;
  fields: readonly FilterField[];
  values: Readonly<Record<string, string | undefined>>;
  onChange: (name: string, value: string | undefined) => void;
  /** At the end of the line: a count, a pause button. */
  children?: ReactNode;
}

/** Filters as chips that read as a sentence. `/` adds one. */
export function Filters({ noun, fields, values, onChange, children }: FiltersProps) {
  const [editing, setEditing] = useState<string>();
  // Outlives its popover, which closes when anything else takes the keyboard, such as a login.
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const add = useRef<HTMLButtonElement>(null);
  useKeys(useMemo(() => [{ key: '/', label: 'Add a filter', run: () => add.current?.click() }], []));
  const shown = fields.filter(({ name }) => values[name] !== undefined || name === editing);
  return (
    <search className={css.filters} aria-label={`Filters of ${noun}`}>
      <span className={css.noun}>{shown.length === 0 ? `All ${noun}` : capitalised(noun)}</span>
      {shown.map((field) => (
        <Chip
          key={field.name}
          field={field}
          value={values[field.name]}
          editing={field.name === editing}
          draft={drafts[field.name] ?? values[field.name] ?? ''}
          onDraft={(draft) => setDrafts({ ...drafts, [field.name]: draft })}
          onEdit={(on) => setEditing(on ? field.name : undefined)}
          onChange={(value) => onChange(field.name, value)}
        />
      ))}
      <Menu
        label="Add a filter"
        trigger={
          <Button ref={add} small kind="plain" icon="filter">
            Filter
          </Button>
        }
        actions={fields.map(({ name, title }) => ({ id: name, label: title, run: () => setEditing(name) }))}
      />
      {children && <div className={css.rest}>{children}</div>}
    </search>
  );
}

interface ChipProps {
  field: FilterField;
  value: string | undefined;
  editing: boolean;
  /** What was typed into it and not applied yet. */
  draft: string;
  onDraft: (draft: string) => void;
  onEdit: (on: boolean) => void;
  onChange: (value: string | undefined) => void;
}

function Chip({ field, value, editing, draft, onDraft, onEdit, onChange }: ChipProps) {
  const button = useRef<HTMLButtonElement>(null);
  const label = field.options?.find((option) => option.value === value)?.label ?? value ?? '…';
  const change = (next: string | undefined) => {
    onEdit(false);
    onChange(next);
  };
  return (
    <span className={css.chip}>
      <button ref={button} type="button" onClick={() => onEdit(true)}>
        <span>{field.word}</span> <b>{label}</b>
      </button>
      <button
        type="button"
        className={css.remove}
        aria-label={`Remove ${field.word} ${label}`}
        onClick={() => change(undefined)}
      >
        <Icon name="close" size={12} />
      </button>
      <Popover
        className={menu.popover ?? ''}
        triggerRef={button}
        isOpen={editing}
        onOpenChange={onEdit}
        placement="bottom start"
      >
        <Dialog aria-label={field.title} className={css.editor ?? ''}>
          {field.options ? (
            <Options field={field} value={value} onChange={change} />
          ) : (
            <TextEditor field={field} draft={draft} onDraft={onDraft} onChange={change} />
          )}
        </Dialog>
      </Popover>
    </span>
  );
}

function Options({ field, value, onChange }: Pick<ChipProps, 'field' | 'value' | 'onChange'>) {
  return (
    <ListBox
      aria-label={field.title}
      className={css.options ?? ''}
      selectionMode="single"
      selectedKeys={value === undefined ? [] : [value]}
      onAction={(key) => onChange(String(key))}
      autoFocus
    >
      {(field.options ?? []).map((option) => (
        <ListBoxItem
          key={option.value}
          id={option.value}
          textValue={option.label}
          className={menu.item ?? ''}
          onAction={() => onChange(option.value)}
        >
          {option.label}
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

function TextEditor({ field, draft, onDraft, onChange }: Pick<ChipProps, 'field' | 'draft' | 'onDraft' | 'onChange'>) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(draft.trim() || undefined);
  };
  return (
    <form onSubmit={submit} style={{ display: 'contents' }}>
      <TextField label={field.title} value={draft} onChange={onDraft} placeholder={field.placeholder} autoFocus />
      <Button type="submit" kind="primary" small>
        Apply
      </Button>
    </form>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
