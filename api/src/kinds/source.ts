import { checkExtraction, checkList, checkOptional } from '../expressions/record-fields.ts';
import {
  ALGORITHMS,
  MALFORMED_CHOICES,
  PAUSED_ANSWERS,
  type Source,
  VERIFICATION_SCHEMES,
} from '../model/configuration.ts';
import { fieldsFromPreset } from '../presets/index.ts';
import { checkAnswer } from './check-answer.ts';
import { flag, type Kind, number, text, textByName, textOrNull, texts } from './kind.ts';
import { makeSourceSecret } from './make-secret.ts';

const TEXT_OPTIONS = [
  ...['header', 'place', 'prefix', 'field', 'signed', 'timestamp', 'tolerance'],
  ...['url', 'issuer', 'audience', 'body_hash', 'secret_from'],
];

export const SOURCES: Kind<Source> = {
  singular: 'source',
  view: 'gateway',
  fields: {
    preset: text,
    verification: { enum: VERIFICATION_SCHEMES },
    verification_options: {
      type: ['object', 'null'],
      properties: {
        ...Object.fromEntries(TEXT_OPTIONS.map((name) => [name, textOrNull])),
        algorithm: { enum: [...ALGORITHMS, null] },
        encoding: { enum: ['hex', 'base64', null] },
        key: { enum: ['text', 'base64', 'hex', null] },
      },
    },
    secrets: texts,
    secret_unshown: flag,
    event_type: text,
    dedupe_key: text,
    split: text,
    extract: textByName,
    answer: {
      type: ['object', 'null'],
      properties: { status: { type: ['integer', 'null'] }, content_type: textOrNull },
    },
    not_redacted: texts,
    when_paused: { enum: PAUSED_ANSWERS },
    on_malformed: { enum: MALFORMED_CHOICES },
    cors_origins: texts,
    max_body_bytes: number,
    rate_limit: number,
  },
  secrets: { secrets: 'list' },
  expressions: {
    event_type: checkOptional,
    dedupe_key: checkOptional,
    split: checkList,
    answer: checkAnswer,
    extract: checkExtraction,
  },
  references: {},
  makeSecret: makeSourceSecret,
  complete: fieldsFromPreset,
  help: {
    about: 'what may send events',
    example: 'github',
    create: 'zoom --preset zoom --secrets @zoom.secret',
    set: ['--rate-limit 50 --no-enabled', '--extract title=body.issue.title --unset extract.url dedupe_key'],
    pause: ['refuse its requests, as when_paused says, until it is resumed', 'take events again'],
  },
};
