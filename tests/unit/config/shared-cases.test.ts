import { readFileSync } from 'node:fs';
import { readConfig } from '../../../api/src/config.ts';
import { parseKeys } from '../../../api/src/model/encryption-keys.ts';
import { parsePortRange } from '../../../api/src/model/ports.ts';
import { createDecrypt } from '../../../api/src/store/pocketbase/secrets.ts';
import { openSecrets } from '../../../api/src/store/pocketbase/stored-records.ts';

/** Tables that the tests of the PocketBase service run as well: both read the same. */
const shared = (name: string) => JSON.parse(readFileSync(new URL(`../../shared/${name}`, import.meta.url), 'utf8'));

type Case<T> = { value: string; read: T | null };
const environment = shared('environment.json');
const secrets = shared('secrets.json');

/** Null: refused. */
function configOf(name: string, value: string) {
  try {
    return readConfig({ [name]: value });
  } catch {
    return null;
  }
}

test.each(environment.ENCRYPTION_KEYS as Case<string[]>[])('ENCRYPTION_KEYS=$value', ({ value, read }) => {
  const config = configOf('ENCRYPTION_KEYS', value);
  expect(config && parseKeys(config.encryptionKeys ?? '').map((key) => key.toString('hex'))).toEqual(read);
});

test.each(environment.ALLOW_HTTP_DESTINATIONS as Case<boolean>[])('a boolean $value', ({ value, read }) => {
  expect(configOf('ALLOW_HTTP_DESTINATIONS', value)?.allowHttpDestinations ?? null).toBe(read);
});

test.each(environment.ALLOWED_PRIVATE_NETWORKS as Case<string[]>[])('networks $value', ({ value, read }) => {
  // The guard masks them itself, so here they are as they were written.
  expect(configOf('ALLOWED_PRIVATE_NETWORKS', value)?.allowedPrivateNetworks.length).toBe(read?.length);
});

test.each(environment.ALLOWED_PORTS as Case<string[]>[])('ports $value', ({ value, read }) => {
  const config = configOf('ALLOWED_PORTS', value);
  const ranges = config && (value.trim() ? config.allowedPorts.map(parsePortRange) : []);
  expect(ranges?.map((range) => range?.join('-')) ?? null).toEqual(read);
});

test.each(secrets.stored as { what: string; text: string; plain: string | null }[])(
  'secret: $what',
  ({ text, plain }) => {
    const decrypt = createDecrypt(secrets.key);
    const [collection, record, field] = secrets.place.split('/');
    const read = () => decrypt(text, { collection, record, field });
    if (plain === null) expect(read).toThrow();
    else expect(read()).toBe(plain);
  },
);

test.each(secrets.lists as { what: string; json: string; count: number }[])('secrets: $what', ({ json, count }) => {
  expect(
    openSecrets('sources', { id: 'source000000001', secrets: JSON.parse(json) } as { id: string }, (text) => text)
      .secrets,
  ).toHaveLength(count);
});
