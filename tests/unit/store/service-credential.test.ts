import { serviceCredential } from '../../../api/src/store/pocketbase/service-credential.ts';

const encoded = (key: string) => Buffer.from(key).toString('base64');

// pocketbase/internal/access/service_account_test.go has the same pair: what one derives the other knows.
test('each key gives the token that the PocketBase service derives from it', () => {
  const token = 'db3edb494686a661819b7a2c44abb2182c5602dd92374169d2f30485e2caeb8d';
  expect(serviceCredential(encoded('0123456789abcdef0123456789abcdef'))).toBe(`Pockethook-Service ${token}`);
  const two = serviceCredential(
    `${encoded('another key of thirty-two bytes.')}, ${encoded('0123456789abcdef0123456789abcdef')}`,
  );
  expect(two).toMatch(new RegExp(`^Pockethook-Service [0-9a-f]{64},${token}$`));
});
