/// Users belong to one account, see only themselves and it, and are made by operators: nobody signs up.
migrate(
  (app) => {
    const accounts = app.findCollectionByNameOrId('accounts');
    const users = app.findCollectionByNameOrId('users');
    users.fields.add(
      new RelationField({
        name: 'account',
        collectionId: accounts.id,
        required: true,
        maxSelect: 1,
        help: 'Whose records this user sees.',
      }),
    );
    users.fields.add(
      new SelectField({
        name: 'role',
        values: ['admin', 'viewer'],
        required: true,
        maxSelect: 1,
        help: 'An admin may change the configuration of the account, a viewer only looks.',
      }),
    );
    users.createRule = null;
    users.updateRule = null;
    users.deleteRule = null;
    users.authAlert.enabled = false;
    // A day, as for superusers.
    users.authToken.duration = 86400;
    app.save(users);

    accounts.listRule = 'id = @request.auth.account';
    accounts.viewRule = 'id = @request.auth.account';
    app.save(accounts);
  },
  (app) => {
    const accounts = app.findCollectionByNameOrId('accounts');
    accounts.listRule = null;
    accounts.viewRule = null;
    app.save(accounts);

    const users = app.findCollectionByNameOrId('users');
    users.fields.removeByName('account');
    users.fields.removeByName('role');
    users.createRule = '';
    users.updateRule = 'id = @request.auth.id';
    users.deleteRule = 'id = @request.auth.id';
    users.authAlert.enabled = true;
    users.authToken.duration = 432000;
    app.save(users);
  },
);
