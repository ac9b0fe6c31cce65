import { subscribe } from '../../api/src/store/pocketbase/realtime.ts';
import { startLosingProxy } from '../support/losing-proxy.ts';
import { describeWithServices, startApp, startPocketBase, superuser } from '../support/services.ts';
import { followTimers } from '../support/timers.ts';
import { until } from '../support/until.ts';

describeWithServices('the realtime connection to the store', () => {
  test('stopped while the store is away, nothing is left that keeps the process alive', async () => {
    const timers = followTimers();
    const pocketbase = await startPocketBase();
    const app = await startApp(pocketbase);
    await pocketbase.stop();
    await app.stop();
    expect(timers.left()).toEqual([]);
  });

  test('is made anew when it ends, says so, and hears again; closing it leaves nothing', async () => {
    const timers = followTimers();
    const pocketbase = await startPocketBase();
    const pb = await superuser(pocketbase);
    const heard: unknown[] = [];
    let connections = 0;
    const topics = { 'pockethook/config': (message: unknown) => heard.push(message) };
    const close = await subscribe(pb, topics, () => connections++);
    expect(connections).toBe(1);

    process.kill(pocketbase.pid as number, 'SIGKILL');
    await until('the second connection', () => (connections === 2 ? true : undefined));
    const source = { name: 'heard', enabled: true, verification: 'none' };
    await pb.collection('sources').create(source);
    await until('a message', () => heard[0]);
    expect(heard[0]).toEqual({ config_version: expect.any(Number) });

    await close();
    await pocketbase.stop();
    expect(timers.left()).toEqual([]);
  });

  test('that can not be made is a failure, and leaves nothing', async () => {
    const pocketbase = await startPocketBase();
    const pb = await superuser(pocketbase);
    const timers = followTimers();
    const proxy = await startLosingProxy(pocketbase.url);
    pb.baseURL = proxy.url;
    await proxy.close();
    await expect(subscribe(pb, {}, () => undefined)).rejects.toThrow('fetch failed');
    expect(timers.left()).toEqual([]);
    await pocketbase.stop();
  });
});
