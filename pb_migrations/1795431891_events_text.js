/// The words of events: row ids are their `seq`. Filled soon after they are accepted (pocketbase/internal/search), so that accepting
/// costs no more; old events come in when the service runs.
migrate(
  (app) => {
    app
      .db()
      .newQuery(
        "CREATE VIRTUAL TABLE `events_text` USING fts5 (`account`, `words`, content = '', contentless_delete = 1," +
          " detail = 'column', tokenize = 'unicode61 remove_diacritics 2')",
      )
      .execute();
  },
  (app) => {
    app.db().newQuery('DROP TABLE `events_text`').execute();
  },
);
