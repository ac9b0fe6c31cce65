/// What a destination never got is looked for among much that it got. What is delivered is not in the index, so that it costs nothing.
migrate(
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    const undelivered = "`state` = 'dead' OR `state` = 'expired' OR `state` = 'cancelled'";
    deliveries.addIndex('idx_deliveries_undelivered', false, '`destination`, `state`, `seq`', undelivered);
    app.save(deliveries);
  },
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.removeIndex('idx_deliveries_undelivered');
    app.save(deliveries);
  },
);
