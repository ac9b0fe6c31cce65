import { PRESETS } from '../../../api/src/presets/index.ts';
import { type Answerer, json, runCli, startAnswerer } from './support.ts';

let api: Answerer;
beforeEach(async () => {
  const data = [...PRESETS].map(([name, preset]) => ({ name, handshake: '', answer: null, ...preset }));
  api = await startAnswerer((_, response) => json(response, 200, { data }));
});
afterEach(() => api.close());

const cli = (...args: string[]) => runCli([...args, '--url', api.url], { columns: 80 });

test('the list fits a terminal of 80 columns, a line for each vendor', async () => {
  const { out } = await cli('sources', 'presets');
  const [heading, ...lines] = out.trimEnd().split('\n');
  expect(heading).toMatch(/^NAME +VENDOR +VERIFICATION +HANDSHAKE$/);
  expect(lines.map((line) => line.split(' ')[0])).toEqual([...PRESETS.keys()]);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.find((line) => line.startsWith('meta '))).toMatch(/^meta +Meta: Facebook, .*… +hmac +hub-challenge$/);
});
