/// Keys for programs. Only the hash is kept; nobody but operators sees the collection, users see theirs through the API.
migrate(
  (app) => {
    const accounts = app.findCollectionByNameOrId('accounts');
    const apiKeys = new Collection({
      type: 'base',
      name: 'api_keys',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        { type: 'text', name: 'prefix', required: true, max: 20, help: 'How the key begins, to recognise it by.' },
        { type: 'text', name: 'hash', required: true, max: 64, hidden: true, help: 'SHA-256 of the key, in hex.' },
        {
          type: 'select',
          name: 'role',
          required: true,
          maxSelect: 1,
          values: ['operator', 'admin', 'viewer'],
          help: 'operator: every account, and no account of its own.',
        },
        {
          type: 'relation',
          name: 'account',
          collectionId: accounts.id,
          maxSelect: 1,
          cascadeDelete: true,
          help: 'Whose records it sees; empty for an operator.',
        },
        { type: 'date', name: 'last_used_at' },
        { type: 'date', name: 'expires_at', help: 'Empty: never.' },
        { type: 'autodate', name: 'created', onCreate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_api_keys_hash` ON `api_keys` (`hash`)',
        'CREATE INDEX `idx_api_keys_account` ON `api_keys` (`account`)',
      ],
    });
    app.save(apiKeys);
  },
  (app) => app.delete(app.findCollectionByNameOrId('api_keys')),
);
