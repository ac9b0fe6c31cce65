import { banner } from '../../../api/src/local/banner.ts';

const facts = {
  url: 'http://127.0.0.1:8080',
  folder: '/home/me/pockethook/',
  dataDir: '/home/me/pockethook/data',
  pocketbaseUrl: 'http://127.0.0.1:8090',
  login: { email: 'admin@pockethook.local', password: 'made-for-you' },
  githubSecret: undefined,
};
const tail = (text: string) => /See it +(.*)/.exec(text)?.[1];

test.each([
  ['nothing set', {}, 'npx pockethook events tail'],
  ['PORT', { url: 'http://127.0.0.1:9000' }, 'POCKETHOOK_URL=http://127.0.0.1:9000 npx pockethook events tail'],
  ['HOST, everywhere', { url: 'http://0.0.0.0:8080' }, 'npx pockethook events tail'],
  ['HOST, IPv6', { url: 'http://[::1]:8080' }, 'POCKETHOOK_URL=http://[::1]:8080 npx pockethook events tail'],
  ['DATA_DIR', { dataDir: '/srv/hooks' }, 'DATA_DIR=/srv/hooks npx pockethook events tail'],
  ['a folder with a space', { dataDir: "/srv/my 'hooks" }, "DATA_DIR='/srv/my '\\''hooks' npx pockethook events tail"],
  [
    'both',
    { url: 'http://[::]:9000', dataDir: '/srv/hooks' },
    'POCKETHOOK_URL=http://127.0.0.1:9000 DATA_DIR=/srv/hooks npx pockethook events tail',
  ],
])('the command carries what was set: %s', (_name, set, command) => {
  expect(tail(banner({ ...facts, ...set }))).toBe(command);
});

test('no line names an address that can only be listened on', () => {
  const text = banner({ ...facts, url: 'http://0.0.0.0:9000', githubSecret: 'abc' });
  expect(text).toContain('curl http://127.0.0.1:9000/ingest/generic');
  expect(text).toContain('http://127.0.0.1:9000/docs');
  expect(text).toContain('Console     http://127.0.0.1:9000/\n');
  expect(text.match(/0\.0\.0\.0/g)).toHaveLength(1);
});

test('the login is shown with the starter, and where it is kept', () => {
  expect(banner(facts)).not.toContain('made-for-you');
  const text = banner({ ...facts, githubSecret: 'abc' });
  expect(text).toContain('admin@pockethook.local  made-for-you');
  expect(text).toContain('/home/me/pockethook/data/credentials.json');
  expect(text).toContain('http://127.0.0.1:8080/ingest/github  secret abc');
});
