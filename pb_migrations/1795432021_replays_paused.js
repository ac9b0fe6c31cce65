/// A replay of many events may be paused. What is paused is in no index of what waits.
migrate(
  (app) => {
    const replays = app.findCollectionByNameOrId('replays');
    const state = replays.fields.getByName('state');
    state.values = ['pending', 'running', 'paused', 'completed', 'cancelled', 'failed'];
    state.help =
      'pending: waits for its turn. running. paused: waits until somebody resumes it. completed, cancelled, failed: the end.';
    app.save(replays);
  },
  (app) => {
    // The older version would never go on with them.
    app.db().newQuery("UPDATE replays SET state = 'cancelled', finished_at = updated WHERE state = 'paused'").execute();
    const replays = app.findCollectionByNameOrId('replays');
    const state = replays.fields.getByName('state');
    state.values = state.values.filter((value) => value !== 'paused');
    app.save(replays);
  },
);
