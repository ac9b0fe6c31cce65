/// One event for one destination. The partial indexes hold only what is not final, so that history never slows the queue.
migrate(
  (app) => {
    const deliveries = new Collection({
      type: 'base',
      name: 'deliveries',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'number', name: 'seq', onlyInt: true, help: 'Position in the order of acceptance.' },
        {
          type: 'select',
          name: 'state',
          required: true,
          maxSelect: 1,
          values: ['pending', 'delivering', 'held', 'delivered', 'dead', 'expired', 'cancelled'],
          presentable: true,
        },
        { type: 'text', name: 'destination', required: true, max: 15 },
        { type: 'text', name: 'event', required: true, max: 15 },
        { type: 'text', name: 'mapping', max: 15 },
        { type: 'number', name: 'last_status', onlyInt: true, help: 'HTTP status; 0: there was no answer.' },
        { type: 'text', name: 'last_error', max: 2000 },
        { type: 'number', name: 'attempts_made', onlyInt: true },
        { type: 'number', name: 'tries_used', onlyInt: true, help: 'Tries of the retry schedule used so far.' },
        { type: 'date', name: 'next_attempt_at' },
        { type: 'date', name: 'expires_at', required: true },
        {
          type: 'select',
          name: 'replay',
          maxSelect: 1,
          values: ['original', 'current'],
          help: 'Empty: a first delivery.',
        },
        { type: 'bool', name: 'passthrough', help: "The body is the event's own." },
        { type: 'text', name: 'request_content_type', max: 1000 },
        { type: 'text', name: 'request_body', max: 45000000 },
        { type: 'text', name: 'lease_owner', max: 100 },
        { type: 'date', name: 'lease_until' },
        { type: 'number', name: 'lease_token', onlyInt: true },
        { type: 'number', name: 'claims', onlyInt: true, help: 'Leases in a row that ended without a result.' },
        { type: 'text', name: 'account', required: true, max: 15 },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      // SQLite uses a partial index for `state = 'x'` only if its own condition is written with = and OR, not IN.
      indexes: [
        'CREATE UNIQUE INDEX `idx_deliveries_seq` ON `deliveries` (`seq`)',
        'CREATE INDEX `idx_deliveries_event` ON `deliveries` (`event`)',
        'CREATE INDEX `idx_deliveries_account` ON `deliveries` (`account`, `seq`)',
        'CREATE INDEX `idx_deliveries_destination` ON `deliveries` (`destination`, `seq`)',
        'CREATE INDEX `idx_deliveries_state` ON `deliveries` (`state`, `seq`)',
        "CREATE INDEX `idx_deliveries_due` ON `deliveries` (`next_attempt_at`, `destination`) WHERE `state` = 'pending'",
        "CREATE INDEX `idx_deliveries_due_destination` ON `deliveries` (`destination`, `next_attempt_at`, `seq`) WHERE `state` = 'pending'",
        "CREATE INDEX `idx_deliveries_leased` ON `deliveries` (`destination`, `lease_owner`, `lease_until`) WHERE `state` = 'delivering'",
        "CREATE INDEX `idx_deliveries_order` ON `deliveries` (`destination`, `seq`) WHERE `state` = 'pending' OR `state` = 'delivering' OR `state` = 'held'",
        "CREATE INDEX `idx_deliveries_expiry` ON `deliveries` (`expires_at`) WHERE `state` = 'pending' OR `state` = 'held'",
      ],
    });
    app.save(deliveries);
  },
  (app) => app.delete(app.findCollectionByNameOrId('deliveries')),
);
