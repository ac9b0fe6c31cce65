/// Readings of a spike are nearer to each other than those of the rest. Only a text: the way back leaves it.
migrate(
  (app) => {
    const triggers = app.findCollectionByNameOrId('triggers');
    triggers.fields.getByName('readings').help =
      'In how many readings in a row it must hold, 10 seconds apart, of a spike 2 seconds. 0: 2.';
    app.save(triggers);
  },
  () => undefined,
);
