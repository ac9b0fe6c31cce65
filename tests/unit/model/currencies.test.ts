import { readFileSync } from 'node:fs';
import { isCurrency } from '../../../api/src/model/currencies.ts';

const shared = JSON.parse(readFileSync(new URL('../../shared/currencies.json', import.meta.url), 'utf8'));

it('takes every currency that the PocketBase service takes, and no other code', () => {
  const capitals = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const codes = capitals.flatMap((a) => capitals.flatMap((b) => capitals.map((c) => a + b + c)));
  expect(codes.filter(isCurrency)).toEqual(shared.money.split(' '));
});

it.each(shared.refused as string[])('refuses "%s"', (code) => expect(isCurrency(code)).toBe(false));
