/// How far events and attempts are counted for the overview (pocketbase/internal/traffic): what there is, was counted when it came.
migrate(
  (app) => {
    const newest = { traffic_events: 'max(seq) FROM events', traffic_attempts: 'max(rowid) FROM attempts' };
    const meta = app.findCollectionByNameOrId('meta');
    for (const [key, from] of Object.entries(newest)) {
      const found = new DynamicModel({ value: 0 });
      app.db().newQuery(`SELECT coalesce((SELECT ${from}), 0) AS value`).one(found);
      app.save(new Record(meta, { key, value: found.value }));
    }
  },
  (app) => {
    app.db().newQuery("DELETE FROM meta WHERE key IN ('traffic_events', 'traffic_attempts')").execute();
  },
);
