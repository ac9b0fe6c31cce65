import { changesOf, draftOf, EMPTY, templateOf } from '../../../api/console/src/mappings/draft.ts';
import { fieldPaths, pathBefore } from '../../../api/console/src/mappings/field-paths.ts';
import { messageOf } from '../../../api/console/src/mappings/message.ts';

const event = (body: string) => ({
  body,
  body_encoding: '' as const,
  headers: [['X-GitHub-Event', 'issues']],
  extracted: { title: 'It breaks' },
});

test('every field of an event is offered as expressions write it', () => {
  const paths = fieldPaths(
    event('{"action":"opened","labels":[{"name":"bug"},{"name":"ui"}],"x-y":{"z":null}}') as never,
  );
  expect(Object.fromEntries(paths.map(({ path, value }) => [path, value]))).toMatchObject({
    'body.action': '"opened"',
    'body.labels': '2 items',
    'body.labels[0].name': '"bug"',
    'body["x-y"].z': 'null',
    'headers["x-github-event"]': '"issues"',
    'data.title': '"It breaks"',
    'event.type': '',
  });
});

test('whole numbers beyond 2^53 keep their digits in the editor, and in what is offered of an event', () => {
  const template = { n: 9007199254740993n };
  const draft = draftOf({ name: 'm', source: 's', destination: 'd', filter: '', template } as never);
  expect(draft.template).toBe('{\n  "n": 9007199254740993\n}');
  expect(templateOf(draft)).toEqual({ value: template });
  expect(fieldPaths(event('{"n":9007199254740993}') as never)).toContainEqual({
    path: 'body.n',
    value: '9007199254740993',
  });
});

test('however large an event is, the offer is bounded', () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
  expect(fieldPaths(event(JSON.stringify(wide)) as never).length).toBeLessThan(600);
});

test.each([
  ['body.act', false, 'body.act'],
  ['body.action == "opened" && body.pull_re', false, 'body.pull_re'],
  ['headers["x-gi', false, 'headers["x-gi'],
  ['body.labels[0].na', false, 'body.labels[0].na'],
  ['size(', false, ''],
  ['{"content": "{{ body.se', true, 'body.se'],
  ['{"content": "{{ body.sender }} opened', true, undefined],
  ['{"conte', true, undefined],
])('before the cursor in %s (template: %s) stands %s', (text, isTemplate, path) => {
  expect(pathBefore(text, isTemplate)).toBe(path);
});

const MAPPING = { name: 'a', source: 's', destination: 'd', filter: 'true' };

test.each([
  [null, 'default', ''],
  ['{{ body.x }}', 'text', '{{ body.x }}'],
  [{ content: 'x' }, 'json', '{\n  "content": "x"\n}'],
])('the template %j is edited as %s', (template, body, text) => {
  const draft = draftOf({ ...MAPPING, template } as never);
  expect(draft).toMatchObject({ body, template: text });
  expect(templateOf(draft)).toEqual({ value: template });
  expect(changesOf(draft, draft, template)).toEqual({});
});

test('JSON that is none yet is told, not sent', () => {
  expect(templateOf({ body: 'json', template: '{"content": ' }).problem).toMatch(/^This is no JSON yet/);
});

test('only what differs is changed', () => {
  const before = { ...EMPTY, ...MAPPING };
  expect(changesOf(before, { ...before, filter: 'false' }, null)).toEqual({ filter: 'false' });
  expect(changesOf(before, { ...before, body: 'text', template: 'x' }, 'x')).toEqual({ template: 'x' });
  const text = { ...before, body: 'text' as const, template: 'x' };
  expect(changesOf(text, { ...text, contentType: ' text/csv ' }, 'x')).toEqual({ content_type: 'text/csv' });
  expect(changesOf({ ...text, contentType: 'text/csv' }, before, null)).toEqual({ template: null, content_type: '' });
});

test.each([
  [
    'discord',
    { content: 'Hi', embeds: [{ title: 'T', color: 255, fields: [{ name: 'n', value: 1 }] }] },
    [
      { text: 'Hi', fields: [] },
      { title: 'T', color: '#0000ff', fields: [{ name: 'n', value: '1' }] },
    ],
  ],
  [
    'slack',
    { text: 'notice', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*b*' } }] },
    [{ text: '*b*', fields: [] }],
  ],
  ['slack', { text: 'alone' }, [{ text: 'alone', fields: [] }]],
  ['telegram', { text: '<b>x</b> y' }, [{ text: 'x y', fields: [] }]],
  ['ntfy', { title: 'T', message: 'm' }, [{ title: 'T', text: 'm', fields: [] }]],
  ['http', { any: 'thing' }, undefined],
  ['discord', {}, undefined],
] as const)('%s draws %j', (type, body, parts) => {
  expect(messageOf(type, JSON.stringify(body))).toEqual(parts);
});

test('what is no JSON is no message', () => expect(messageOf('discord', 'hello')).toBeUndefined());
