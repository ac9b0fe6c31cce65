import type dns from 'node:dns';
import { createGuard, type Guard, NoPublicAddress, type ResolveAll } from '../../../api/src/delivery/guard.ts';

const resolving =
  (...addresses: string[]): ResolveAll =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const strict = createGuard({ allowedNetworks: [], allowedPorts: ['1-65535'], allowHttp: true });

/** As a socket is asked for, after the URL was parsed. */
const refuse = (guard: Guard, url: string) => guard.refuseHost(new URL(url).hostname.replace(/^\[|\]$/g, ''));

describe('refuseHost, for IP literals of every spelling', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://user:pass@127.0.0.1/',
    'http://0/',
    'http://0.0.0.0:80/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://192.0.0.192/',
    'http://192.0.2.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:0:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[64:ff9b:1::10.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'http://[fe80::1]/',
    'http://[fec0::1]/',
    'http://[fc00::1]/',
    'http://[fd00:ec2::254]/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    'http://[2001:db8::1]/',
    'http://[3fff::1]/',
    'http://[4000::1]/',
  ])('refuses %s', (url) => {
    expect(refuse(strict, url)).toMatch(/not a public address.*ALLOWED_PRIVATE_NETWORKS=/);
  });

  it.each([
    'https://example.com/hooks?x=1',
    'http://8.8.8.8/',
    'https://[2606:4700::1111]/',
    'http://[::ffff:8.8.8.8]/',
    'https://172.32.0.1/',
  ])('allows %s', (url) => {
    expect(refuse(strict, url)).toBeUndefined();
  });

  it('allows exactly the networks of its list', () => {
    const guard = createGuard({
      allowedNetworks: ['10.1.0.0/16', 'fd00::/8'],
      allowedPorts: ['1-65535'],
      allowHttp: true,
    });
    expect(refuse(guard, 'http://10.1.2.3/')).toBeUndefined();
    expect(refuse(guard, 'http://[::ffff:10.1.2.3]/')).toBeUndefined();
    expect(refuse(guard, 'http://[fd12::1]/')).toBeUndefined();
    expect(refuse(guard, 'http://10.2.0.1/')).toBeDefined();
    expect(refuse(guard, 'http://127.0.0.1/')).toBeDefined();
    expect(refuse(guard, 'http://[fe80::1]/')).toBeDefined();
  });
});

describe('lookup, at connect', () => {
  function lookup(resolve: ResolveAll, options: dns.LookupOptions, allowedNetworks: string[] = []) {
    const guard = createGuard({ allowedNetworks, allowedPorts: ['443'], allowHttp: true, resolve });
    return new Promise<unknown[]>((done) => guard.lookup('hooks.example', options, (...results) => done(results)));
  }

  it.each([
    [['10.0.0.1']],
    [['8.8.8.8', '10.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::1']],
    [['::ffff:169.254.169.254']],
    [['fe80::1%eth0']],
  ])('blocks a name that resolves to %j', async (addresses) => {
    for (const all of [true, false]) {
      const [error] = await lookup(resolving(...addresses), { all });
      expect(error).toBeInstanceOf(NoPublicAddress);
      expect(error).toMatchObject({ code: 'ERR_NO_PUBLIC_ADDRESS' });
      // The attempt's error is for the account: it must not learn where the name leads.
      for (const address of addresses) expect((error as Error).message).not.toContain(address);
    }
  });

  it('hands over all addresses or the first, as asked', async () => {
    const resolve = resolving('8.8.8.8', '2606:4700::1111');
    expect(await lookup(resolve, { all: true })).toEqual([
      null,
      [
        { address: '8.8.8.8', family: 4 },
        { address: '2606:4700::1111', family: 6 },
      ],
    ]);
    expect(await lookup(resolve, {})).toEqual([null, '8.8.8.8', 4]);
  });

  it('allows private addresses of the list only when all are allowed', async () => {
    expect(await lookup(resolving('10.0.0.1', '8.8.8.8'), {}, ['10.0.0.0/8'])).toEqual([null, '10.0.0.1', 4]);
    expect((await lookup(resolving('10.0.0.1', '127.0.0.1'), {}, ['10.0.0.0/8']))[0]).toBeInstanceOf(NoPublicAddress);
  });

  it('passes the error of a failing name server on', async () => {
    const failing: ResolveAll = (_h, _o, callback) =>
      callback(Object.assign(new Error('x'), { code: 'EAI_AGAIN' }), []);
    expect(await lookup(failing, { all: true })).toMatchObject([{ code: 'EAI_AGAIN' }, []]);
  });

  it('asks for all addresses whatever the socket wants', async () => {
    let asked: unknown;
    await lookup(
      (_h, options, callback) => {
        asked = options;
        callback(null, [{ address: '8.8.8.8', family: 4 }]);
      },
      { family: 'IPv4', hints: 1024 },
    );
    expect(asked).toEqual({ all: true, family: 4, hints: 1024 });
  });
});
