import { isAboutMessage, refusal } from './refusal.ts';
import type { Answer } from './type.ts';
import { parseObject } from './value.ts';

const NEW_WEBHOOK = 'The webhook was removed or switched off; make a new one and set its URL here.';
const ASK_ADMIN = 'Posting there is restricted: ask an admin of the workspace, or choose another channel.';
const BLOCKS = "Correct the template's blocks; Slack's Block Kit Builder shows what is wrong.";
const TEXT = 'The template must give a text, blocks or attachments.';

/** What to do about each of Slack's codes: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors */
const ADVICE: Readonly<Record<string, string>> = {
  invalid_payload: 'Correct the template: an object with a text, or blocks.',
  invalid_blocks: BLOCKS,
  invalid_blocks_format: BLOCKS,
  no_text: TEXT,
  missing_text_or_fallback_or_attachments: TEXT,
  too_many_attachments: 'The template may give at most 100 attachments.',
  no_service: NEW_WEBHOOK,
  no_service_id: NEW_WEBHOOK,
  no_active_hooks: NEW_WEBHOOK,
  invalid_token: 'The URL is not the whole webhook URL; copy it again from Slack.',
  no_team: 'The workspace does not exist; make a webhook in another one and set its URL here.',
  team_disabled: 'The workspace was closed; make a webhook in another one and set its URL here.',
  channel_not_found: 'The channel does not exist; make a webhook for another one and set its URL here.',
  channel_is_archived: 'Unarchive the channel or set the URL of another webhook, then enable the destination.',
  user_not_found: 'The user does not exist; make a webhook for another channel and set its URL here.',
  action_prohibited: ASK_ADMIN,
  posting_to_general_channel_denied: ASK_ADMIN,
};

/** Slack's answer, a code as plain text, or Mattermost's, JSON with a message, as a sentence that says what to change. */
export function slackRefusal(answer: Answer): string {
  const code = /^\w{1,60}$/.exec(answer.body.trim())?.[0] ?? '';
  const { message } = parseObject(answer.body);
  const fallback = isAboutMessage(answer) ? 'Correct the template.' : 'Check the webhook URL.';
  const vendor = typeof message === 'string' ? 'The chat service' : 'Slack';
  return refusal(vendor, answer, typeof message === 'string' ? message : code, ADVICE[code] ?? fallback);
}
