/// Replays of many events: what is asked for, how far it has come, which API process works on it. An empty account: every
/// account's events, asked for by an operator.
migrate(
  (app) => {
    const replays = new Collection({
      type: 'base',
      name: 'replays',
      listRule: "account != '' && account = @request.auth.account",
      viewRule: "account != '' && account = @request.auth.account",
      fields: [
        {
          type: 'select',
          name: 'state',
          required: true,
          maxSelect: 1,
          values: ['pending', 'running', 'completed', 'cancelled', 'failed'],
          presentable: true,
        },
        { type: 'text', name: 'actor', required: true, max: 300, help: 'Who asked.' },
        { type: 'select', name: 'mode', required: true, maxSelect: 1, values: ['original', 'current'] },
        { type: 'date', name: 'from', required: true },
        { type: 'date', name: 'to', required: true },
        { type: 'text', name: 'source', max: 15 },
        { type: 'text', name: 'destination', max: 15 },
        { type: 'text', name: 'status', max: 20, help: 'A state of deliveries.' },
        { type: 'bool', name: 'only_missing' },
        { type: 'number', name: 'rate', onlyInt: true, help: 'Deliveries per second.' },
        { type: 'number', name: 'events_total', onlyInt: true },
        { type: 'number', name: 'events_seen', onlyInt: true },
        { type: 'number', name: 'deliveries', onlyInt: true },
        { type: 'number', name: 'failed', onlyInt: true },
        { type: 'text', name: 'error', max: 2000 },
        { type: 'number', name: 'position', onlyInt: true, help: 'seq of the last event that was dealt with.' },
        {
          type: 'number',
          name: 'until',
          onlyInt: true,
          help: 'seq of the last event there was when it was asked for.',
        },
        { type: 'text', name: 'lease_owner', max: 100 },
        { type: 'date', name: 'lease_until' },
        { type: 'number', name: 'lease_token', onlyInt: true },
        { type: 'number', name: 'claims', onlyInt: true, help: 'Leases in a row that ended without progress.' },
        { type: 'text', name: 'account', max: 15 },
        { type: 'date', name: 'finished_at' },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE INDEX `idx_replays_created` ON `replays` (`created`, `id`)',
        "CREATE INDEX `idx_replays_open` ON `replays` (`created`) WHERE `state` = 'pending' OR `state` = 'running'",
      ],
    });
    app.save(replays);
  },
  (app) => app.delete(app.findCollectionByNameOrId('replays')),
);
