/// Tenants. What an operator creates without naming one belongs to `default`.
migrate(
  (app) => {
    const accounts = new Collection({
      type: 'base',
      name: 'accounts',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: ['CREATE UNIQUE INDEX `idx_accounts_name` ON `accounts` (`name`)'],
    });
    app.save(accounts);
    app.save(new Record(accounts, { name: 'default' }));
  },
  (app) => app.delete(app.findCollectionByNameOrId('accounts')),
);
