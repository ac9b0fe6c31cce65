/// Looking up the correlation id that somebody was given must not read all events.
migrate(
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.addIndex('idx_events_correlation', false, '`correlation_id`, `seq`', '');
    app.save(events);
  },
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.removeIndex('idx_events_correlation');
    app.save(events);
  },
);
