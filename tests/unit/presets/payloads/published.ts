/** A signed example as its vendor publishes it: in its documentation, or in the tests of its own library. */
export interface PublishedExample {
  preset: string;
  /** Where it stands. */
  from: string;
  secret: string;
  headers: Record<string, string>;
  body: string;
  /** The URL that the vendor was given. */
  url?: string;
  /** When it was signed. Absent: no time was signed. */
  at?: number;
  /** What makes another body of it, if a blank at its end does not: a part that is signed, and another in its place. */
  other?: [part: string, another: string];
}

const ATLASSIAN = {
  secret: "It's a Secret to Everybody",
  headers: { 'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9' },
  body: 'Hello World!',
};

export const PUBLISHED: PublishedExample[] = [
  {
    preset: 'github',
    from: 'docs.github.com, Validating webhook deliveries',
    secret: "It's a Secret to Everybody",
    headers: { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
    body: 'Hello, World!',
  },
  { preset: 'bitbucket', from: 'support.atlassian.com, Manage webhooks', ...ATLASSIAN },
  { preset: 'jira', from: 'developer.atlassian.com, Secure admin webhooks', ...ATLASSIAN },
  {
    preset: 'circleci',
    from: 'circleci.com, Validate outbound webhooks',
    secret: 'secret',
    headers: {
      'circleci-signature': 'v1=734cc62f32841568f45715aeb9f4d7891324e6d948e4c6c60c0621cdac48623a,v2=00,v3=00',
    },
    body: 'hello world',
  },
  {
    preset: 'box',
    from: 'developer.box.com, Signature Verification',
    secret: 'SamplePrimaryKey',
    headers: {
      'box-delivery-timestamp': '2020-01-01T00:00:00-07:00',
      'box-signature-primary': '6TfeAW3A1PASkgboxxA5yqHNKOwFyMWuEXny/FPD5hI=',
    },
    body: '{"type":"webhook_event","webhook":{"id":"1234567890"},"trigger":"FILE.UPLOADED","source":{"id":"1234567890","type":"file","name":"Test.txt"}}',
    at: Date.parse('2020-01-01T00:00:00-07:00'),
  },
  {
    preset: 'sendgrid',
    from: 'the tests of @sendgrid/eventwebhook 7.2',
    secret:
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==',
    headers: {
      'x-twilio-email-event-webhook-timestamp': '1588788367',
      'x-twilio-email-event-webhook-signature':
        'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=',
    },
    body: '{"category":"example_payload","event":"test_event","message_id":"message_id"}',
    at: 1_588_788_367_000,
  },
  {
    preset: 'paddle',
    from: "the tests of Paddle's library for Node.js",
    secret: 'VALID_SECRET',
    headers: {
      'paddle-signature':
        'ts=1698796800;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h1=28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261;h2=RANDOM_HASH',
    },
    body: '{"data": "value"}',
    at: 1_698_796_800_000,
  },
  {
    preset: 'square',
    from: "the tests of Square's library for Node.js",
    secret: 'signature-key',
    headers: { 'x-square-hmacsha256-signature': 'W3FlCNk5IA3ZQ2LHTWoajvzfaDu/OwY2tNHIHC3IUOA=' },
    body: '{"data":{"type":"webhooks","id":"fake_id"}}',
    url: 'https://webhook.site/webhooks',
  },
  {
    preset: 'razorpay',
    from: "the tests of Razorpay's library for Node.js",
    secret: '123456',
    headers: { 'x-razorpay-signature': '2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc' },
    body: '{"a":1,"b":2,"c":{"d":3}}',
  },
  {
    preset: 'line',
    from: "the tests of LINE's library for Node.js",
    secret: 'test_secret',
    headers: { 'x-line-signature': 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=' },
    body: '{"hello":"world"}',
  },
  {
    preset: 'openai',
    from: "the tests of OpenAI's library for Node.js: a real event",
    secret: 'whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=',
    headers: {
      'webhook-id': 'wh_685c059ae39c8190af8c71ed1022a24d',
      'webhook-timestamp': '1750861210',
      'webhook-signature': 'v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=',
    },
    body: '{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}',
    at: 1_750_861_210_000,
  },
  {
    preset: 'airtable',
    from: 'the tests of pyairtable',
    secret: 'c2VjcmV0LWtleQ==',
    headers: {
      'x-airtable-content-mac': 'hmac-sha256=e26da696a90933647bddc83995c3e1e3bb1c3d8ce1ff61cb7469767d50b2b2d4',
    },
    body: '{"base": {"id": "app00000000000000"}, "webhook": {"id": "ach00000000000000"}, "timestamp": "2022-02-01T21:25:05.663Z"}',
  },
  {
    preset: 'adyen',
    from: "the tests of Adyen's library for Ruby",
    secret: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    headers: {},
    body: '{"live":"false","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},"amount":{"value":1130,"currency":"EUR"},"pspReference":"7914073381342284","eventCode":"AUTHORISATION","merchantAccountCode":"TestMerchant","merchantReference":"TestPayment-1407325143704","paymentMethod":"visa","success":"true"}}]}',
    other: ['1130', '1131'],
  },
  {
    preset: 'gocardless',
    from: "the tests of GoCardless's library for Node.js",
    secret: 'ED7D658C-D8EB-4941-948B-3973214F2D49',
    headers: { 'webhook-signature': '2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e' },
    body: '{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z","resource_type":"subscriptions","action":"created","links":{"subscription":"SB0003JJQ2MR06"},"details":{"origin":"api","cause":"subscription_created","description":"Subscription created via the API."},"metadata":{}},{"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":"mandates","action":"created","links":{"mandate":"MD000AMA19XGEC"},"details":{"origin":"api","cause":"mandate_created","description":"Mandate created via the API."},"metadata":{}}]}',
  },
];
