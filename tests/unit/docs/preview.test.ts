import { readFileSync } from 'node:fs';
import { loadContract } from '../../../api/src/http/openapi.ts';
import { createValidator } from '../../../api/src/http/validate.ts';
import { createPreview, type PreviewRequest } from '../../../api/src/rules/preview.ts';
import { CONTRACT_FILE, createAnswerCheck } from '../../support/contract.ts';
import { openRules } from '../ingest/open-rules.ts';

const page = readFileSync(new URL('../../../docs/preview.md', import.meta.url), 'utf8');
const contract = loadContract(CONTRACT_FILE);
const examples = [...page.matchAll(/^post (mappings\/\w+) '(.*)'\n```\n```json\n([\s\S]*?)```/gm)].map(
  ([, path, request, answer]) => ({ path: String(path), request: String(request), answer: String(answer) }),
);

test('the page has an example of each', () => {
  expect(examples.map(({ path }) => path)).toEqual(['mappings/preview', 'mappings/backtest']);
});

test.each(examples)('$path: request and answer fit the contract', ({ path, request, answer }) => {
  const operation = [...contract.operations.values()].find((one) => one.path === `/api/v1/${path}`);
  const check = createValidator(contract)(operation?.id ?? '');
  expect(() => check({ params: {}, query: {}, body: JSON.parse(request) })).not.toThrow();
  const headers = { 'x-correlation-id': 'c-1' };
  const answered = { status: 200, type: 'application/json', text: answer, body: {}, headers };
  expect(() => createAnswerCheck(contract)('POST', `/api/v1/${path}`, answered)).not.toThrow();
});

test('preview answers what the page says', async () => {
  const rules = await openRules({});
  const getEvent = () => Promise.reject(new Error('no event was asked for'));
  const preview = createPreview({ ...rules, history: { getEvent }, now: Date.now });
  const [example] = examples;
  const result = await preview(JSON.parse(String(example?.request)) as PreviewRequest, undefined);
  expect(result).toEqual(JSON.parse(String(example?.answer)));
});
