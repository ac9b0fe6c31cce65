/// Who did what by hand.
migrate(
  (app) => {
    const audit = new Collection({
      type: 'base',
      name: 'audit',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'action', required: true, max: 100, presentable: true },
        { type: 'text', name: 'actor', required: true, max: 300 },
        { type: 'text', name: 'subject_type', max: 50 },
        { type: 'text', name: 'subject', max: 15 },
        { type: 'json', name: 'detail', maxSize: 100000 },
        { type: 'text', name: 'account', required: true, max: 15 },
        { type: 'autodate', name: 'created', onCreate: true },
      ],
      indexes: [
        'CREATE INDEX `idx_audit_created` ON `audit` (`created`)',
        'CREATE INDEX `idx_audit_account` ON `audit` (`account`, `created`)',
        'CREATE INDEX `idx_audit_subject` ON `audit` (`subject`)',
      ],
    });
    app.save(audit);
  },
  (app) => app.delete(app.findCollectionByNameOrId('audit')),
);
