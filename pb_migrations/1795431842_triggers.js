/// When somebody is told about a site, and who. They go with the site, and with their goal.
migrate(
  (app) => {
    const relation = (name, collection, rest) => ({
      type: 'relation',
      name,
      collectionId: app.findCollectionByNameOrId(collection).id,
      ...rest,
    });
    const select = (name, values, help, rest) => ({ type: 'select', name, maxSelect: 1, values, help, ...rest });
    const count = (name, max, help, rest) => ({ type: 'number', name, min: 0, max, help, ...rest });
    const duration = (name, help) => ({ type: 'text', name, max: 20, help });
    const triggers = new Collection({
      type: 'base',
      name: 'triggers',
      listRule: 'account = @request.auth.account',
      viewRule: 'account = @request.auth.account',
      fields: [
        { type: 'text', name: 'name', required: true, max: 100, presentable: true },
        relation('site', 'sites', {
          required: true,
          maxSelect: 1,
          cascadeDelete: true,
          help: 'Which site is watched.',
        }),
        select('type', ['visitor_spike', 'visitor_drop', 'goal_completion'], 'What it waits for.', { required: true }),
        { type: 'bool', name: 'enabled', help: 'Off: nobody is told.' },
        relation('goal', 'goals', { maxSelect: 1, cascadeDelete: true, help: 'Of goal_completion: which goal.' }),
        count(
          'threshold',
          1000000000,
          'Distinct visitors in the window: from this number on it is a spike, below it a drop.',
          {
            onlyInt: true,
          },
        ),
        count(
          'relative_threshold',
          1000,
          'In place of a threshold: times the usual number at this weekday and hour, such as 3 (spike) or 0.5 (drop).',
        ),
        duration(
          'window',
          'Over which time visitors are counted, such as 10m. Empty: 5m (spike), 12h (drop), 1h (summary).',
        ),
        duration('cooldown', 'How long it stays quiet after it fired, such as 30m. Empty: 12h.'),
        count('readings', 20, 'In how many readings in a row it must hold, 10 seconds apart. 0: 2.', { onlyInt: true }),
        select('repeat', ['never', 'hourly', 'daily'], 'Tell again while it goes on. Empty: never.'),
        {
          type: 'json',
          name: 'quiet_hours',
          maxSize: 200,
          help: 'When nobody is told, by the clock of the site, such as {"from": "22:00", "to": "07:00"}. Empty: never quiet.',
        },
        select(
          'notify',
          ['every', 'first_of_day', 'every_nth', 'summary'],
          'Of goal_completion: which completions are told. Empty: every one.',
        ),
        count('nth', 1000000, 'Of every_nth: every how many.', { onlyInt: true }),
        duration('expires_after', 'How late it may leave, such as 30m. Empty: 60m.'),
        select('when_late', ['mark', 'skip'], 'A late one is marked as stale, or not sent. Empty: mark.'),
        relation('destinations', 'destinations', { maxSelect: 20, help: 'Who is told. None: it is off.' }),
        relation('account', 'accounts', { required: true, maxSelect: 1, help: 'Empty: the account of the site.' }),
        { type: 'autodate', name: 'created', onCreate: true },
        { type: 'autodate', name: 'updated', onCreate: true, onUpdate: true },
      ],
      indexes: [
        'CREATE UNIQUE INDEX `idx_triggers_name` ON `triggers` (`site`, `name`)',
        'CREATE INDEX `idx_triggers_account` ON `triggers` (`account`)',
      ],
    });
    app.save(triggers);
  },
  (app) => app.delete(app.findCollectionByNameOrId('triggers')),
);
