import { createHmac } from 'node:crypto';
import { base64, hex, ISO, MILLISECONDS, NOW, SECONDS, SECRET, URL_OF_SOURCE, type Vendors } from './vendor.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const BUSINESS: Vendors = {
  asana: {
    body: {
      events: [
        {
          user: { gid: '1203', resource_type: 'user' },
          created_at: ISO,
          action: 'changed',
          resource: { gid: '1337', resource_type: 'task', resource_subtype: 'default_task' },
          parent: null,
          change: { field: 'due_on', action: 'changed' },
        },
        { action: 'deleted', resource: { gid: '1338', resource_type: 'story' }, parent: { gid: '1337' } },
      ],
    },
    events: 2,
    sign: (body) => ({ 'x-hook-signature': hex(body) }),
    type: 'task.changed',
    key: '',
    data: { action: 'changed', object: '1337', sender: '1203', field: 'due_on' },
  },
  notion: {
    body: {
      id: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
      timestamp: ISO,
      workspace_id: '13950b26',
      workspace_name: 'Acme',
      subscription_id: '29d75c0d',
      integration_id: '0ef2e755',
      type: 'page.created',
      authors: [{ id: 'c7c11cca', type: 'person' }],
      attempt_number: 1,
      entity: { id: '153104cd', type: 'page' },
      data: { parent: { id: '13950b26', type: 'space' } },
    },
    sign: (body) => ({ 'x-notion-signature': `sha256=${hex(body)}` }),
    type: 'page.created',
    key: '367cba44-b6f3-4c92-81e7-6a2e9659efd4',
    data: { object: '153104cd', kind: 'page', sender: 'c7c11cca', workspace: 'Acme' },
  },
  hubspot: {
    body: [
      {
        eventId: 1,
        subscriptionId: 12345,
        portalId: 33,
        occurredAt: 1564113600000,
        subscriptionType: 'contact.propertyChange',
        attemptNumber: 0,
        objectId: 1246,
        propertyName: 'lifecycle',
      },
      { eventId: 2, subscriptionId: 12345, portalId: 33, subscriptionType: 'contact.creation', objectId: 1247 },
    ],
    events: 2,
    sign: (body) => ({
      'x-hubspot-request-timestamp': MILLISECONDS,
      'x-hubspot-signature-v3': base64(`POST${URL_OF_SOURCE}${body}${MILLISECONDS}`),
    }),
    type: 'contact.propertyChange',
    key: '[12345,1,1564113600000]',
    data: { object: 1246, property: 'lifecycle', portal: 33 },
  },
  intercom: {
    body: {
      type: 'notification_event',
      topic: 'conversation.user.created',
      id: 'notif_1',
      data: {
        item: {
          state: 'open',
          source: { subject: 'Help', author: { email: 'u@example.com' } },
          links: { conversation_web: 'https://app.intercom.com/c/1' },
        },
      },
    },
    sign: (body) => ({ 'x-hub-signature': `sha1=${hex(body, 'sha1')}` }),
    type: 'conversation.user.created',
    key: 'notif_1',
    data: { title: 'Help', sender: 'u@example.com', url: 'https://app.intercom.com/c/1', status: 'open' },
  },
  zendesk: {
    body: {
      type: 'zen:event-type:ticket.created',
      id: 'z1',
      detail: { id: '35436', subject: 'Printer on fire', status: 'NEW' },
    },
    sign: (body) => ({
      'x-zendesk-webhook-signature-timestamp': ISO,
      'x-zendesk-webhook-signature': base64(`${ISO}${body}`),
    }),
    type: 'zen:event-type:ticket.created',
    key: 'z1',
    data: { title: 'Printer on fire', object: '35436', status: 'NEW' },
  },
  calendly: {
    body: {
      event: 'invitee.created',
      payload: {
        email: 't@example.com',
        status: 'active',
        scheduled_event: { name: '15 Minute Meeting', uri: 'https://api.calendly.com/scheduled_events/1' },
      },
    },
    sign: (body) => ({ 'calendly-webhook-signature': `t=${SECONDS},v1=${hex(`${SECONDS}.${body}`)}` }),
    type: 'invitee.created',
    key: '',
    data: {
      title: '15 Minute Meeting',
      sender: 't@example.com',
      url: 'https://api.calendly.com/scheduled_events/1',
      status: 'active',
    },
  },
  typeform: {
    body: {
      event_id: 'LtWXD3crgy',
      event_type: 'form_response',
      form_response: { form_id: 'lT4Z3j', definition: { title: 'Webhooks example' } },
    },
    sign: (body) => ({ 'typeform-signature': `sha256=${base64(body)}` }),
    type: 'form_response',
    key: 'LtWXD3crgy',
    data: { title: 'Webhooks example', object: 'lT4Z3j' },
  },
  docusign: {
    body: {
      event: 'envelope-completed',
      data: {
        envelopeId: 'e1',
        envelopeSummary: { emailSubject: 'Please sign', status: 'completed', sender: { email: 's@example.com' } },
      },
    },
    sign: (body) => ({ 'x-docusign-signature-1': base64(body) }),
    type: 'envelope-completed',
    key: '',
    data: { title: 'Please sign', sender: 's@example.com', object: 'e1', status: 'completed' },
  },
  box: {
    body: {
      type: 'webhook_event',
      id: 'eb0c4e06',
      trigger: 'FILE.UPLOADED',
      created_by: { login: 'd@example.com' },
      source: { id: '73835521473', type: 'file', name: 'Test.txt' },
    },
    sign: (body) => ({ 'box-delivery-timestamp': ISO, 'box-signature-primary': base64(`${body}${ISO}`) }),
    type: 'FILE.UPLOADED',
    key: 'eb0c4e06',
    data: { title: 'Test.txt', sender: 'd@example.com', object: '73835521473' },
  },
  dropbox: {
    body: { list_folder: { accounts: ['dbid:AAH4f99T0taONIb'] }, delta: { users: [12345678] } },
    sign: (body) => ({ 'x-dropbox-signature': hex(body) }),
    type: 'files.changed',
    key: '',
    data: { account: 'dbid:AAH4f99T0taONIb' },
  },
  trello: {
    body: {
      action: {
        id: '51f9424bcd6e040f3c002412',
        type: 'updateCard',
        data: { card: { name: 'Webhooks' }, board: { name: 'Trello Development' } },
        memberCreator: { fullName: 'Doug Patti' },
      },
      model: { url: 'https://trello.com/b/nC8QJJoZ' },
    },
    sign: (body) => ({ 'x-trello-webhook': base64(`${body}${URL_OF_SOURCE}`, 'sha1') }),
    type: 'updateCard',
    key: '51f9424bcd6e040f3c002412',
    data: {
      title: 'Webhooks',
      sender: 'Doug Patti',
      board: 'Trello Development',
      url: 'https://trello.com/b/nC8QJJoZ',
    },
  },
  monday: {
    body: {
      event: { type: 'create_pulse', triggerUuid: 'b5ed', pulseName: 'My new item', pulseId: 1111, boardId: 2222 },
    },
    sign() {
      const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ accountId: 1, exp: NOW / 1000 + 300 })}`;
      const signature = createHmac('sha256', SECRET).update(content).digest('base64url');
      return { authorization: `${content}.${signature}` };
    },
    type: 'create_pulse',
    key: 'b5ed',
    data: { title: 'My new item', object: 1111, board: 2222 },
  },
  smartsheet: {
    body: {
      nonce: 'n',
      scopeObjectId: 4509093797881732,
      events: [
        { objectType: 'row', eventType: 'created', userId: 25 },
        { objectType: 'row', eventType: 'updated', userId: 25 },
      ],
    },
    events: 2,
    sign: (body) => ({ 'smartsheet-hmac-sha256': hex(body) }),
    type: 'created',
    key: '',
    data: { object: 4509093797881732, sender: 25 },
  },
  airtable: {
    body: { base: { id: 'app00000000000000' }, webhook: { id: 'ach00000000000000' }, timestamp: ISO },
    sign(body) {
      const key = Buffer.from(SECRET, 'base64');
      return { 'x-airtable-content-mac': `hmac-sha256=${createHmac('sha256', key).update(body).digest('hex')}` };
    },
    type: 'base.changed',
    key: '',
    data: { base: 'app00000000000000', webhook: 'ach00000000000000' },
  },
  figma: {
    body: {
      event_type: 'FILE_UPDATE',
      file_key: 'zH4K',
      file_name: 'Design',
      passcode: SECRET,
      triggered_by: { handle: 'me' },
    },
    type: 'FILE_UPDATE',
    key: '',
    data: { title: 'Design', sender: 'me', object: 'zH4K' },
  },
  strava: {
    body: { aspect_type: 'update', object_id: 1360128428, object_type: 'activity', owner_id: 134815 },
    type: 'activity.update',
    key: '',
    data: { object: 1360128428, sender: 134815 },
  },
  clickup: {
    body: {
      webhook_id: '7689a169-a000-4985-8676-6902b96d6627',
      event: 'taskStatusUpdated',
      task_id: 'c0j',
      history_items: [{ id: '2800763136717140857', field: 'status', user: { username: 'John' } }],
    },
    sign: (body) => ({ 'x-signature': hex(body) }),
    type: 'taskStatusUpdated',
    key: '',
    data: { object: 'c0j', sender: 'John', property: 'status' },
  },
  attio: {
    headers: { 'idempotency-key': 'a1' },
    body: {
      webhook_id: '8a0e1b2c',
      events: [
        {
          event_type: 'record.updated',
          id: { workspace_id: '14beef7a', object_id: '97052eb9', record_id: 'bf071e1f' },
          actor: { type: 'workspace-member', id: '50cf242c' },
        },
      ],
    },
    events: 1,
    sign: (body) => ({ 'attio-signature': hex(body) }),
    type: 'record.updated',
    key: 'a1#1',
    data: { object: 'bf071e1f', sender: '50cf242c' },
  },
  'cal-com': {
    body: {
      triggerEvent: 'BOOKING_CREATED',
      createdAt: '2026-01-31T12:00:00.000Z',
      payload: {
        title: '60min between Pro Example and John Doe',
        attendees: [{ email: 'jdoe@example.com', name: 'John Doe' }],
        uid: 'bFJeNb2uX8ANpT3JL5EfXw',
        status: 'ACCEPTED',
      },
    },
    sign: (body) => ({ 'x-cal-signature-256': hex(body) }),
    type: 'BOOKING_CREATED',
    key: '',
    data: {
      title: '60min between Pro Example and John Doe',
      sender: 'jdoe@example.com',
      object: 'bFJeNb2uX8ANpT3JL5EfXw',
      status: 'ACCEPTED',
    },
  },
};
