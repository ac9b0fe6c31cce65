import { checkRequestHeaders, checkRequestUrl, checkSuccess } from '../expressions/record-fields.ts';
import { DELIVERY_METHODS, DESTINATION_TYPE_NAMES, type Destination } from '../model/configuration.ts';
import { flag, type Kind, number, text, textByName, texts } from './kind.ts';
import { makeDestinationSecret } from './make-secret.ts';

export const DESTINATIONS: Kind<Destination> = {
  singular: 'destination',
  view: 'gateway',
  fields: {
    description: text,
    type: { enum: DESTINATION_TYPE_NAMES },
    method: { enum: ['', ...DELIVERY_METHODS] },
    url: text,
    headers: textByName,
    relay: {
      type: ['object', 'null'],
      properties: { headers: { type: ['array', 'string', 'null'], items: text }, query: { type: ['boolean', 'null'] } },
    },
    secrets: texts,
    secrets_overlap_until: text,
    notifications: flag,
    disabled_reason: text,
    paused: flag,
    rate_limit: number,
    max_concurrency: number,
    ordered: flag,
    retry_schedule: texts,
    timeout_ms: number,
    success: text,
  },
  secrets: { secrets: 'list', headers: 'map', url: 'text' },
  expressions: { success: checkSuccess, url: checkRequestUrl, headers: checkRequestHeaders },
  references: {},
  makeSecret: makeDestinationSecret,
  readWithoutSecrets: true,
  secretsGoTo: 'url',
  help: {
    about: 'where events go',
    example: 'discord',
    create: 'discord --type discord --destination-url @discord.url',
    set: ['--retry-schedule 0s 5s 5m --timeout-ms 5000', '--headers x-key=@key.txt --unset rate_limit'],
  },
};
