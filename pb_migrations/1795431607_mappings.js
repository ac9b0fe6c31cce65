/// Source → destination: which events, and what is sent. They go when either end goes.
migrate(
  (app) => {
    const relation = (name, collection, help, cascadeDelete) => ({
      type: 'relation',
      name,
      collectionId: app.findCollectionByNameOrId(collection).id,
      required: true,
      maxSelect: 1,
      cascadeDelete,
      help,
    });
    const mappings = new Collection({
      type: 'base',
      name: 'mappings',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        relation('source', 'sources', 'Whose events.', true),
        relation('destination', 'destinations', 'Where they go.', true),
        { type: 'bool', name: 'enabled' },
        {
          type: 'text',
          name: 'filter',
          max: 4000,
          help: 'Expression, such as body.action == "opened". Empty: every event.',
        },
        {
          type: 'json',
          name: 'template',
          maxSize: 200000,
          help: 'What is sent: JSON or a text, whose strings may hold {{ expression }}. Empty: the default of the destination.',
        },
        {
          type: 'text',
          name: 'content_type',
          max: 200,
          help: 'Content type of what is sent. Empty: application/json for JSON, text/plain for a text.',
        },
        relation('account', 'accounts', 'Empty: the account "default".', false),
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE INDEX `idx_mappings_source` ON `mappings` (`source`)',
        'CREATE INDEX `idx_mappings_destination` ON `mappings` (`destination`)',
        'CREATE INDEX `idx_mappings_account` ON `mappings` (`account`)',
      ],
    });
    app.save(mappings);
  },
  (app) => app.delete(app.findCollectionByNameOrId('mappings')),
);
