/// <reference path="../../../pb_data/types.d.ts" />

/** Tests only: arranges what nobody may write, behind every check. */
routerAdd(
  'POST',
  '/api/tests/sql',
  (e) => {
    const { query, params } = e.requestInfo().body;
    $app.nonconcurrentDB().newQuery(query).bind(params).execute();
    return e.noContent(204);
  },
  $apis.requireSuperuserAuth(),
);
