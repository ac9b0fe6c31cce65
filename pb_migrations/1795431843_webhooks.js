/// Webhooks: destinations that an account counts among its at most 10, whose secret is rotated with an overlap.
migrate(
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    const place = (name) => destinations.fields.fieldNames().indexOf(name) + 1;
    destinations.fields.addAt(
      place('name'),
      new TextField({ name: 'description', max: 500, help: 'For people: what it is, who looks after it.' }),
    );
    destinations.fields.addAt(
      place('enabled'),
      new BoolField({
        name: 'notifications',
        help: 'On: a webhook, which members of the account manage under /api/v1/webhooks; an account has at most 10.',
      }),
    );
    destinations.fields.addAt(
      place('secrets'),
      new TextField({
        name: 'secrets_overlap_until',
        max: 24,
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
        help: 'Until when requests are signed with all secrets, such as 2026-01-31T12:00:00.000Z; then with the first only. Empty: with all.',
      }),
    );
    app.save(destinations);

    const accounts = app.findCollectionByNameOrId('accounts');
    accounts.fields.addAt(
      accounts.fields.fieldNames().indexOf('name') + 1,
      new NumberField({
        name: 'webhooks_at_most',
        onlyInt: true,
        min: 0,
        max: 1000,
        help: 'How many webhooks the account may have. 0: 10.',
      }),
    );
    app.save(accounts);
  },
  (app) => {
    const destinations = app.findCollectionByNameOrId('destinations');
    for (const name of ['description', 'notifications', 'secrets_overlap_until'])
      destinations.fields.removeByName(name);
    app.save(destinations);
    const accounts = app.findCollectionByNameOrId('accounts');
    accounts.fields.removeByName('webhooks_at_most');
    app.save(accounts);
  },
);
