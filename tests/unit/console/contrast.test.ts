import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const css = readFileSync(fileURLToPath(new URL('../../../api/console/src/ui/tokens.css', import.meta.url)), 'utf8');

/** The colours of a token: light, dark. */
function token(name: string): [light: string, dark: string] {
  const value = new RegExp(`--${name}: (.+);`).exec(css)?.[1] ?? '';
  const [light = '', dark = light] = value.match(/#[0-9a-f]{6}/g) ?? [];
  return [light, dark];
}

const GROUNDS = ['ground', 'ground-sunken', 'ground-raised', 'ground-hover', 'ground-chosen'];
const TEXTS = ['text', 'text-soft', 'accent', 'red', 'amber', 'green'];
const PAIRS: [text: string, ground: string, least: number][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [string, string, number] => [text, ground, 4.5])),
  ...['red', 'amber', 'green'].flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-ground`, 4.5],
    ['text', `${tone}-ground`, 4.5],
    ['text-soft', `${tone}-ground`, 4.5],
  ]),
  ['on-accent', 'accent-fill', 4.5],
  ['on-accent', 'accent-fill-hover', 4.5],
  ['on-accent', 'red-fill', 4.5],
  // WCAG 1.4.11, for the frames of controls.
  ['line-control', 'ground', 3],
  ['line-control', 'ground-raised', 3],
];

test.each(PAIRS)('%s on %s has at least %d:1, light and dark', (text, ground, least) => {
  const [texts, grounds] = [token(text), token(ground)];
  expect(contrast(texts[0], grounds[0])).toBeGreaterThanOrEqual(least);
  expect(contrast(texts[1], grounds[1])).toBeGreaterThanOrEqual(least);
});

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05). */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
