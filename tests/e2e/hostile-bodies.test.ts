import { type HostileBody, hostileBodies } from '../support/hostile-bodies.ts';
import { type Product, startProduct } from '../support/product.ts';

const AT_ONCE = 10;

let product: Product;

beforeAll(async () => {
  // What compose leaves to the API's heap.
  product = await startProduct({ env: { NODE_OPTIONS: '--max-old-space-size=256' } });
});
afterAll(() => product?.stop());

const post = (headers: Record<string, string>, body: Buffer | string) =>
  fetch(`${product.url}/ingest/generic`, { method: 'POST', headers, body: body as string });

async function statuses({ headers, body }: HostileBody): Promise<number[]> {
  return Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const response = await post(headers, body);
      await response.arrayBuffer();
      return response.status;
    }),
  );
}

test('ten hostile bodies at once, of each kind, leave a process of 256 MB alive, and others are answered', async () => {
  const seen = new Map<string, number[]>();
  for (const hostile of hostileBodies()) {
    const answers = statuses(hostile);
    const [health] = await Promise.all([fetch(`${product.url}/healthz`), answers]);
    seen.set(hostile.what, [...new Set(await answers)].sort());
    expect([hostile.what, health.status, product.process.exitCode]).toEqual([hostile.what, 200, null]);
    const after = await post({ 'content-type': 'application/json' }, '{"a":1}');
    expect([hostile.what, after.status]).toEqual([hostile.what, 202]);
  }
  // Accepted, broken, too much of it, or no room beside the others: never a fault, never a closed connection.
  for (const [what, answers] of seen)
    expect([what, answers.filter((status) => ![202, 400, 413, 503].includes(status))]).toEqual([what, []]);
});
