/// Users are added with a link that sets their password, and can be deactivated. Keys say who made them, and end with them.
migrate(
  (app) => {
    const users = app.findCollectionByNameOrId('users');
    users.fields.add(
      new BoolField({
        name: 'deactivated',
        help: 'On: the person can no longer log in; their sessions, and the API keys that they made, end at once.',
      }),
      new TextField({
        name: 'link_hash',
        max: 64,
        hidden: true,
        help: 'Kept by Pockethook: SHA-256 of the link that sets the password. Empty it to revoke the link.',
      }),
      new DateField({ name: 'link_expires_at', help: 'Kept by Pockethook. Empty: there is no such link.' }),
    );
    users.authRule = 'deactivated = false';
    users.indexes = users.indexes.concat(
      "CREATE UNIQUE INDEX `idx_users_link` ON `users` (`link_hash`) WHERE `link_hash` != ''",
      'CREATE INDEX `idx_users_account` ON `users` (`account`, `created`)',
    );
    app.save(users);

    const keys = app.findCollectionByNameOrId('api_keys');
    keys.fields.add(
      new TextField({ name: 'made_by', max: 15, help: 'The user or operator who made it, and with whom it ends.' }),
    );
    keys.indexes = keys.indexes.concat(
      "CREATE INDEX `idx_api_keys_made_by` ON `api_keys` (`made_by`) WHERE `made_by` != ''",
    );
    app.save(keys);
  },
  (app) => {
    const keys = app.findCollectionByNameOrId('api_keys');
    keys.indexes = keys.indexes.filter((index) => !index.includes('idx_api_keys_made_by'));
    keys.fields.removeByName('made_by');
    app.save(keys);

    const users = app.findCollectionByNameOrId('users');
    users.indexes = users.indexes.filter((index) => !/idx_users_(link|account)/.test(index));
    users.authRule = '';
    for (const name of ['deactivated', 'link_hash', 'link_expires_at']) users.fields.removeByName(name);
    app.save(users);
  },
);
