import type { FieldInForm } from './secrets.ts';

/** A template is JSON or a text: here texts are written as they are, without the quotes and the \n of JSON. */
export function templateInput({ field, record }: FieldInForm) {
  const id = `template_${app.utils.randomString()}`;
  const local = store({ text: '' });
  let written: unknown;
  // Only as it was read can a text look like JSON and be none: in quotes it can't be taken for a mistake.
  if (isTextLikeJson(record[field.name])) record[field.name] = JSON.stringify(record[field.name]);
  const changed = watch(
    () => record[field.name],
    (value) => {
      if (value === undefined || value !== written) local.text = toText(value);
    },
  );

  return t.div(
    { className: 'record-field-input field-type-json', onunmount: () => changed.unwatch() },
    t.div(
      { className: 'field' },
      t.label(
        { htmlFor: id },
        t.i({ className: app.fieldTypes.json.icon, ariaHidden: true }),
        t.span({ className: 'txt' }, field.name),
      ),
      app.components.codeEditor({
        id,
        language: 'js',
        name: () => field.name,
        value: () => local.text,
        oninput: (text: string) => {
          local.text = text;
        },
        onblur: () => {
          written = toValue(local.text);
          record[field.name] = written;
        },
      }),
    ),
    t.div({ className: 'field-help' }, field.help),
  );
}

/** `{{` begins an expression, so a text. */
const LOOKS_LIKE_JSON = /^(?:\{(?!\{)|\[|")/;

/** As it is written in the form, of a stored value or of what `toValue` made. */
export function toText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  const text = unquoted(value);
  return LOOKS_LIKE_JSON.test(text.trim()) ? JSON.stringify(text) : text;
}

/** A JSON value; a text as JSON, which is how PocketBase's forms hold one; JSON with a mistake as it is, to be refused. */
export function toValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'null') return null;
  if (!LOOKS_LIKE_JSON.test(trimmed)) return JSON.stringify(text);
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'string' ? trimmed : value;
  } catch {
    return trimmed;
  }
}

function isTextLikeJson(value: unknown): boolean {
  return typeof value === 'string' && LOOKS_LIKE_JSON.test(value.trim()) && unquoted(value) === value;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
