/// Accepted payloads, immutable. Configuration is referred to by plain id, so that deleting it neither blocks nor rewrites history.
migrate(
  (app) => {
    const events = new Collection({
      type: 'base',
      name: 'events',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'number', name: 'seq', onlyInt: true, help: 'Position in the order of acceptance.' },
        { type: 'text', name: 'type', max: 300, presentable: true },
        { type: 'date', name: 'received_at', required: true },
        { type: 'text', name: 'source', required: true, max: 15 },
        { type: 'text', name: 'correlation_id', max: 128 },
        { type: 'text', name: 'traceparent', max: 200 },
        { type: 'text', name: 'dedupe_key', max: 500 },
        { type: 'number', name: 'duplicates', onlyInt: true, help: 'Later requests with the same dedupe key.' },
        { type: 'text', name: 'method', max: 20 },
        { type: 'text', name: 'query', max: 20000 },
        { type: 'text', name: 'content_type', max: 1000 },
        { type: 'json', name: 'headers', maxSize: 200000 },
        { type: 'json', name: 'extracted', maxSize: 50000000 },
        { type: 'json', name: 'decisions', maxSize: 5000000 },
        { type: 'text', name: 'account', required: true, max: 15 },
      ],
      // `seq` follows time, so it serves retention as well.
      indexes: [
        'CREATE UNIQUE INDEX `idx_events_seq` ON `events` (`seq`)',
        "CREATE UNIQUE INDEX `idx_events_dedupe` ON `events` (`source`, `dedupe_key`) WHERE `dedupe_key` != ''",
        'CREATE INDEX `idx_events_account` ON `events` (`account`, `seq`)',
        'CREATE INDEX `idx_events_source` ON `events` (`source`, `seq`)',
        'CREATE INDEX `idx_events_type` ON `events` (`type`, `seq`)',
      ],
    });
    app.save(events);
  },
  (app) => app.delete(app.findCollectionByNameOrId('events')),
);
