/// The audit names the way and the request by which something was changed; what concerns every account has none, and is
/// the operators'. Users read theirs as admins only, and nobody without an account of their own reads a row without one.
migrate(
  (app) => {
    const audit = app.findCollectionByNameOrId('audit');
    audit.fields.getByName('account').required = false;
    audit.fields.addAt(
      3,
      new TextField({ name: 'via', max: 20, help: 'By which way: api, cli, apply, dashboard; empty: by itself.' }),
    );
    audit.fields.addAt(4, new TextField({ name: 'correlation_id', max: 128 }));
    const own = "account != '' && account = @request.auth.account && @request.auth.role = 'admin'";
    audit.listRule = own;
    audit.viewRule = own;
    audit.indexes = audit.indexes.concat('CREATE INDEX `idx_audit_newest` ON `audit` (`created`, `id`)');
    app.save(audit);
  },
  (app) => {
    const audit = app.findCollectionByNameOrId('audit');
    audit.fields.removeByName('via');
    audit.fields.removeByName('correlation_id');
    audit.fields.getByName('account').required = true;
    audit.listRule = 'account = @request.auth.account';
    audit.viewRule = 'account = @request.auth.account';
    audit.indexes = audit.indexes.filter((index) => !index.includes('idx_audit_newest'));
    app.save(audit);
  },
);
