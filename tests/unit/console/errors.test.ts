import { errorOf } from '../../../api/console/src/ui/field-errors.ts';

const ERRORS = [
  { field: '/name', message: 'is required' },
  { field: '/secrets/0', message: 'is too short' },
  { field: '/secrets/1', message: 'is not base64' },
  { field: '/names', message: 'is another field' },
];

test.each([
  ['name', 'is required'],
  ['secrets', 'is too short; is not base64'],
  ['url', undefined],
])('at %s a form shows %s', (field, message) => {
  expect(errorOf(ERRORS, field)).toBe(message);
});

test('without errors nothing is wrong', () => expect(errorOf(undefined, 'name')).toBeUndefined());
