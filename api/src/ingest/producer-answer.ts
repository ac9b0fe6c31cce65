import {
  type Compiled,
  type CompiledTemplate,
  type Context,
  compileTemplate,
  makeMeter,
  stringifyJson,
} from '../expressions/index.ts';
import type { Source, SourceAnswer } from '../model/configuration.ts';
import { defaultsOf } from '../presets/index.ts';
import { compiledRules } from './compiled-rules.ts';

/** What a producer is answered for its event, where the source or its preset says so. */
export interface ProducerAnswer {
  status: number;
  /** Undefined: there is no body. */
  content_type: string | undefined;
  body: string;
  /** Why there is no body although one was meant; for operators. */
  failure?: string;
}

/** Undefined: the usual answer. Never fails, since the event is taken whatever becomes of the answer. */
export type AnswerProducer = (source: Source, context: Context) => ProducerAnswer | undefined;

/** Steps of the expressions of one answer: about 5 ms. */
const WORK = 100_000;
/** Characters of a body. */
const BODY_LENGTH = 64 * 1024;

interface AnswerRules {
  answer: SourceAnswer | undefined;
  /** Undefined: there is no body. */
  body: Compiled<CompiledTemplate> | undefined;
}

export function createAnswerProducer(): AnswerProducer {
  const rules = compiledRules<Source, AnswerRules>((source, budget) => {
    const answer = answerOf(source);
    const hasBody = answer?.body !== undefined && answer.body !== null && answer.body !== '';
    return { answer, body: hasBody ? compileTemplate(answer.body, budget) : undefined };
  });
  return (source, context) => {
    if (!answerOf(source)) return undefined;
    const { answer = {}, body } = rules.of(source);
    if (!body) return withoutBody(answer);
    // Work of its own: a greedy mapping takes nothing from the answer, and a replay, which answers nobody, decides the same.
    const rendered = body.ok ? body.value.render({ ...context, meter: { ...makeMeter(), left: WORK } }) : body;
    if (!rendered.ok) return { ...withoutBody(answer), failure: rendered.error.message };
    if (rendered.value === null) return withoutBody(answer);
    const isText = typeof rendered.value === 'string';
    const text = isText ? (rendered.value as string) : stringifyJson(rendered.value);
    if (text.length > BODY_LENGTH) return { ...withoutBody(answer), failure: 'The body is longer than 64 KiB.' };
    const content_type = answer.content_type || (isText ? 'text/plain' : 'application/json');
    return { status: answer.status ?? 200, content_type, body: text };
  };
}

/** The source's own answer, else that of its preset. */
function answerOf(source: Source): SourceAnswer | undefined {
  return source.answer ?? defaultsOf(source).answer;
}

function withoutBody({ status = 204 }: SourceAnswer): ProducerAnswer {
  return { status, content_type: undefined, body: '' };
}
