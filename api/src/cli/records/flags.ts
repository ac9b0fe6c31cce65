import { type Command, InvalidArgumentError, Option } from 'commander';
import { capitalized } from '../../kinds/index.ts';
import { GLOBAL_FLAGS } from '../api/wording.ts';
import { type Noun, singularOf } from '../nouns.ts';
import type { Field } from './fields.ts';

/** The flag of a field: `--retry-schedule`, or `--destination-url` if a global flag has its name. */
export function flagOf(kind: Noun, field: string): string {
  const word = field.replaceAll('_', '-');
  return `--${GLOBAL_FLAGS.includes(word) ? `${singularOf(kind)}-${word}` : word}`;
}

/** The value given for a field's flag; undefined if it was not given. */
export type Given = Record<string, unknown>;

/** Adds an option for each field, in the order of the contract, without defaults, so that `given` returns set ones only. */
export function addFieldOptions(command: Command, kind: Noun, fields: Field[]) {
  const keys = new Map<string, string>();
  for (const field of fields) {
    const [option, ...others] = optionsOf(kind, field);
    if (!option) continue;
    keys.set(field.name, option.attributeName());
    for (const one of [option, ...others]) command.addOption(one);
  }
  return (flags: Record<string, unknown>): Given =>
    Object.fromEntries([...keys].flatMap(([field, key]) => (key in flags ? [[field, flags[key]]] : [])));
}

function optionsOf(kind: Noun, field: Field): Option[] {
  const { form, schema } = field;
  const flag = flagOf(kind, field.name);
  const means = meaningOf(field);
  switch (form) {
    case 'flag':
      return [
        new Option(flag, means),
        new Option(flag.replace('--', '--no-'), `not ${field.name.replaceAll('_', ' ')}`),
      ];
    case 'choice':
      return [new Option(`${flag} <name>`, means).choices(schema.enum ?? [])];
    case 'number':
      return [new Option(`${flag} <n>`, means).argParser((text) => parseNumber(text, field))];
    case 'list':
      return [new Option(`${flag} <text...>`, means)];
    case 'map':
      return [new Option(`${flag} <name=text|json...>`, means)];
    case 'reference':
      return [new Option(`${flag} <name|id>`, means)];
    case 'references':
      return [new Option(`${flag} <name|id...>`, means)];
    case 'any':
      return [new Option(`${flag} <json|text>`, means)];
    case 'text':
      return [new Option(`${flag} <text>`, means)];
  }
}

function parseNumber(text: string, { schema }: Field): number {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number >= minimum && number <= maximum && (schema.type !== 'integer' || Number.isInteger(number))) return number;
  throw new InvalidArgumentError(
    `Write a ${schema.type === 'integer' ? 'whole ' : ''}number from ${minimum} to ${maximum}.`,
  );
}

/** The first sentence of the contract's description, without markup. */
function meaningOf({ name, schema: { description = '' }, refersTo }: Field): string {
  const text = description.replace(/\s+/g, ' ').replaceAll('`', '').trim();
  const sentence = /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
  if (sentence) return sentence.replace(/\.$/, '');
  return refersTo ? `name of a ${singularOf(refersTo)}` : capitalized(name.replaceAll('_', ' '));
}
