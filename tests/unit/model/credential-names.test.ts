import { isCredentialName } from '../../../api/src/model/credential-names.ts';

/** What vendors send, by their documentation: what proves something or lets somebody in, and what rules need. */
const VENDORS: Record<string, { redacted: string[]; kept: string[] }> = {
  GitHub: {
    redacted: ['X-Hub-Signature', 'X-Hub-Signature-256'],
    kept: [
      ...['X-GitHub-Event', 'X-GitHub-Delivery', 'X-GitHub-Hook-ID', 'User-Agent'],
      ...['X-GitHub-Hook-Installation-Target-ID', 'X-GitHub-Hook-Installation-Target-Type'],
    ],
  },
  GitLab: {
    redacted: ['X-Gitlab-Token'],
    kept: ['X-Gitlab-Event', 'X-Gitlab-Event-UUID', 'X-Gitlab-Webhook-UUID', 'X-Gitlab-Instance', 'Idempotency-Key'],
  },
  Bitbucket: {
    redacted: ['X-Hub-Signature'],
    kept: ['X-Event-Key', 'X-Request-UUID', 'X-Hook-UUID', 'X-Attempt-Number'],
  },
  Stripe: { redacted: ['Stripe-Signature'], kept: [] },
  Shopify: {
    redacted: ['X-Shopify-Hmac-Sha256'],
    kept: [
      'X-Shopify-Topic',
      'X-Shopify-Webhook-Id',
      'X-Shopify-Event-Id',
      'X-Shopify-Shop-Domain',
      'X-Shopify-API-Version',
    ],
  },
  Slack: {
    redacted: ['X-Slack-Signature'],
    kept: ['X-Slack-Request-Timestamp', 'X-Slack-Retry-Num', 'X-Slack-Retry-Reason'],
  },
  Telegram: { redacted: ['X-Telegram-Bot-Api-Secret-Token'], kept: [] },
  Twilio: { redacted: ['X-Twilio-Signature'], kept: ['I-Twilio-Idempotency-Token'] },
  SendGrid: {
    redacted: ['X-Twilio-Email-Event-Webhook-Signature'],
    kept: ['X-Twilio-Email-Event-Webhook-Timestamp'],
  },
  Discord: { redacted: ['X-Signature-Ed25519'], kept: ['X-Signature-Timestamp'] },
  'Standard Webhooks': { redacted: ['webhook-signature'], kept: ['webhook-id', 'webhook-timestamp'] },
  Svix: { redacted: ['svix-signature'], kept: ['svix-id', 'svix-timestamp'] },
  Paddle: { redacted: ['Paddle-Signature'], kept: ['Paddle-Version'] },
  PayPal: {
    redacted: ['PAYPAL-TRANSMISSION-SIG'],
    kept: [
      'PAYPAL-TRANSMISSION-ID',
      'PAYPAL-TRANSMISSION-TIME',
      'PAYPAL-AUTH-ALGO',
      'PAYPAL-AUTH-VERSION',
      'PAYPAL-CERT-URL',
    ],
  },
  Zendesk: {
    redacted: ['X-Zendesk-Webhook-Signature'],
    kept: ['X-Zendesk-Webhook-Signature-Timestamp', 'X-Zendesk-Webhook-Invocation-Id', 'X-Zendesk-Account-Id'],
  },
  HubSpot: {
    redacted: ['X-HubSpot-Signature', 'X-HubSpot-Signature-v3'],
    kept: ['X-HubSpot-Signature-Version', 'X-HubSpot-Request-Timestamp'],
  },
  Intercom: { redacted: ['X-Hub-Signature'], kept: ['Intercom-Webhooks-Delivery-Id'] },
  Linear: { redacted: ['Linear-Signature'], kept: ['Linear-Delivery', 'Linear-Event', 'Linear-Timestamp'] },
  Sentry: {
    redacted: ['Sentry-Hook-Signature'],
    kept: ['Sentry-Hook-Resource', 'Sentry-Hook-Timestamp', 'Request-ID'],
  },
  Mailgun: { redacted: ['X-Mailgun-Signature-V2'], kept: ['X-Mailgun-Sid', 'Message-Id'] },
  Square: {
    redacted: ['x-square-hmacsha256-signature', 'X-Square-Signature'],
    kept: ['square-environment', 'square-initial-delivery-timestamp', 'square-retry-number'],
  },
  Zoom: { redacted: ['x-zm-signature'], kept: ['x-zm-request-timestamp', 'x-zm-trackingid', 'clientid'] },
  Dropbox: { redacted: ['X-Dropbox-Signature'], kept: [] },
  Asana: { redacted: ['X-Hook-Secret', 'X-Hook-Signature'], kept: [] },
  Trello: { redacted: ['X-Trello-Webhook'], kept: [] },
  Airtable: { redacted: ['X-Airtable-Content-MAC'], kept: [] },
  Okta: { redacted: ['Authorization'], kept: ['x-okta-request-id'] },
  Adyen: { redacted: ['HmacSignature'], kept: ['Protocol'] },
  'Azure Event Grid': {
    redacted: ['aeg-sas-key', 'aeg-sas-token'],
    kept: ['aeg-event-type', 'aeg-delivery-count', 'aeg-subscription-name'],
  },
  'Amazon SNS': {
    redacted: ['x-amz-security-token'],
    kept: ['x-amz-sns-message-id', 'x-amz-sns-message-type', 'x-amz-content-sha256'],
  },
  'Google Drive': {
    redacted: ['X-Goog-Channel-Token'],
    kept: ['X-Goog-Channel-ID', 'X-Goog-Message-Number', 'X-Goog-Resource-State'],
  },
  Cloudflare: {
    redacted: ['cf-webhook-auth', 'cf-access-client-secret', 'cf-access-jwt-assertion'],
    kept: ['cf-ray', 'cf-connecting-ip'],
  },
  DocuSign: { redacted: ['X-DocuSign-Signature-1', 'X-DocuSign-Signature-2'], kept: ['X-DocuSign-AccountId'] },
  Twitch: {
    redacted: ['Twitch-Eventsub-Message-Signature'],
    kept: ['Twitch-Eventsub-Message-Id', 'Twitch-Eventsub-Message-Timestamp', 'Twitch-Eventsub-Message-Type'],
  },
  WooCommerce: { redacted: ['x-wc-webhook-signature'], kept: ['x-wc-webhook-topic', 'x-wc-webhook-delivery-id'] },
  CloudEvents: { redacted: [], kept: ['ce-id', 'ce-type', 'ce-source', 'ce-subject', 'ce-partitionkey'] },
  'RFC 9421': { redacted: ['Signature'], kept: ['Signature-Input', 'Content-Digest'] },
  others: {
    redacted: [
      ...[
        'Proxy-Authorization',
        'Cookie',
        'Set-Cookie',
        'X-Api-Key',
        'Api-Key',
        'ApiKey',
        'X-Auth-Token',
        'X-Access-Token',
      ],
      ...[
        'X-CSRF-Token',
        'X-Forwarded-Access-Token',
        'X-My-Password',
        'X-Webhook-Secret',
        'X-Auth',
        'X-AuthToken',
        'X-Key',
      ],
      ...['X-Signature-SHA256', 'x-vercel-oidc-token', 'x-goog-iap-jwt-assertion', 'X-Api-Key-2', 'x_api_key'],
    ],
    kept: [
      ...[
        'Host',
        'Accept',
        'Content-Type',
        'Content-Length',
        'User-Agent',
        'X-Request-Id',
        'X-Correlation-Id',
        'Traceparent',
      ],
      ...[
        'X-Forwarded-For',
        'X-Real-IP',
        'ETag',
        'Sec-WebSocket-Key',
        'X-Idempotency-Key',
        'X-Routing-Key',
        'X-Partition-Key',
      ],
      ...[
        'X-Monkey',
        'X-Author',
        'X-Keyboard',
        'X-Secretary',
        'X-Tokens-Used',
        'X-Public-Key',
        'X-Dedupe-Key',
        'X-Issue-Key',
        '',
      ],
    ],
  },
};

test.each(Object.entries(VENDORS))('headers of %s', (_, { redacted, kept }) => {
  const told = (names: string[]) => names.filter((name) => isCredentialName(name.toLowerCase()));
  expect(told(redacted)).toEqual(redacted);
  expect(told(kept)).toEqual([]);
});

test.each([
  [
    [
      'token',
      'access_token',
      'accessToken',
      'secret',
      'clientSecret',
      'key',
      'api_key',
      'apiKey',
      'apikey',
      'sig',
      'signature',
    ],
    true,
  ],
  [
    ['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Security-Token', 'auth', 'auth[token]', 'password', 'pwd', 'hmac'],
    true,
  ],
  [
    [
      'id',
      'event',
      'bodySHA256',
      'page',
      'pageToken',
      'sort_key',
      'partitionKey',
      'author',
      'monkey',
      'X-Amz-Date',
      'chat_id',
    ],
    false,
  ],
])('query parameters %j: %j', (names, expected) => {
  for (const name of names) expect([name, isCredentialName(name)]).toEqual([name, expected]);
});
