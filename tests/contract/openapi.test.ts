import { loadContract, resolve } from '../../api/src/http/openapi.ts';
import { createValidator } from '../../api/src/http/validate.ts';
import { PROBLEMS } from '../../api/src/model/problems.ts';
import { ROLES } from '../../api/src/model/roles.ts';
import { CONTRACT_FILE } from '../support/contract.ts';

const contract = loadContract(CONTRACT_FILE);

interface DeclaredOperation {
  security?: object[];
  responses: Record<string, unknown>;
  requestBody?: unknown;
}

const management = [...contract.operations.values()]
  .filter(({ path }) => path.startsWith('/api/v1/'))
  .map((operation) => {
    const declared = contract.document.paths[operation.path]?.[operation.method.toLowerCase()];
    return [operation.id, operation, declared as DeclaredOperation] as const;
  });

function requiresRetryAfter(response: object): boolean {
  const { headers } = resolve(contract.document, response) as { headers?: Record<string, object> };
  const header = headers?.['Retry-After'];
  return header !== undefined && (resolve(contract.document, header) as { required?: boolean }).required === true;
}

describe('api/contract', () => {
  it('names each operation once', () => {
    const ids = Object.values(contract.document.paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => (operation as { operationId?: string }).operationId ?? []),
    );
    expect(contract.operations.size).toBe(ids.length);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(management)('%s names the problems that any call can meet', (_id, operation, declared) => {
    const expected = ['400', '401', '429', '503'];
    if (operation.path.includes('{id}')) expected.push('404');
    if (operation.method !== 'GET' && operation.id !== 'openSession') expected.push('403');
    if (declared.requestBody) expected.push('413', '415');
    expect(Object.keys(declared.responses)).toEqual(expect.arrayContaining(expected));
    expect(declared.responses).not.toHaveProperty('500');
  });

  it.each([...contract.operations.values()])('$id states the role that it takes', ({ role, path }) => {
    expect(ROLES).toContain(role);
    if (!path.startsWith('/api/v1/')) expect(role).toBe('anonymous');
  });

  it.each(management)(
    '%s says whether it takes credentials as its role does',
    (_id, { role }, { security, responses }) => {
      expect(security).toEqual(role === 'anonymous' ? [] : undefined);
      if (role === 'admin' || role === 'operator') expect(responses).toHaveProperty('403');
    },
  );

  it('says with each 429 and 503 when to come again', () => {
    const without = Object.entries(contract.document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        ['429', '503']
          .map((status) => [
            status,
            (operation as Partial<DeclaredOperation>).responses?.[status] as object | undefined,
          ])
          .filter(([, response]) => response && !requiresRetryAfter(response as object))
          .map(([status]) => `${method} ${path} ${status}`),
      ),
    );
    expect(without).toEqual([]);
  });

  it.each(management)('%s can be checked', (id) => {
    const check = createValidator(contract)(id);
    expect(() => check({ params: {}, query: { 'no-such-parameter': 'x' }, body: undefined })).toThrow(
      expect.objectContaining({ code: 'validation_failed' }),
    );
  });

  /** Changes that take no Idempotency-Key, and why a repetition is no harm. */
  const NEEDS_NO_KEY: Record<string, string> = {
    ...Object.fromEntries(
      [
        'compareSource',
        'compareDestination',
        'compareSite',
        'previewMapping',
        'backtestMapping',
        'backtestTrigger',
        'testGoal',
      ].map((id) => [id, 'changes nothing']),
    ),
    testDestination: 'is tried as often as it is asked for',
    testTrigger: 'is tried as often as it is asked for',
    testWebhook: 'is tried as often as it is asked for',
    openSession: 'each login is one of its own',
    endSession: 'ends once',
    usePasswordLink: 'a link works once',
    changePassword: 'takes the current password, which it changes',
  };

  it('takes an Idempotency-Key with every change, but for those whose repetition is no harm', () => {
    const without = management
      .filter(
        ([, { method, parameters }]) => method !== 'GET' && !parameters.some(({ name }) => name === 'Idempotency-Key'),
      )
      .map(([id]) => id);
    expect(without.sort()).toEqual(Object.keys(NEEDS_NO_KEY).sort());
  });

  /** The fields of a body, with their schemas. */
  function fieldsOf(schema: unknown): [string, unknown][] {
    const { properties = {}, allOf = [] } = resolve(contract.document, schema) as { properties?: object; allOf?: [] };
    return [...allOf.flatMap(fieldsOf), ...Object.entries(properties)];
  }

  const writes = management.flatMap(([id, { bodyPointer, method }]) => {
    const keys = bodyPointer?.slice(1).split('/') ?? [];
    const at = (from: unknown, key: string) =>
      (resolve(contract.document, from) as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
    return bodyPointer && method !== 'GET' ? [[id, keys.reduce(at, contract.document as unknown)] as const] : [];
  });

  it.each(writes)('%s names each field that does not fit', (id, schema) => {
    const check = createValidator(contract)(id);
    const errorsOf = (body: object): string[] => {
      try {
        check({ params: { id: 'aaaaaaaaaaaaaaa' }, query: {}, body });
        return [];
      } catch (fault) {
        return (fault as { errors: { field: string }[] }).errors.map(({ field }) => field);
      }
    };
    const fields = fieldsOf(schema);
    expect(fields.length).toBeGreaterThan(0);
    expect(errorsOf({ no_such_field: 1 })).toContain('/no_such_field');
    for (const [name, field] of fields) {
      const wrong = [7.5, {}, [[]], '\u0000'.repeat(70_000), true].map((value) => errorsOf({ [name]: value }));
      const named = wrong.some((errors) => errors.some((one) => one === `/${name}` || one.startsWith(`/${name}/`)));
      // A field without a type takes any value.
      if ('type' in (resolve(contract.document, field) as object)) expect([name, named]).toEqual([name, true]);
    }
  });

  it('leaves open only what needs no token', () => {
    const open = [...contract.operations.values()]
      .filter(({ path, method }) => {
        const declared = contract.document.paths[path]?.[method.toLowerCase()] as DeclaredOperation;
        return declared.security?.length === 0;
      })
      .map(({ id }) => id);
    expect(open).toEqual(['ingest', 'trackEvent', 'openSession', 'usePasswordLink', 'healthz', 'readyz', 'metrics']);
  });

  it('knows each problem code, and no other', () => {
    const { schemas } = (contract.document as unknown as { components: { schemas: Record<string, unknown> } })
      .components;
    const { properties } = schemas.Problem as { properties: { code: { enum: string[] } } };
    expect([...properties.code.enum].sort()).toEqual(Object.keys(PROBLEMS).sort());
  });
});
