import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Stripe from 'stripe';
import { type ChatServices, startChatServices } from '../support/chat-services.ts';
import { ROOT } from '../support/pocketbase.ts';
import { describeWithServices } from '../support/services.ts';
import { until } from '../support/until.ts';
import { runCli } from '../unit/cli/support.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const FOLDER = join(ROOT, 'docs/examples');
const SECRETS = {
  GITHUB_SECRET: 'github-secret-0123456789',
  STRIPE_SECRET: 'whsec_stripe0123456789abcdef',
  SCRIPT_TOKEN: 'script-token-0123456789',
};

interface Example {
  source: string;
  /** The chat's URL: its variable, and the path at the sink. */
  variable: string;
  path: string;
  /** Goes to the chat as `message`. */
  payload: string;
  /** Is kept back by the filter. */
  other?: string;
  headers: (payload: string) => Record<string, string>;
  message: unknown;
}

const stripeEvent = (type: string) =>
  JSON.stringify({
    id: `evt_${type}`,
    object: 'event',
    type,
    livemode: true,
    data: { object: { id: 'pi_1', amount: 1999, currency: 'usd', status: 'succeeded' } },
  });

const EXAMPLES: Record<string, Example> = {
  'github-to-discord.yaml': {
    source: 'github-org',
    variable: 'DISCORD_URL',
    path: '/api/webhooks/1234567/discord-token-abcdefghijkl',
    payload: readFileSync(join(FOLDER, 'github-issues-opened.json'), 'utf8'),
    other: readFileSync(join(FOLDER, 'github-issues-opened.json'), 'utf8').replace('"opened"', '"closed"'),
    headers: (payload) => ({
      'x-github-event': 'issues',
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRETS.GITHUB_SECRET).update(payload).digest('hex')}`,
    }),
    message: {
      embeds: [
        {
          title: 'Spelling error in the README file',
          url: 'https://github.com/Codertocat/Hello-World/issues/1',
          description: 'issues.opened by Codertocat in Codertocat/Hello-World',
        },
      ],
    },
  },
  'stripe-to-slack.yaml': {
    source: 'stripe-payments',
    variable: 'SLACK_URL',
    path: '/services/T0/B0/slack-token-abcdefghijkl',
    payload: stripeEvent('payment_intent.succeeded'),
    other: stripeEvent('payment_intent.created'),
    headers: (payload) => ({
      'stripe-signature': new Stripe('sk_test_unused').webhooks.generateTestHeaderString({
        payload,
        secret: SECRETS.STRIPE_SECRET,
      }),
    }),
    message: {
      text: 'payment_intent.succeeded: 1999 usd (succeeded) <https://dashboard.stripe.com/events/evt_payment_intent.succeeded|show in Stripe>',
    },
  },
  'anything-to-telegram.yaml': {
    source: 'script',
    variable: 'TELEGRAM_URL',
    path: '/bot123456:telegram-token-abcdefghijkl/sendMessage?chat_id=-100123',
    payload: '{"type": "backup.failed", "title": "no room left", "host": "db1"}',
    headers: () => ({ authorization: `Bearer ${SECRETS.SCRIPT_TOKEN}` }),
    message: { text: 'no room left\nscript: backup.failed\nhost: db1' },
  },
};

describeWithServices('docs/examples', () => {
  let workspace: Workspace;
  let chats: ChatServices;

  beforeAll(async () => {
    chats = await startChatServices();
    workspace = await openWorkspace();
  });
  afterAll(async () => {
    await workspace?.stop();
    await chats?.sink.close();
  });

  it('are all tried here', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
    expect(files.sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it.each(Object.entries(EXAMPLES))('%s', async (file, example) => {
    const url = chats.sink.url + example.path;
    const { email, password } = workspace.pocketbase;
    const env = {
      ...SECRETS,
      [example.variable]: url,
      POCKETHOOK_TOKEN: '',
      POCKETBASE_ADMIN_EMAIL: email,
      POCKETBASE_ADMIN_PASSWORD: password,
    };
    const apply = () => runCli(['apply', join(FOLDER, file), '--url', workspace.app.url], { env });
    expect(await apply()).toMatchObject({ exitCode: 0, err: 'Done: 3 created.\n' });

    const post = (body: string) => workspace.ingest(example.source, body, example.headers(body));
    expect((await post(example.payload)).status).toBe(202);
    if (example.other) expect((await post(example.other)).status).toBe(202);
    const unsigned = await workspace.ingest(example.source, example.payload);
    expect(unsigned.status).toBe(401);

    const [request] = await until('the message', () => {
      const taken = chats.taken(url);
      return taken.length > 0 ? taken : undefined;
    });
    expect(JSON.parse(String(request?.body))).toMatchObject(example.message as object);
    const again = await apply();
    expect(again).toMatchObject({ exitCode: 0, out: 'Everything is as the file says; no change.\n' });
    expect(chats.taken(url)).toHaveLength(1);
  });
});
