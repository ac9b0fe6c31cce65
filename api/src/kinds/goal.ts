import type { Goal } from '../model/notifications.ts';
import { type Kind, text, textByName } from './kind.ts';

export const GOALS: Kind<Goal> = {
  singular: 'goal',
  view: 'notifications',
  within: 'site',
  fields: { site: text, event_name: text, page_path: text, props: textByName, currency: text },
  secrets: {},
  expressions: {},
  references: { site: 'sites' },
  help: {
    about: 'what counts as a completion on a site',
    example: 'example.com/Signup',
    create: 'example.com/Signup --event-name Signup',
    set: ['--props plan=pro', '--unset props currency'],
    pause: ['count no completions until it is resumed', 'count completions again'],
  },
};
