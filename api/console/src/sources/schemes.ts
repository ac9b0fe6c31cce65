import type { OptionName, Scheme } from './draft.ts';

/** Every way in which requests prove where they come from, the most useful first. */
export const SCHEMES: readonly { value: Scheme; label: string }[] = [
  { value: 'none', label: 'Nothing: whoever knows the URL may post' },
  { value: 'hmac', label: 'A signature with a shared secret (HMAC)' },
  { value: 'token', label: 'A fixed token, in a header, the query or the body' },
  { value: 'bearer', label: 'A bearer token' },
  { value: 'basic', label: 'A name and a password (Basic)' },
  { value: 'public-key', label: 'A signature by a private key' },
  { value: 'jwt', label: 'A signed token (JWT)' },
  { value: 'standard-webhooks', label: 'Standard Webhooks' },
  { value: 'github', label: 'As GitHub does it' },
  { value: 'gitlab', label: 'As GitLab does it' },
  { value: 'stripe', label: 'As Stripe does it' },
  { value: 'slack', label: 'As Slack does it' },
  { value: 'shopify', label: 'As Shopify does it' },
  { value: 'twilio', label: 'As Twilio does it' },
  { value: 'discord', label: 'As Discord does it' },
  { value: 'aws-sns', label: 'As Amazon SNS does it' },
];

export interface OptionField {
  name: OptionName;
  label: string;
  hint: string;
  /** Its values; absent: any text. */
  values?: readonly string[];
}

const HEADER: OptionField = { name: 'header', label: 'Header', hint: 'That carries it, such as x-signature.' };
const PLACE: OptionField = {
  name: 'place',
  label: 'Or another place',
  hint: 'headers.NAME, query.NAME or body.PATH, where it has no header of its own.',
};
const PREFIX: OptionField = { name: 'prefix', label: 'Text before it', hint: 'Such as sha256=.' };
const FIELD: OptionField = {
  name: 'field',
  label: 'Its name in the header',
  hint: 'In a header like t=1,v1=abc it is v1.',
};
const ENCODING: OptionField = {
  name: 'encoding',
  label: 'Written in',
  hint: '',
  values: ['hex', 'base64'],
};
const SIGNED: OptionField = {
  name: 'signed',
  label: 'What is signed',
  hint: 'Such as {{ timestamp }}.{{ body }}; empty is the body.',
};
const TIMESTAMP: OptionField = {
  name: 'timestamp',
  label: 'Place of the time of signing',
  hint: 'Such as headers.x-timestamp, or field.t in the header of the signature.',
};
const TOLERANCE: OptionField = {
  name: 'tolerance',
  label: 'How far that time may be from now',
  hint: 'Up to 1d; empty is 5m.',
};

/** What is to be said of a scheme. */
export const OPTIONS: Partial<Record<Scheme, readonly OptionField[]>> = {
  hmac: [
    HEADER,
    PLACE,
    PREFIX,
    FIELD,
    { name: 'algorithm', label: 'Hash', hint: 'Empty is sha256.', values: ['sha1', 'sha256', 'sha512'] },
    ENCODING,
    { name: 'key', label: 'The secret is written as', hint: 'Empty is text.', values: ['text', 'base64', 'hex'] },
    SIGNED,
    TIMESTAMP,
    TOLERANCE,
    {
      name: 'secret_from',
      label: 'Its first request has the secret in',
      hint: 'headers.NAME or body.PATH, of a producer that sends its secret itself; empty is nowhere.',
    },
  ],
  'public-key': [
    HEADER,
    PLACE,
    PREFIX,
    FIELD,
    {
      name: 'algorithm',
      label: 'Algorithm',
      hint: 'Empty is ed25519.',
      values: ['ed25519', 'ecdsa-sha256', 'rsa-sha256'],
    },
    ENCODING,
    SIGNED,
    TIMESTAMP,
    TOLERANCE,
  ],
  jwt: [
    HEADER,
    PLACE,
    PREFIX,
    {
      name: 'algorithm',
      label: 'Algorithm',
      hint: 'Empty is HS256.',
      values: ['HS256', 'RS256', 'ES256', 'EdDSA'],
    },
    { name: 'issuer', label: 'Issuer', hint: 'What the claim iss must be.' },
    { name: 'audience', label: 'Audience', hint: 'What the claim aud must be or hold.' },
    { name: 'body_hash', label: 'Claim of the body', hint: 'That has the SHA-256 of the body, in hex.' },
    TOLERANCE,
  ],
  token: [HEADER, PLACE, PREFIX],
  twilio: [
    { name: 'url', label: 'URL', hint: 'As Twilio has it, without its query; empty is the URL that was requested.' },
  ],
};
