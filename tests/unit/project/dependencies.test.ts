import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(ROOT + name, 'utf8'));
const packages = Object.entries<{ hasInstallScript?: boolean; deprecated?: string }>(
  read('package-lock.json').packages,
).filter(([path]) => path !== '');
const nameOf = (path: string) => path.split('node_modules/').at(-1) as string;

test('whether a package may run a script when it is installed is decided, so that npm asks nobody', () => {
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path));
  expect(Object.keys(read('package.json').allowScripts)).toEqual(expect.arrayContaining(scripted));
});

test('no package is deprecated', () => {
  expect(packages.filter(([, { deprecated }]) => deprecated).map(([path]) => path)).toEqual([]);
});

test('no package reports its installation to somebody', () => {
  const reporting = ['@scarf/scarf', 'core-js', 'core-js-pure'];
  expect(packages.filter(([path]) => reporting.includes(nameOf(path))).map(([path]) => path)).toEqual([]);
});
