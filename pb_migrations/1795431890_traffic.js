/// How much came and went, by account (empty: all) and slot of 60 and of 900 seconds, for the overview: counting the history itself
/// would take seconds. What a metric is: pocketbase/internal/traffic.
migrate(
  (app) => {
    app
      .db()
      .newQuery(
        'CREATE TABLE `traffic` (`account` TEXT NOT NULL, `slot_s` INTEGER NOT NULL, `slot` INTEGER NOT NULL,' +
          ' `metric` INTEGER NOT NULL, `count` INTEGER NOT NULL, PRIMARY KEY (`account`, `slot_s`, `slot`, `metric`)) WITHOUT ROWID',
      )
      .execute();
  },
  (app) => {
    app.db().newQuery('DROP TABLE `traffic`').execute();
  },
);
