import { parseJson, stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { differences } from '../app/form-texts.ts';

type Mapping = Schemas['Mapping'];

/** A mapping as its editor has it: texts, as typed. */
export interface Draft {
  name: string;
  source: string;
  destination: string;
  filter: string;
  /** `default`: what the type of the destination makes of an event. */
  body: 'default' | 'json' | 'text';
  template: string;
  /** Of the rendered body; empty: that of JSON, or of plain text. */
  contentType: string;
}

export const EMPTY: Draft = {
  name: '',
  source: '',
  destination: '',
  filter: '',
  body: 'default',
  template: '',
  contentType: '',
};

export function draftOf({ name, source, destination, filter, template, content_type }: Mapping): Draft {
  const of = { name: name ?? '', source: source ?? '', destination: destination ?? '' };
  const known = { ...of, filter: filter ?? '', contentType: content_type ?? '' };
  if (template === null || template === undefined) return { ...known, body: 'default', template: '' };
  if (typeof template === 'string') return { ...known, body: 'text', template };
  return { ...known, body: 'json', template: stringifyJson(template, 2) };
}

export type TemplateValue = { value: unknown; problem?: never } | { problem: string };

/** The template as the API takes it, or what is wrong with its JSON. */
export function templateOf({ body, template }: Pick<Draft, 'body' | 'template'>): TemplateValue {
  if (body === 'default') return { value: null };
  if (body === 'text') return { value: template };
  try {
    return { value: parseJson(template) };
  } catch (fault) {
    return { problem: `This is no JSON yet: ${(fault as SyntaxError).message}` };
  }
}

/** Every field as the API takes it; the template is that of `templateOf`. */
export function fieldsOf(draft: Draft, template: unknown) {
  const { source, destination, filter } = draft;
  const content_type = contentTypeOf(draft);
  return { name: draft.name.trim(), source, destination, filter, template: template as never, content_type };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft, template: unknown): Schemas['MappingChanges'] {
  const then = templateOf(before);
  return differences(fieldsOf(before, 'value' in then ? then.value : undefined), fieldsOf(after, template));
}

/** A default body has the type that its destination's kind gives it. */
export function contentTypeOf({ body, contentType }: Pick<Draft, 'body' | 'contentType'>): string {
  return body === 'default' ? '' : contentType.trim();
}
