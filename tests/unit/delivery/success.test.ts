import { classify } from '../../../api/src/delivery/classify.ts';
import { createJudgeSuccess } from '../../../api/src/delivery/success.ts';
import { DESTINATION_TYPES } from '../../../api/src/destinations/index.ts';
import { checkRecord } from '../../../api/src/kinds/check-expressions.ts';
import { aDestination } from '../../support/records.ts';

const judge = createJudgeSuccess();

function outcomeOf(success: string, status: number, body: string, headers: Record<string, string> = {}) {
  const answer = { status, body, headers };
  const destination = aDestination({ success });
  return classify({ kind: 'answered', answer }, DESTINATION_TYPES.http, 0, (one) => judge(one, destination));
}

// What they document: Feishu {"code":19024,"msg":"Key Words Not Found"}, DingTalk and WeCom {"errcode":0,"errmsg":"ok"}.
test.each<[string, number, string, string]>([
  ['', 200, '{"errcode":310000}', 'success'],
  ['response.json.errcode == 0', 200, '{"errcode":0,"errmsg":"ok"}', 'success'],
  ['response.json.errcode == 0', 200, '{"errcode":310000,"errmsg":"keywords not in content"}', 'retry'],
  ['response.json.code == 0', 200, '{"code":19024,"msg":"Key Words Not Found"}', 'retry'],
  ['response.json.code == 0', 200, '\ufeff{"code":0}', 'success'],
  ['response.json.code == 0', 200, '<html>', 'retry'],
  ['response.json.code == 0', 200, '', 'retry'],
  ['response.json.code == 0', 200, '{"code":"x"}', 'retry'],
  ['response.body.contains("OK")', 200, 'OK!', 'success'],
  ['response.status in [200, 409]', 409, '', 'success'],
  ['response.status in [200, 409]', 500, '', 'retry'],
  ['response.status == 200', 410, '', 'gone'],
  ['response.status == 200', 429, '', 'throttled'],
  ['response.headers["x-result"] == "ok"', 200, '', 'retry'],
  ['response.json.size() > 0', 200, '{"constructor":1}', 'success'],
])('%j, answered %i %s: %s', (success, status, body, kind) => {
  expect(outcomeOf(success, status, body).kind).toBe(kind);
});

test('says what was answered, or what is wrong with the expression', () => {
  expect(outcomeOf('response.json.errcode == 0', 200, '{"errcode":1,\n"errmsg":"no"}')).toEqual({
    kind: 'retry',
    error:
      'The destination answered 200, but its success expression takes that for a failure: {"errcode":1, "errmsg":"no"}',
  });
  expect(outcomeOf('response.json.n / 0 > 1', 200, '{"n":1}')).toMatchObject({
    error: expect.stringContaining('success expression failed'),
  });
  expect(outcomeOf('response.headers["retry-after"] == "1"', 503, '', { 'retry-after': '1' }).kind).toBe('success');
});

test('judges by what was read, and not by what is kept', () => {
  const whole = JSON.stringify({ code: 0, pad: 'x'.repeat(10_000) });
  const answer = { status: 200, headers: {}, body: whole.slice(0, 8_192), whole };
  expect(judge(answer, aDestination({ success: 'response.json.code == 0' }))).toEqual({ success: true });
  const why = judge(answer, aDestination({ success: 'response.json.pad' }));
  expect(why).toEqual({ why: "The destination's success expression failed: It must come to true or false." });
});

test.each([
  ['response.json.code == 0', undefined],
  ['', undefined],
  ['body.code == 0', /Unknown variable: body; there is response/],
  ['response.status', undefined],
  ['200', /true or false.*as in response\.json\.code == 0/],
  ['"ok"', /true or false/],
])('saved as %j', (success, problem) => {
  const problems = checkRecord('destinations', (field) => (field === 'success' ? success : ''));
  if (problem) expect(problems.success).toMatch(problem);
  else expect(problems).toEqual({});
});
