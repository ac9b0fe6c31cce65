import { createKeyHandler, type Key } from '../../../api/console/src/ui/keys.ts';

function setup(...layers: Record<string, string>[]) {
  const ran: string[] = [];
  const keys = layers.map((layer) =>
    Object.entries(layer).map(([key, name]): Key => ({ key, label: name, run: () => ran.push(name) })),
  );
  const handle = createKeyHandler(
    () => keys,
    (target) => target !== null,
  );
  const press = (key: string, more: object = {}) =>
    handle({
      key,
      metaKey: false,
      ctrlKey: false,
      altKey: false,
      defaultPrevented: false,
      target: null,
      preventDefault() {},
      ...more,
    });
  return { ran, press };
}

test('one key, and two after each other', () => {
  const { ran, press } = setup({ j: 'next', 'g e': 'events', 'g d': 'deliveries' });
  for (const key of ['j', 'g', 'e', 'e', 'g', 'd']) press(key);
  expect(ran).toEqual(['next', 'events', 'deliveries']);
});

test('a second key that nothing waits for is a first one', () => {
  const { ran, press } = setup({ j: 'next', 'g e': 'events' });
  for (const key of ['g', 'j', 'e']) press(key);
  expect(ran).toEqual(['next']);
});

test('what is on top wins', () => {
  const { ran, press } = setup({ j: 'below' }, { j: 'above' });
  press('j');
  expect(ran).toEqual(['above']);
});

test('not while somebody types, nor with Ctrl, nor when somebody else has taken it', () => {
  const { ran, press } = setup({ j: 'next' });
  press('j', { target: {} });
  press('j', { ctrlKey: true });
  press('j', { defaultPrevented: true });
  expect(ran).toEqual([]);
});
