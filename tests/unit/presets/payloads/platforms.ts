import { sign } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { TLS_KEY } from '../../../support/certificate.ts';
import { hex, MILLISECONDS, NOW, SECONDS, SECRET, type Vendors } from './vendor.ts';

export const WHSEC = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const TOPIC = 'arn:aws:sns:us-west-2:123456789012:MyTopic';

const standard = (body: string) => ({
  'webhook-id': 'msg_1',
  'webhook-timestamp': SECONDS,
  'webhook-signature': new StandardWebhook(WHSEC).sign('msg_1', new Date(NOW), body),
});
const svix = (body: string) => ({
  'svix-id': 'msg_1',
  'svix-timestamp': SECONDS,
  'svix-signature': new SvixWebhook(WHSEC).sign('msg_1', new Date(NOW), body),
});

const NOTIFICATION = {
  Type: 'Notification',
  MessageId: '22b80b92',
  TopicArn: TOPIC,
  Subject: 'My First Message',
  Message: 'Hello world!',
  Timestamp: '2012-05-02T00:54:06.655Z',
  SignatureVersion: '1',
};
const signedText = `Message\nHello world!\nMessageId\n22b80b92\nSubject\nMy First Message\nTimestamp\n2012-05-02T00:54:06.655Z\nTopicArn\n${TOPIC}\nType\nNotification\n`;

