/// What operators look for first, as lists of the dashboard: destinations that need a hand, and why the newest events went where. For
/// operators only; the API has both (`GET /api/v1/overview`, `/events`).
migrate(
  (app) => {
    app.save(
      new Collection({
        type: 'view',
        name: 'failing_destinations',
        viewQuery: `SELECT d.id, d.name, d.type, d.enabled, d.paused, d.disabled_reason, h.failures, h.failing_since, h.next_probe_at, d.account
          FROM destinations d LEFT JOIN destination_health h ON h.id = d.id
          WHERE h.failures > 0 OR d.disabled_reason != ''`,
      }),
    );
    // Only the newest, so that it is as quick with a million events.
    app.save(
      new Collection({
        type: 'view',
        name: 'recent_decisions',
        viewQuery: `SELECT (e.id || '-' || d.key) AS id, e.received_at, e.source, e.type, e.account, e.id AS event,
            CAST(d.value ->> 'mapping' AS TEXT) AS mapping, CAST(d.value ->> 'destination' AS TEXT) AS destination,
            CAST(d.value ->> 'outcome' AS TEXT) AS outcome,
            CAST(coalesce(d.value ->> 'clause', d.value ->> 'message', d.value ->> 'reason', '') AS TEXT) AS why
          FROM (SELECT * FROM events ORDER BY seq DESC LIMIT 500) e, json_each(e.decisions) d`,
      }),
    );
  },
  (app) => {
    for (const name of ['recent_decisions', 'failing_destinations']) app.delete(app.findCollectionByNameOrId(name));
  },
);
