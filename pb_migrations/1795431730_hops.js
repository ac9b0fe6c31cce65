/// How often Pockethook had passed an event on when it came in, and the outcome of an attempt that ends such a loop.
migrate(
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.fields.add(
      new NumberField({
        name: 'hops',
        onlyInt: true,
        help: 'How often Pockethook had passed it on; what was passed on 5 times is not sent again.',
      }),
    );
    app.save(events);
    const attempts = app.findCollectionByNameOrId('attempts');
    attempts.fields.getByName('outcome').values = [
      'success',
      'retry',
      'throttled',
      'permanent',
      'gone',
      'blocked',
      'expired',
      'loop',
    ];
    app.save(attempts);
  },
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.fields.removeByName('hops');
    app.save(events);
    const attempts = app.findCollectionByNameOrId('attempts');
    attempts.fields.getByName('outcome').values = [
      'success',
      'retry',
      'throttled',
      'permanent',
      'gone',
      'blocked',
      'expired',
    ];
    app.save(attempts);
  },
);
