/// Sites whose visitors somebody else counts: where their statistics are read, with which key, and how that goes.
migrate(
  (app) => {
    const sites = app.findCollectionByNameOrId('sites');
    const place = (name) => sites.fields.fieldNames().indexOf(name) + 1;
    sites.fields.addAt(
      place('timezone'),
      new SelectField({
        name: 'counted_by',
        maxSelect: 1,
        values: ['hits', 'plausible'],
        help: 'Who counts its visitors. hits: trackers report to this Pockethook. plausible: an installation of Plausible, whose Stats API is asked.',
      }),
    );
    sites.fields.addAt(
      place('counted_by'),
      new TextField({
        name: 'statistics_url',
        max: 2048,
        help: 'Of plausible: where it is, such as https://plausible.example.com. Empty: https://plausible.io.',
      }),
    );
    sites.fields.addAt(
      place('statistics_url'),
      new TextField({
        name: 'statistics_key',
        max: 2000,
        hidden: true,
        help: 'Of plausible: a key for its Stats API (Settings, API Keys). It is encrypted.',
      }),
    );
    app.save(sites);
    app.db().newQuery("UPDATE `sites` SET `counted_by` = 'hits'").execute();
    // A row of each site that is read elsewhere, written by the process that reads. Times in milliseconds, 0 for never.
    app
      .db()
      .newQuery(
        'CREATE TABLE `statistics_health` (`site` TEXT NOT NULL PRIMARY KEY, `read_at` INTEGER NOT NULL, `problem` TEXT NOT NULL) WITHOUT ROWID',
      )
      .execute();
  },
  (app) => {
    app.db().newQuery('DROP TABLE `statistics_health`').execute();
    const sites = app.findCollectionByNameOrId('sites');
    for (const name of ['counted_by', 'statistics_url', 'statistics_key']) sites.fields.removeByName(name);
    app.save(sites);
  },
);
