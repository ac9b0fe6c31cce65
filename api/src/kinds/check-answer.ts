import { type CheckField, checkTemplate } from '../expressions/record-fields.ts';

/** What no browser shows as a page: a source's answers come from the address of the API and the console. */
const CONTENT_TYPE =
  /^(?:application\/(?:json|xml|(?!xhtml)[\w.-]+\+(?:json|xml))|text\/(?:plain|xml))(?:; ?charset=utf-8)?$/i;
const NAMES = ['status', 'content_type', 'body'];

/** What a source answers its producers: `{"status": 200, "content_type": "text/xml", "body": "<ok/>"}`. */
export const checkAnswer: CheckField = (json, budget) => {
  const answer = parse(json);
  if (answer === null) return undefined;
  if (
    typeof answer !== 'object' ||
    Array.isArray(answer) ||
    Object.keys(answer).some((name) => !NAMES.includes(name))
  ) {
    return 'An answer is an object with status, content_type and body, such as {"status": 200, "body": "ok"}.';
  }
  const { status, content_type, body } = answer as Record<string, unknown>;
  if (status !== undefined && !isSuccess(status))
    return 'The status must be a number from 200 to 299: what is answered was taken.';
  if ((status === 204 || status === 205) && body !== undefined && body !== '')
    return `The status ${status} has no body (RFC 9110): leave one of the two out.`;
  if (content_type !== undefined && (typeof content_type !== 'string' || !CONTENT_TYPE.test(content_type))) {
    return 'The content_type must be one of JSON, XML or plain text, such as application/json or text/xml.';
  }
  const problem = body === undefined ? undefined : checkTemplate(JSON.stringify(body), budget);
  return problem && `In body: ${problem}`;
};

function isSuccess(status: unknown): boolean {
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status < 300;
}

/** null for an empty field; a text, which is no answer, for what is no JSON. */
function parse(json: string): unknown {
  if (json.trim() === '') return null;
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