export const PLATFORMS: Vendors = {
  'standard-webhooks': {
    body: { type: 'user.created', data: {} },
    sign: standard,
    type: 'user.created',
    key: 'msg_1',
    data: {},
  },
  clerk: {
    body: { type: 'user.created', data: { id: 'user_1', email_addresses: [{ email_address: 'ada@example.org' }] } },
    sign: svix,
    type: 'user.created',
    key: 'msg_1',
    data: { sender: 'ada@example.org', object: 'user_1' },
  },
  resend: {
    body: { type: 'email.bounced', data: { email_id: '56761188', subject: 'Hi', to: ['d@resend.dev'] } },
    sign: svix,
    type: 'email.bounced',
    key: 'msg_1',
    data: { title: 'Hi', recipient: 'd@resend.dev', object: '56761188' },
  },
  openai: {
    body: { object: 'event', id: 'evt_1', type: 'response.completed', data: { id: 'resp_abc123' } },
    sign: standard,
    type: 'response.completed',
    key: 'msg_1',
    data: { object: 'resp_abc123' },
  },
  workos: {
    body: {
      id: 'event_1',
      event: 'dsync.user.created',
      data: { id: 'directory_user_1', email: 'm@example.com', state: 'active' },
    },
    sign: (body) => ({ 'workos-signature': `t=${MILLISECONDS}, v1=${hex(`${MILLISECONDS}.${body}`)}` }),
    type: 'dsync.user.created',
    key: 'event_1',
    data: { sender: 'm@example.com', object: 'directory_user_1', status: 'active' },
  },
  okta: {
    body: {
      eventId: 'b5a188b9',
      data: {
        events: [
          {
            uuid: 'f790999f',
            eventType: 'user.lifecycle.create',
            displayMessage: 'Create Okta user',
            actor: { alternateId: 'jd@example.com' },
            outcome: { result: 'SUCCESS' },
          },
        ],
      },
    },
    sign: () => ({ authorization: SECRET }),
    type: 'user.lifecycle.create',
    key: 'f790999f',
    data: { title: 'Create Okta user', sender: 'jd@example.com', status: 'SUCCESS' },
  },
  auth0: {
    headers: { 'content-type': 'application/json' },
    body: [{ log_id: '1', data: { type: 'sapi', description: 'Create a log stream', user_name: 'jane' } }],
    sign: () => ({ authorization: SECRET }),
    type: 'sapi',
    key: '1',
    data: { title: 'Create a log stream', sender: 'jane' },
  },
  'aws-sns': {
    headers: { 'content-type': 'text/plain; charset=UTF-8' },
    body: {
      ...NOTIFICATION,
      Signature: sign('sha1', Buffer.from(signedText), TLS_KEY).toString('base64'),
      SigningCertURL:
        'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
    },
    type: 'Notification',
    key: '22b80b92',
    data: { title: 'My First Message', message: 'Hello world!', topic: TOPIC },
  },
  'azure-event-grid': {
    headers: { 'aeg-event-type': 'Notification' },
    query: `?key=${SECRET}`,
    body: [
      { id: '2d1781af', eventType: 'Microsoft.Storage.BlobCreated', subject: '/blobs/a', topic: '/subscriptions/1' },
    ],
    type: 'Microsoft.Storage.BlobCreated',
    key: '2d1781af',
    data: { title: '/blobs/a', topic: '/subscriptions/1' },
  },
  cloudevents: {
    headers: { 'content-type': 'application/cloudevents+json' },
    query: `?access_token=${SECRET}`,
    body: { specversion: '1.0', type: 'com.example.someevent', source: '/mycontext', id: 'A234', subject: 'larger' },
    type: 'com.example.someevent',
    key: '/mycontextA234',
    data: { title: 'larger' },
  },
  'microsoft-graph': {
    body: {
      value: [
        {
          id: 'lsgTZMr9',
          subscriptionId: '76619225',
          clientState: SECRET,
          changeType: 'created',
          resource: 'Users/1/Messages/2',
        },
      ],
    },
    type: 'created',
    key: 'lsgTZMr9',
    data: { object: 'Users/1/Messages/2', subscription: '76619225' },
  },
  'google-pubsub': {
    query: `?token=${SECRET}`,
    body: {
      message: { attributes: { eventType: 'OBJECT_FINALIZE' }, data: 'SGVsbG8=', messageId: '2070443601311540' },
      subscription: 'projects/p/subscriptions/s',
    },
    type: 'OBJECT_FINALIZE',
    key: '2070443601311540',
    data: { data: 'SGVsbG8=', subscription: 'projects/p/subscriptions/s' },
  },
  websub: {
    headers: { 'content-type': 'application/atom+xml' },
    body: '<feed xmlns="http://www.w3.org/2005/Atom"/>',
    sign: (body) => ({ 'x-hub-signature': `sha1=${hex(body, 'sha1')}` }),
    type: '',
    key: '',
    data: {},
  },
  sentry: {
    headers: { 'sentry-hook-resource': 'issue', 'request-id': 's1' },
    body: {
      action: 'created',
      actor: { name: 'Sentry' },
      data: {
        issue: {
          title: 'TypeError',
          status: 'unresolved',
          permalink: 'https://sentry.io/issues/1',
          project: { slug: 'front' },
        },
      },
    },
    sign: (body) => ({ 'sentry-hook-signature': hex(body) }),
    type: 'issue.created',
    key: 's1',
    data: {
      title: 'TypeError',
      sender: 'Sentry',
      project: 'front',
      url: 'https://sentry.io/issues/1',
      status: 'unresolved',
    },
  },
  pagerduty: {
    body: {
      event: {
        id: '5ac64822',
        event_type: 'incident.triggered',
        agent: { summary: 'Tenex Engineer' },
        data: { title: 'A little bump', status: 'triggered', html_url: 'https://acme.pagerduty.com/incidents/P' },
      },
    },
    sign: (body) => ({ 'x-pagerduty-signature': `v1=${hex('old')},v1=${hex(body)}` }),
    type: 'incident.triggered',
    key: '5ac64822',
    data: {
      title: 'A little bump',
      sender: 'Tenex Engineer',
      status: 'triggered',
      url: 'https://acme.pagerduty.com/incidents/P',
    },
  },
  grafana: {
    body: {
      status: 'firing',
      title: '[FIRING:1] High memory',
      externalURL: 'https://grafana.example/',
      message: 'too high',
    },
    sign: (body) => ({ 'x-grafana-alerting-signature': hex(body) }),
    type: 'alert.firing',
    key: '',
    data: { title: '[FIRING:1] High memory', status: 'firing', url: 'https://grafana.example/', message: 'too high' },
  },
  alertmanager: {
    body: {
      version: '4',
      status: 'resolved',
      commonLabels: { alertname: 'InstanceDown', severity: 'page' },
      externalURL: 'http://am.example:9093',
    },
    sign: () => ({ authorization: `Bearer ${SECRET}` }),
    type: 'alert.resolved',
    key: '',
    data: { title: 'InstanceDown', status: 'resolved', severity: 'page', url: 'http://am.example:9093' },
  },
  cloudflare: {
    body: {
      name: 'Origin down',
      text: 'Origin is down',
      alert_type: 'real_origin_monitoring',
      alert_correlation_id: '000eaa907ed24e78946d3a93adb2ae57',
      alert_event: 'ALERT_STATE_EVENT_END',
      ts: 1136214245,
    },
    sign: () => ({ 'cf-webhook-auth': SECRET }),
    type: 'real_origin_monitoring',
    key: '["000eaa907ed24e78946d3a93adb2ae57","ALERT_STATE_EVENT_END",1136214245]',
    data: { title: 'Origin down', message: 'Origin is down', status: 'ALERT_STATE_EVENT_END' },
  },
  logto: {
    body: {
      hookId: 'hook_1',
      event: 'PostRegister',
      userId: 'u1',
      user: { id: 'u1', username: 'ada', primaryEmail: 'ada@example.com' },
    },
    sign: (body) => ({ 'logto-signature-sha-256': hex(body) }),
    type: 'PostRegister',
    key: '',
    data: { sender: 'ada@example.com', object: 'u1' },
  },
  'google-push': {
    headers: {
      'x-goog-channel-id': '4ba78bf0',
      'x-goog-message-number': '10',
      'x-goog-resource-id': 'ret08u3rv24htgh289g',
      'x-goog-resource-state': 'update',
      'x-goog-resource-uri': 'https://www.googleapis.com/drive/v3/files/ret08u3rv24htgh289g',
    },
    body: '',
    sign: () => ({ 'x-goog-channel-token': SECRET }),
    type: 'update',
    key: '4ba78bf0#10',
    data: {
      object: 'ret08u3rv24htgh289g',
      channel: '4ba78bf0',
      url: 'https://www.googleapis.com/drive/v3/files/ret08u3rv24htgh289g',
    },
  },
  nylas: {
    body: {
      specversion: '1.0',
      type: 'message.created',
      source: '/google/emails/realtime',
      id: 'n1',
      data: {
        application_id: 'a',
        object: { id: 'm1', grant_id: 'g1', subject: 'Hello', from: [{ email: 'ada@example.com' }] },
      },
    },
    sign: (body) => ({ 'x-nylas-signature': hex(body) }),
    type: 'message.created',
    key: 'n1',
    data: { title: 'Hello', sender: 'ada@example.com', object: 'm1', grant: 'g1' },
  },
  render: {
    body: {
      type: 'deploy_ended',
      timestamp: '2025-02-25T16:22:19.979294509Z',
      data: {
        id: 'evt-cuuuses015js70180jk0',
        serviceId: 'srv-cukouhrtq21c73e9scng',
        serviceName: 'my-service',
        status: 'succeeded',
      },
    },
    sign: standard,
    type: 'deploy_ended',
    key: 'msg_1',
    data: { title: 'my-service', object: 'srv-cukouhrtq21c73e9scng', status: 'succeeded' },
  },
};
