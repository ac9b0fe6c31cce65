/// The circuit breaker of each destination that fails. The id is the destination's; one that is well has no record.
migrate(
  (app) => {
    const health = new Collection({
      type: 'base',
      name: 'destination_health',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        {
          type: 'select',
          name: 'state',
          required: true,
          maxSelect: 1,
          values: ['closed', 'open', 'half_open'],
          presentable: true,
          help: 'open: nothing is sent until the next probe; half_open: the probe is under way.',
        },
        {
          type: 'number',
          name: 'failures',
          onlyInt: true,
          help: 'Failed attempts in a row that may pass by themselves.',
        },
        { type: 'date', name: 'failing_since', help: 'The first failure after the last success.' },
        { type: 'date', name: 'opened_at' },
        { type: 'date', name: 'next_probe_at' },
        { type: 'number', name: 'cool_down_ms', onlyInt: true },
        { type: 'text', name: 'probe', max: 15, help: 'The delivery that tries next, or is being tried.' },
        { type: 'text', name: 'account', required: true, max: 15 },
        { type: 'date', name: 'updated' },
      ],
    });
    app.save(health);
  },
  (app) => app.delete(app.findCollectionByNameOrId('destination_health')),
);
