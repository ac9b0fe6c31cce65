/// Which replay of many events made a delivery. Others are not in the index, so that it costs them nothing.
migrate(
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.fields.addAt(
      deliveries.fields.fieldNames().indexOf('replay') + 1,
      new TextField({
        name: 'replay_id',
        max: 15,
        help: 'The replay of many events that made it. Empty: none did, or one before this was kept.',
      }),
    );
    deliveries.addIndex('idx_deliveries_replay', false, '`replay_id`, `seq`', "`replay_id` != ''");
    app.save(deliveries);
  },
  (app) => {
    const deliveries = app.findCollectionByNameOrId('deliveries');
    deliveries.removeIndex('idx_deliveries_replay');
    deliveries.fields.removeByName('replay_id');
    app.save(deliveries);
  },
);
