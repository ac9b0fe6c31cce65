import { type InputHTMLAttributes, type ReactNode, useId } from 'react';
import css from './Field.module.css';
import { Icon } from './Icon.tsx';

interface Common {
  label: string;
  /** Below the field: what it takes, an example. */
  hint?: ReactNode;
  /** What was wrong with it; see `errorOf`. */
  error?: string | undefined;
}

/** The frame of a field: label, control, hint, error; they are tied to each other for those who listen. */
export function Field({
  label,
  hint,
  error,
  children,
}: Common & {
  children: (bound: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean }) => ReactNode;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error !== undefined })}
      {hint && (
        <span id={`${id}-hint`} className={css.hint}>
          {hint}
        </span>
      )}
      {error && (
        <span id={`${id}-error`} className={css.error}>
          <Icon name="error" size={14} />
          {error}
        </span>
      )}
    </div>
  );
}

type Own = 'value' | 'onChange' | 'className' | 'id';

export interface TextFieldProps extends Common, Omit<InputHTMLAttributes<HTMLInputElement>, Own> {
  value: string;
  onChange: (value: string) => void;
  /** In a fixed-width font. */
  code?: boolean;
}

export function TextField({ label, hint, error, value, onChange, code = false, ...rest }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(bound) => (
        <input
          {...rest}
          {...bound}
          className={inputClass(code)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface TextAreaProps extends Common {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  code?: boolean;
}

export function TextArea({ label, hint, error, value, onChange, rows = 4, code = false }: TextAreaProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(bound) => (
        <textarea
          {...bound}
          rows={rows}
          className={inputClass(code)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface SelectProps<T extends string> extends Common {
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string }[];
}

/** One of a few; the browser's own control, which phones know best. */
export function Select<T extends string>({ label, hint, error, value, onChange, options }: SelectProps<T>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(bound) => (
        <select {...bound} className={css.input} value={value} onChange={(event) => onChange(event.target.value as T)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface CheckboxProps {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
}

export function Checkbox({ label, checked, onChange, hint }: CheckboxProps) {
  return (
    <label className={css.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint && <span className={css.hint}> {hint}</span>}
      </span>
    </label>
  );
}

function inputClass(code: boolean): string {
  return [css.input, code && css.code].filter(Boolean).join(' ');
}
