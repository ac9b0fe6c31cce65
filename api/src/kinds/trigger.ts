import { LATE_CHOICES, NOTIFY_CHOICES, REPEAT_CHOICES, TRIGGER_TYPES, type Trigger } from '../model/notifications.ts';
import { type Kind, number, text } from './kind.ts';

const timeOfDay = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' };

export const TRIGGERS: Kind<Trigger> = {
  singular: 'trigger',
  view: 'notifications',
  within: 'site',
  fields: {
    site: text,
    type: { enum: TRIGGER_TYPES },
    goal: text,
    threshold: number,
    relative_threshold: number,
    window: text,
    cooldown: text,
    readings: number,
    repeat: { enum: REPEAT_CHOICES },
    quiet_hours: {
      type: ['object', 'null'],
      required: ['from', 'to'],
      properties: { from: timeOfDay, to: timeOfDay },
    },
    notify: { enum: NOTIFY_CHOICES },
    nth: number,
    expires_after: text,
    when_late: { enum: LATE_CHOICES },
    destinations: { type: 'array', items: text },
  },
  secrets: {},
  expressions: {},
  references: { site: 'sites', goal: 'goals', destinations: 'destinations' },
  help: {
    about: 'who is told of what on a site',
    example: 'example.com/Spike',
    create: 'example.com/Spike --type visitor_spike --threshold 50 --destinations discord',
    set: ['--window 5m --cooldown 1h', '--quiet-hours from=22:00 to=07:00 --unset repeat'],
    pause: ['tell nobody until it is resumed', 'tell again'],
  },
};
