/// One HTTP try each. A settlement that is repeated meets the unique index and changes nothing.
migrate(
  (app) => {
    const attempts = new Collection({
      type: 'base',
      name: 'attempts',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'delivery', required: true, max: 15 },
        { type: 'number', name: 'number', onlyInt: true },
        {
          type: 'select',
          name: 'outcome',
          required: true,
          maxSelect: 1,
          values: ['success', 'retry', 'throttled', 'permanent', 'gone', 'blocked', 'expired'],
          presentable: true,
        },
        { type: 'number', name: 'status', onlyInt: true, help: 'HTTP status; 0: there was no answer.' },
        { type: 'text', name: 'error', max: 2000 },
        { type: 'date', name: 'started_at', required: true },
        { type: 'number', name: 'duration_ms' },
        { type: 'json', name: 'response_headers', maxSize: 200000 },
        { type: 'text', name: 'response_body', max: 20000 },
        { type: 'number', name: 'lease_token', onlyInt: true },
        { type: 'text', name: 'account', required: true, max: 15 },
      ],
      indexes: ['CREATE UNIQUE INDEX `idx_attempts_delivery` ON `attempts` (`delivery`, `lease_token`)'],
    });
    app.save(attempts);
  },
  (app) => app.delete(app.findCollectionByNameOrId('attempts')),
);
