/// Requests that were refused: the newest 100 of each source.
migrate(
  (app) => {
    const rejections = new Collection({
      type: 'base',
      name: 'rejections',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'code', required: true, max: 100, presentable: true },
        { type: 'text', name: 'detail', max: 2000 },
        { type: 'text', name: 'source', required: true, max: 15 },
        { type: 'text', name: 'correlation_id', max: 128 },
        { type: 'text', name: 'method', max: 20 },
        { type: 'text', name: 'content_type', max: 1000 },
        { type: 'number', name: 'body_bytes', onlyInt: true },
        { type: 'date', name: 'received_at', required: true },
        { type: 'text', name: 'account', required: true, max: 15 },
      ],
      indexes: [
        'CREATE INDEX `idx_rejections_source` ON `rejections` (`source`, `received_at`)',
        'CREATE INDEX `idx_rejections_account` ON `rejections` (`account`, `received_at`)',
      ],
    });
    app.save(rejections);
  },
  (app) => app.delete(app.findCollectionByNameOrId('rejections')),
);
