import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

test.each(PAGES)('relative links of %s lead somewhere', (page) => {
  const broken = linksOf(read(page)).filter((link) => !leadsSomewhere(page, link));
  expect(broken).toEqual([]);
});

test.each([
  ['[a](b.md) and ![c](d.png)', ['b.md', 'd.png']],
  ['[a](https://example.com/b.md) [c](mailto:a@example.com)', []],
  ['`[a](b.md)`\n```\n[c](d.md)\n```\n', []],
  ['a [`b`](../c.ts#d) e', ['../c.ts#d']],
])('links of %j', (text, links) => {
  expect(linksOf(text)).toEqual(links);
});

test('a link to a file or a heading that is not there is found', () => {
  expect(leadsSomewhere('docs/lifecycle.md', 'nothing.md')).toBe(false);
  expect(leadsSomewhere('docs/lifecycle.md', '../README.md#nothing')).toBe(false);
  expect(leadsSomewhere('docs/lifecycle.md', '../LICENSE')).toBe(true);
});

/** Targets of links and images that are not in code and not on the web. */
function linksOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/(?<!\[)`[^`\n]+`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target)).filter((t) => !/^\w+:/.test(t));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(read(target)).includes(anchor);
}

/** As GitHub makes them from headings. */
function anchorsOf(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
