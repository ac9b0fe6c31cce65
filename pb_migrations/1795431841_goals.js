/// What counts as a completion on a site. They go with the site.
migrate(
  (app) => {
    const goals = new Collection({
      type: 'base',
      name: 'goals',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        {
          type: 'relation',
          name: 'site',
          collectionId: app.findCollectionByNameOrId('sites').id,
          required: true,
          maxSelect: 1,
          cascadeDelete: true,
          help: 'On which site.',
        },
        {
          type: 'text',
          name: 'event_name',
          max: 120,
          help: 'Name of a custom event, such as Signup. Either this or page_path.',
        },
        {
          type: 'text',
          name: 'page_path',
          max: 2000,
          help: 'Path of a page, such as /thank-you or /blog/*/comments; * stands for a part without slashes, ** for anything.',
        },
        {
          type: 'json',
          name: 'props',
          maxSize: 10000,
          help: 'Up to 3 custom properties that a hit must have, such as {"plan": "pro"}. Empty: any.',
        },
        { type: 'bool', name: 'enabled', help: 'Off: completions are not counted.' },
        { type: 'text', name: 'currency', max: 3, help: 'Such as EUR: revenue is counted. Empty: it is not.' },
        {
          type: 'relation',
          name: 'account',
          collectionId: app.findCollectionByNameOrId('accounts').id,
          required: true,
          maxSelect: 1,
          help: 'Empty: the account of the site.',
        },
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_goals_name` ON `goals` (`site`, `name`)',
        'CREATE INDEX `idx_goals_account` ON `goals` (`account`)',
      ],
    });
    app.save(goals);
  },
  (app) => app.delete(app.findCollectionByNameOrId('goals')),
);
