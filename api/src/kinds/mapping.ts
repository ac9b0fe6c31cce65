import { checkFilter, checkTemplate } from '../expressions/record-fields.ts';
import type { Mapping } from '../model/configuration.ts';
import { type Kind, text } from './kind.ts';

export const MAPPINGS: Kind<Mapping> = {
  singular: 'mapping',
  view: 'gateway',
  fields: { source: text, destination: text, filter: text, template: {}, content_type: text },
  secrets: {},
  expressions: { filter: checkFilter, template: checkTemplate },
  references: { source: 'sources', destination: 'destinations' },
  help: {
    about: 'which events of a source go to a destination',
    example: "'github → discord'",
    create: '--source github --destination discord --filter \'body.action == "opened"\'',
    set: [`--template '{"content": "{{ data.title }}"}'`, '--unset filter template'],
    pause: ['decide nothing by it until it is resumed; a replay catches up', 'decide by it again'],
  },
};
