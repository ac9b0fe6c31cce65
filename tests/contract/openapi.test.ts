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
    const expected = ['400', '401', '503'];
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
