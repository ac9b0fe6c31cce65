/// The bytes of an event, under the id of the event: lists of events never read them.
migrate(
  (app) => {
    const bodies = new Collection({
      type: 'base',
      name: 'event_bodies',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        // 32 MiB as base64
        { type: 'text', name: 'body', max: 45000000 },
        { type: 'select', name: 'body_encoding', values: ['utf8', 'base64'], required: true, maxSelect: 1 },
        { type: 'text', name: 'account', required: true, max: 15 },
      ],
    });
    app.save(bodies);
  },
  (app) => app.delete(app.findCollectionByNameOrId('event_bodies')),
);
