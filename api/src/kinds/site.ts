import { COUNTED_BY_CHOICES, type Site } from '../model/notifications.ts';
import { type Kind, text } from './kind.ts';

export const SITES: Kind<Site> = {
  singular: 'site',
  view: 'notifications',
  nameFrom: 'domain',
  fields: {
    domain: text,
    timezone: text,
    counted_by: { enum: COUNTED_BY_CHOICES },
    statistics_url: text,
    statistics_key: text,
  },
  secrets: { statistics_key: 'text' },
  expressions: {},
  references: {},
  secretsGoTo: 'statistics_url',
  help: {
    about: 'whose visitors are counted',
    example: 'example.com',
    create: 'example.com --timezone Europe/Berlin',
    set: ['--timezone Europe/Berlin', '--counted-by plausible --statistics-key @key.txt'],
    pause: ['drop its hits and tell nobody until it is resumed', 'count its visitors again'],
  },
};
