/// Nearly every delivery ends as delivered, which nobody looks for by an index: lists of those are lists of all. Without them, a delivery that
/// succeeds at once never touches the index; it was changed three times for each.
migrate(
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    const states = ['pending', 'held', 'dead', 'expired', 'cancelled'];
    deliveries.addIndex(
      'idx_deliveries_state',
      false,
      '`state`, `seq`',
      states.map((state) => `\`state\` = '${state}'`).join(' OR '),
    );
    app.save(deliveries);
  },
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.addIndex('idx_deliveries_state', false, '`state`, `seq`', '');
    app.save(deliveries);
  },
);
