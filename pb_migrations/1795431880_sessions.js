/// Who is logged in with a browser. A plain table: it belongs to the service alone, so the dashboard neither shows nor
/// edits it. It holds hashes only, so a copy of the database logs nobody in.
migrate(
  (app) => {
    for (const statement of [
      'CREATE TABLE `sessions` (`hash` TEXT PRIMARY KEY NOT NULL, `collection` TEXT NOT NULL, `person` TEXT NOT NULL,' +
        ' `token_key_hash` TEXT NOT NULL, `created` TEXT NOT NULL, `expires_at` TEXT NOT NULL) WITHOUT ROWID',
      'CREATE INDEX `idx_sessions_person` ON `sessions` (`person`, `created`)',
      'CREATE INDEX `idx_sessions_expiry` ON `sessions` (`expires_at`)',
    ]) {
      app.db().newQuery(statement).execute();
    }
  },
  (app) => {
    app.db().newQuery('DROP TABLE `sessions`').execute();
  },
);
