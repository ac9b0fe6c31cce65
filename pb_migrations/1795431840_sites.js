/// Whose visitors are counted. A domain belongs to one account of the installation.
migrate(
  (app) => {
    const sites = new Collection({
      type: 'base',
      name: 'sites',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'name', max: 100, presentable: true, help: 'For people. Empty: the domain.' },
        {
          type: 'text',
          name: 'domain',
          required: true,
          max: 253,
          help: 'As the tracker sends it, such as example.com; without https:// and www.',
        },
        {
          type: 'text',
          name: 'timezone',
          max: 100,
          help: 'Whose days, hours and quiet hours count, such as Europe/Berlin. Empty: UTC.',
        },
        { type: 'bool', name: 'enabled', help: 'Off: its hits are dropped, and its triggers stay quiet.' },
        {
          type: 'relation',
          name: 'account',
          collectionId: app.findCollectionByNameOrId('accounts').id,
          required: true,
          maxSelect: 1,
          help: 'Empty: the account "default".',
        },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_sites_domain` ON `sites` (`domain`)',
        'CREATE UNIQUE INDEX `idx_sites_name` ON `sites` (`account`, `name`)',
      ],
    });
    app.save(sites);
  },
  (app) => app.delete(app.findCollectionByNameOrId('sites')),
);
