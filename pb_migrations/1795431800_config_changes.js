/// Which record each version of the configuration changed, so that a process that knows one reads only what came after. A
/// plain table: it belongs to the service alone, so the dashboard neither shows nor edits it. What notifications go by has
/// versions of its own.
migrate(
  (app) => {
    app
      .db()
      .newQuery(
        'CREATE TABLE `config_changes` (`view` TEXT NOT NULL, `version` INTEGER NOT NULL, `collection` TEXT NOT NULL,' +
          ' `record` TEXT NOT NULL, PRIMARY KEY (`view`, `version`)) WITHOUT ROWID',
      )
      .execute();
    app.save(new Record(app.findCollectionByNameOrId('meta'), { key: 'notifications_version', value: 0 }));
  },
  (app) => {
    app.delete(app.findFirstRecordByData('meta', 'key', 'notifications_version'));
    app.db().newQuery('DROP TABLE `config_changes`').execute();
  },
);
