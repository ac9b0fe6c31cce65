/// Which changes were made already, by the Idempotency-Key of who asked for them. A plain table: it belongs to the
/// service alone, so the dashboard neither shows nor edits it.
migrate(
  (app) => {
    app
      .db()
      .newQuery(
        'CREATE TABLE `idempotency_keys` (`number` INTEGER PRIMARY KEY, `key` TEXT NOT NULL UNIQUE,' +
          ' `fingerprint` TEXT NOT NULL, `answer` TEXT NOT NULL, `created` TEXT NOT NULL)',
      )
      .execute();
    app.db().newQuery('CREATE INDEX `idx_idempotency_keys_created` ON `idempotency_keys` (`created`)').execute();
  },
  (app) => {
    app.db().newQuery('DROP TABLE `idempotency_keys`').execute();
  },
);
