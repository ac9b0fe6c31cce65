import type http from 'node:http';
import { type Sink, type SinkRequest, startSink } from './sink.ts';

/** What a chat service answers next, instead of taking the message. */
export interface Refusal {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

/**
 * Discord, Slack, Mattermost, Teams, Telegram and ntfy on loopback: each at the paths that it has, checking what it
 * documents about messages and answering in its words.
 */
export interface ChatServices {
  sink: Sink;
  /** Makes the next message that comes to a URL get this answer. */
  refuseNext(url: string, refusal: Refusal): void;
  /** The messages taken at a URL, oldest first. */
  taken(url: string): SinkRequest[];
}

type Answer = Refusal;
type Message = Record<string, unknown>;

export async function startChatServices(): Promise<ChatServices> {
  const refusals = new Map<string, Refusal[]>();
  const taken: SinkRequest[] = [];
  const sink = await startSink({ respond });
  return {
    sink,
    refuseNext: (url, refusal) => refusals.set(pathOf(url), [...(refusals.get(pathOf(url)) ?? []), refusal]),
    taken: (url) => taken.filter((request) => request.url === pathOf(url)),
  };

  function respond(request: SinkRequest, response: http.ServerResponse): void {
    const answer = refusals.get(request.url)?.shift() ?? service(request.url)(request);
    if (answer.status < 300) taken.push(request);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function service(path: string): (request: SinkRequest) => Answer {
  if (path.startsWith('/api/webhooks/')) return discord;
  if (path.startsWith('/services/') || path.startsWith('/hooks/')) return slack;
  if (path.startsWith('/workflows/')) return teams;
  return path.startsWith('/bot') ? telegram : ntfy;
}

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
function discord(request: SinkRequest): Answer {
  const { content = '', embeds = [] } = jsonOf(request) ?? {};
  if (!content && (embeds as unknown[]).length === 0) {
    return { status: 400, body: '{"message": "Cannot send an empty message", "code": 50006}' };
  }
  return String(content).length > 2000
    ? { status: 400, body: '{"content": ["Must be 2000 or fewer in length."]}' }
    : { status: 204, body: '' };
}

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function slack(request: SinkRequest): Answer {
  const message = jsonOf(request);
  if (!message) return { status: 400, body: 'invalid_payload' };
  if (!message.text && !message.blocks && !message.attachments) return { status: 400, body: 'no_text' };
  const blocks = (message.blocks ?? []) as { text?: { text: string } }[];
  const tooLong = blocks.length > 50 || blocks.some(({ text }) => text && text.text.length > 3000);
  return tooLong ? { status: 400, body: 'invalid_blocks' } : { status: 200, body: 'ok' };
}

/** The trigger "When a Teams webhook request is received", which wants a card, of 28 KB at most. */
function teams(request: SinkRequest): Answer {
  const refused = (code: string, message: string) => JSON.stringify({ error: { code, message } });
  if (!request.url.includes('sig=')) {
    return { status: 401, body: refused('DirectApiAuthorizationRequired', 'The request has no sig.') };
  }
  const card = (jsonOf(request)?.attachments as { contentType: string }[] | undefined)?.[0];
  if (card?.contentType !== 'application/vnd.microsoft.card.adaptive') {
    return { status: 400, body: refused('TriggerInputSchemaMismatch', 'The input does not match the schema.') };
  }
  return request.body.length > 28 * 1024 ? { status: 413, body: '' } : { status: 202, body: '' };
}

/** https://core.telegram.org/bots/api#making-requests */
function telegram(request: SinkRequest): Answer {
  const refused = (status: number, description: string) => ({
    status,
    body: JSON.stringify({ ok: false, error_code: status, description }),
  });
  const { pathname, searchParams } = new URL(request.url, 'http://loopback');
  if (!pathname.endsWith('/sendMessage')) return refused(404, 'Not Found');
  const message = jsonOf(request) ?? {};
  if (!searchParams.get('chat_id') && !message.chat_id) return refused(400, 'Bad Request: chat_id is empty');
  if (!message.text) return refused(400, 'Bad Request: message text is empty');
  if (String(message.text).length > 4096) return refused(400, 'Bad Request: message is too long');
  return { status: 200, body: '{"ok":true,"result":{"message_id":7}}' };
}

/** https://docs.ntfy.sh/publish/ */
function ntfy(request: SinkRequest): Answer {
  const refused = (code: number, error: string) => ({
    status: Math.floor(code / 100),
    body: JSON.stringify({ code, http: Math.floor(code / 100), error }),
  });
  if (request.url === '/') {
    const topic = jsonOf(request)?.topic;
    return topic ? { status: 200, body: '{"id":"x"}' } : refused(40009, 'invalid request: topic invalid');
  }
  if (!/^\/[-_A-Za-z0-9]{1,64}$/.test(request.url)) return refused(40401, 'page not found');
  return request.body.length > 4096 ? refused(41301, 'attachment too large') : { status: 200, body: '{"id":"x"}' };
}

function jsonOf({ headers, body }: SinkRequest): Message | undefined {
  if (headers['content-type'] !== 'application/json') return undefined;
  try {
    return JSON.parse(body.toString()) as Message;
  } catch {
    return undefined;
  }
}
