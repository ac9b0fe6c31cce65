import { BLANK_TRIGGER } from '../../api/src/model/blank.ts';
import type { Goal, Site, Trigger } from '../../api/src/model/notifications.ts';

export const aSite = (fields: Partial<Site> = {}): Site => ({
  id: 'site00000000001',
  account: 'acc000000000001',
  name: 'example.com',
  domain: 'example.com',
  timezone: 'Europe/Berlin',
  enabled: true,
  counted_by: 'hits',
  statistics_url: '',
  statistics_key: '',
  ...fields,
});

export const aGoal = (fields: Partial<Goal> = {}): Goal => ({
  id: 'goal00000000001',
  account: 'acc000000000001',
  site: 'site00000000001',
  name: 'Signup',
  enabled: true,
  event_name: '',
  page_path: '',
  props: null,
  currency: '',
  ...fields,
});

export const aTrigger = (fields: Partial<Trigger> = {}): Trigger => ({
  ...BLANK_TRIGGER,
  id: 'trig00000000001',
  account: 'acc000000000001',
  site: 'site00000000001',
  name: 'Launch day',
  threshold: 100,
  ...fields,
});
