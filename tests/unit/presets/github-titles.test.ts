import { createRequire } from 'node:module';
import { createContext } from '../../../api/src/ingest/context.ts';
import { createDescribe } from '../../../api/src/ingest/describe.ts';
import { anEvent, aSource } from '../../support/records.ts';

const EXAMPLES = createRequire(import.meta.url)('@octokit/webhooks-examples') as { name: string; examples: object[] }[];
const describeEvent = createDescribe();
const source = aSource({ preset: 'github', verification: 'github' });

/** GitHub's own examples as expressions read them. */
async function extracted(name: string, body: object) {
  const context = createContext('github', anEvent({ extracted: {} }), { 'x-github-event': name }, body);
  return describeEvent(source, context);
}

test.each(EXAMPLES.map(({ name, examples }) => [name, examples] as const))(
  'every example of %s has a title and a link',
  async (name, examples) => {
    for (const body of examples) {
      const { extracted: data, failure } = await extracted(name, body);
      expect(failure).toBeUndefined();
      expect(data).toMatchObject({ title: expect.stringMatching(/\S/), url: expect.stringMatching(/^https?:\/\//) });
    }
  },
);

test.each([
  ['check_run', /./, /\/runs\/|check/],
  ['workflow_job', /./, /\/runs\//],
  ['dependabot_alert', / /, /dependabot/],
  ['code_scanning_alert', /./, /code-scanning/],
  ['discussion', /./, /discussions/],
  ['milestone', /./, /milestone/],
  ['gollum', /./, /wiki/],
  ['star', /\//, /github\.com/],
  ['deployment_status', /./, /github\.com/],
  ['pull_request_review', /./, /pullrequestreview/],
])('%s: what it is about, and where it is', async (name, title, url) => {
  const [body = {}] = EXAMPLES.find((one) => one.name === name)?.examples ?? [];
  const { extracted: data } = await extracted(name, body);
  expect(data).toMatchObject({ title: expect.stringMatching(title), url: expect.stringMatching(url) });
});
