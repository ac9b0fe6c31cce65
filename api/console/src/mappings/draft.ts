import { parseJson, stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';

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
}

export const EMPTY: Draft = { name: '', source: '', destination: '', filter: '', body: 'default', template: '' };

export function draftOf({ name, source, destination, filter, template }: Mapping): Draft {
  const known = { name: name ?? '', source: source ?? '', destination: destination ?? '', filter: filter ?? '' };
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

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft, template: unknown): Schemas['MappingChanges'] {
  const bodyDiffers = before.body !== after.body || before.template !== after.template;
  return {
    ...(before.name !== after.name && { name: after.name.trim() }),
    ...(before.source !== after.source && { source: after.source }),
    ...(before.destination !== after.destination && { destination: after.destination }),
    ...(before.filter !== after.filter && { filter: after.filter }),
    ...(bodyDiffers && { template: template as never }),
  };
}
