import express from 'express';
import request from 'supertest';
import { correlation, parseTraceparent } from '../../../api/src/http/correlation.ts';

const app = express();
app.use(correlation());
app.get('/', (_request, response) => {
  response.json(response.locals);
});

describe('correlation', () => {
  it.each(['a', 'order-17.retry_2', 'x'.repeat(128)])('keeps the id that the producer chose: %s', async (id) => {
    const response = await request(app).get('/').set('X-Correlation-Id', id);
    expect(response.get('x-correlation-id')).toBe(id);
    expect(response.body.correlation_id).toBe(id);
  });

  it.each(['', 'a b', 'a,b', 'ä', 'x'.repeat(129), '<script>'])('replaces %j by a UUID of version 7', async (id) => {
    const response = await request(app).get('/').set('X-Correlation-Id', Buffer.from(id).toString('latin1'));
    expect(response.get('x-correlation-id')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(response.body.correlation_id).toBe(response.get('x-correlation-id'));
  });

  it('makes another one for each request', async () => {
    const first = await request(app).get('/');
    const second = await request(app).get('/');
    expect(first.get('x-correlation-id')).not.toBe(second.get('x-correlation-id'));
  });
});

describe('parseTraceparent', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parent = '00f067aa0ba902b7';

  it.each([`00-${trace}-${parent}-01`, `00-${trace}-${parent}-00`, `cc-${trace}-${parent}-01-what-comes-later`])(
    'accepts %s',
    (header) => expect(parseTraceparent(header)).toBe(header),
  );

  it.each([
    undefined,
    '',
    `00-${trace}-${parent}`,
    `00-${trace}-${parent}-01-more`,
    `ff-${trace}-${parent}-01`,
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    ` 00-${trace}-${parent}-01`,
    `cc-${trace}-${parent}-01-${'x'.repeat(200)}`,
    `00-${trace}-${parent}-01, 00-${trace}-${parent}-01`,
  ])('refuses %s', (header) => expect(parseTraceparent(header)).toBe(''));
});
