import type { Site } from '../model/notifications.ts';
import { type Kind, text } from './kind.ts';

export const SITES: Kind<Site> = {
  singular: 'site',
  view: 'notifications',
  nameFrom: 'domain',
  fields: { domain: text, timezone: text },
  secrets: {},
  expressions: {},
  references: {},
  help: {
    about: 'whose visitors are counted',
    example: 'example.com',
    create: 'example.com --timezone Europe/Berlin',
    set: ['--timezone Europe/Berlin', '--no-enabled'],
    pause: ['drop its hits and tell nobody until it is resumed', 'count its visitors again'],
  },
};
