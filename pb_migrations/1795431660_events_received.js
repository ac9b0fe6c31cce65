/// Retention takes events by age, oldest first. Their order by `seq` would do only as long as no clock was ever wrong.
migrate(
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.addIndex('idx_events_received', false, '`received_at`', '');
    app.save(events);
  },
  (app) => {
    const events = app.findCollectionByNameOrId('events');
    events.removeIndex('idx_events_received');
    app.save(events);
  },
);
