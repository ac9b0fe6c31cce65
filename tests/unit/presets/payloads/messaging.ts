import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import twilio from 'twilio';
import { base64, hex, ISO, SECONDS, SECRET, URL_OF_SOURCE, type Vendors } from './vendor.ts';

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const ed25519 = generateKeyPairSync('ed25519');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rawKey = Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x as string, 'base64url');

/** The public keys of those that sign with one. */
export const PUBLIC_KEYS: Record<string, string> = {
  discord: rawKey.toString('hex'),
  telnyx: rawKey.toString('base64'),
  sendgrid: p256.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
};

const SMS = { MessageSid: 'SM1', SmsStatus: 'received', From: '+1415', To: '+1800', Body: 'Hi' };

const MANDRILL_EVENTS = JSON.stringify([
  {
    event: 'hard_bounce',
    _id: 'id2',
    ts: 1384954004,
    msg: { subject: 'An example', email: 'e@example.com', sender: 's@example.com', state: 'bounced' },
  },
  { event: 'send', _id: 'id3', ts: 1384954004, msg: {} },
]);

export const MESSAGING: Vendors = {
  slack: {
    body: {
      type: 'event_callback',
      team_id: 'T1',
      event_id: 'Ev1',
      event: { type: 'message', channel: 'C1', user: 'U1', text: 'Hello' },
    },
    sign: (body) => ({
      'x-slack-request-timestamp': SECONDS,
      'x-slack-signature': `v0=${hex(`v0:${SECONDS}:${body}`)}`,
    }),
    type: 'message',
    key: 'Ev1',
    data: { title: 'Hello', sender: 'U1', channel: 'C1', team: 'T1' },
  },
  discord: {
    body: {
      id: '786008729715212338',
      type: 2,
      channel_id: 'c',
      guild_id: 'g',
      member: { user: { username: 'mason' } },
      data: { name: 'cardsearch' },
    },
    sign: (body) => ({
      'x-signature-timestamp': SECONDS,
      'x-signature-ed25519': sign(null, Buffer.from(SECONDS + body), ed25519.privateKey).toString('hex'),
    }),
    type: 'cardsearch',
    key: '786008729715212338',
    data: { title: 'cardsearch', sender: 'mason', channel: 'c', guild: 'g' },
  },
  twilio: {
    headers: { ...FORM, 'i-twilio-idempotency-token': 'i1' },
    body: form(SMS),
    sign: () => ({ 'x-twilio-signature': twilio.getExpectedTwilioSignature(SECRET, URL_OF_SOURCE, SMS) }),
    type: 'message.received',
    key: 'i1',
    data: { title: 'Hi', sender: '+1415', recipient: '+1800', object: 'SM1', status: 'received' },
  },
  telnyx: {
    body: {
      data: {
        event_type: 'message.received',
        id: 'b301ed3f',
        payload: { id: '84cca175', text: 'Hello', from: { phone_number: '+13125550001' } },
      },
    },
    sign: (body) => ({
      'telnyx-timestamp': SECONDS,
      'telnyx-signature-ed25519': sign(null, Buffer.from(`${SECONDS}|${body}`), ed25519.privateKey).toString('base64'),
    }),
    type: 'message.received',
    key: 'b301ed3f',
    data: { title: 'Hello', sender: '+13125550001', object: '84cca175' },
  },
  ringcentral: {
    body: {
      uuid: '3112',
      event: '/restapi/v1.0/account/1/extension/2/message-store',
      body: { id: 5, subject: 'Hi', from: { phoneNumber: '+1650' } },
    },
    sign: () => ({ 'verification-token': SECRET }),
    type: '/restapi/v1.0/account/1/extension/2/message-store',
    key: '3112',
    data: { title: 'Hi', sender: '+1650', object: 5 },
  },
  telegram: {
    body: { update_id: 10000, message: { text: '/start', chat: { id: 1111111 }, from: { username: 'Testusername' } } },
    sign: () => ({ 'x-telegram-bot-api-secret-token': SECRET }),
    type: 'message',
    key: '10000',
    data: { title: '/start', sender: 'Testusername', channel: 1111111 },
  },
  line: {
    body: {
      destination: 'x',
      events: [
        {
          type: 'message',
          webhookEventId: '01FZ',
          message: { type: 'text', text: 'Hello' },
          source: { userId: 'U80' },
        },
      ],
    },
    sign: (body) => ({ 'x-line-signature': base64(body) }),
    type: 'message',
    key: '01FZ',
    data: { title: 'Hello', sender: 'U80' },
  },
  zoom: {
    body: {
      event: 'meeting.participant_joined',
      payload: { account_id: 'o8', object: { id: '785', topic: 'My Meeting', participant: { user_name: 'shree' } } },
    },
    sign: (body) => ({
      'x-zm-request-timestamp': SECONDS,
      'x-zm-signature': `v0=${hex(`v0:${SECONDS}:${body}`)}`,
    }),
    type: 'meeting.participant_joined',
    key: '',
    data: { title: 'My Meeting', sender: 'shree', object: '785', account: 'o8' },
  },
  meta: {
    body: {
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '8856996819413533',
          changes: [
            { field: 'messages', value: { messages: [{ id: 'wamid.1', from: '16505551234', text: { body: 'Hi' } }] } },
          ],
        },
        { id: '2', changes: [{ field: 'messages', value: {} }] },
      ],
    },
    events: 2,
    sign: (body) => ({ 'x-hub-signature-256': `sha256=${hex(body)}` }),
    type: 'whatsapp_business_account.messages',
    key: 'wamid.1',
    data: { title: 'Hi', sender: '16505551234' },
  },
  x: {
    body: {
      for_user_id: '2244994945',
      tweet_create_events: [{ id_str: '1', text: 'Hi', user: { screen_name: 'dev' } }],
    },
    sign: (body) => ({ 'x-twitter-webhooks-signature': `sha256=${base64(body)}` }),
    type: 'tweet_create_events',
    key: '2244994945:1',
    data: { title: 'Hi', sender: 'dev', account: '2244994945' },
  },
  twitch: {
    headers: { 'twitch-eventsub-message-id': 'm1', 'twitch-eventsub-message-type': 'notification' },
    body: {
      subscription: { type: 'channel.follow', status: 'enabled' },
      event: { user_name: 'Cool_User', broadcaster_user_name: 'Cooler_User' },
    },
    sign: (body) => ({
      'twitch-eventsub-message-timestamp': ISO,
      'twitch-eventsub-message-signature': `sha256=${hex(`m1${ISO}${body}`)}`,
    }),
    type: 'channel.follow',
    key: 'm1',
    data: { sender: 'Cool_User', channel: 'Cooler_User', status: 'enabled' },
  },
  mailgun: {
    body: {
      signature: { timestamp: SECONDS, token: 'a8ce0edb', signature: hex(`${SECONDS}a8ce0edb`) },
      'event-data': {
        id: 'Ase7i2zsRYeDXztHGENqRA',
        event: 'delivered',
        recipient: 'alice@example.com',
        message: { headers: { subject: 'Test' } },
      },
    },
    type: 'delivered',
    key: 'Ase7i2zsRYeDXztHGENqRA',
    data: { title: 'Test', recipient: 'alice@example.com', status: 'delivered' },
  },
  mandrill: {
    headers: FORM,
    body: form({ mandrill_events: MANDRILL_EVENTS }),
    sign: () => ({
      'x-mandrill-signature': base64(`${URL_OF_SOURCE}mandrill_events${MANDRILL_EVENTS}`, 'sha1'),
    }),
    events: 2,
    type: 'hard_bounce',
    key: '["hard_bounce","id2",1384954004,""]',
    data: { title: 'An example', recipient: 'e@example.com', sender: 's@example.com', status: 'bounced' },
  },
  sendgrid: {
    body: [
      { email: 'e@example.com', event: 'processed', sg_message_id: '14c5d75ce93', sg_event_id: 'x' },
      { email: 'e@example.com', event: 'delivered', sg_message_id: '14c5d75ce93', sg_event_id: 'y' },
    ],
    events: 2,
    sign: (body) => ({
      'x-twilio-email-event-webhook-timestamp': SECONDS,
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(SECONDS + body), p256.privateKey).toString(
        'base64',
      ),
    }),
    type: 'processed',
    key: 'x',
    data: { recipient: 'e@example.com', object: '14c5d75ce93', status: 'processed' },
  },
  postmark: {
    body: {
      RecordType: 'Delivery',
      MessageID: '883953f4',
      Recipient: 'john@example.com',
      DeliveredAt: '2026-01-31T12:00:00Z',
    },
    sign: () => ({ authorization: `Basic ${Buffer.from(`postmark:${SECRET}`).toString('base64')}` }),
    type: 'Delivery',
    key: 'Delivery:883953f4:2026-01-31T12:00:00Z',
    data: { recipient: 'john@example.com', status: 'Delivery' },
  },
  'microsoft-teams': {
    body: {
      type: 'message',
      id: '1485983408511',
      text: '<at>Deploy</at> now',
      from: { id: '29:1', name: 'Megan' },
      conversation: { id: '19:a@thread.skype;messageid=1485983408511' },
      channelData: { team: { id: '19:b@thread.skype' } },
    },
    sign: (body) => ({
      authorization: `HMAC ${createHmac('sha256', Buffer.from(SECRET, 'base64')).update(body).digest('base64')}`,
    }),
    type: 'message',
    key: '1485983408511',
    data: {
      title: '<at>Deploy</at> now',
      sender: 'Megan',
      channel: '19:a@thread.skype;messageid=1485983408511',
      team: '19:b@thread.skype',
    },
  },
  mattermost: {
    headers: FORM,
    body: form({
      token: SECRET,
      team_domain: 'engineering',
      channel_name: 'town-square',
      user_name: 'ada',
      post_id: 'p1',
      text: 'deploy now',
      trigger_word: 'deploy',
    }),
    type: 'message',
    key: 'p1',
    data: { title: 'deploy now', sender: 'ada', channel: 'town-square', team: 'engineering' },
  },
  mailchimp: {
    headers: FORM,
    query: `?key=${SECRET}`,
    body: form({
      type: 'unsubscribe',
      fired_at: '2026-01-31 12:00:00',
      'data[reason]': 'manual',
      'data[email]': 'api@example.com',
      'data[list_id]': 'a6b5da1054',
    }),
    type: 'unsubscribe',
    key: '',
    data: { sender: 'api@example.com', list: 'a6b5da1054', status: 'manual' },
  },
  helpscout: {
    headers: { 'x-helpscout-event': 'convo.created' },
    body: {
      id: 10,
      number: 12,
      subject: 'Need help',
      status: 'active',
      mailboxId: 85,
      createdBy: { id: 29, type: 'customer', email: 'bear@acme.com' },
      primaryCustomer: { id: 29, type: 'customer', email: 'bear@acme.com' },
    },
    sign: (body) => ({ 'x-helpscout-signature': base64(body, 'sha1') }),
    type: 'convo.created',
    key: '',
    data: { title: 'Need help', sender: 'bear@acme.com', object: 10, status: 'active' },
  },
  customerio: {
    body: {
      event_id: '01E4C4CT6YDC7Y5M7FE1GWWPQJ',
      object_type: 'email',
      metric: 'sent',
      timestamp: 1585250199,
      data: {
        customer_id: '0200102',
        identifiers: { id: '42', email: 'test@example.com' },
        delivery_id: 'RPILAgUBcRhIBqSfeiIwdIYJKxTY',
        recipient: 'test@example.com',
        subject: 'Thanks for signing up',
      },
    },
    sign: (body) => ({ 'x-cio-timestamp': SECONDS, 'x-cio-signature': hex(`v0:${SECONDS}:${body}`) }),
    type: 'email.sent',
    key: '01E4C4CT6YDC7Y5M7FE1GWWPQJ',
    data: { title: 'Thanks for signing up', recipient: 'test@example.com', object: 'RPILAgUBcRhIBqSfeiIwdIYJKxTY' },
  },
};
