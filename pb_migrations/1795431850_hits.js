/// What is kept of the hits of trackers: plain tables (docs/adr: "Hits live in plain tables"), written and read by routes
/// only. No row holds an address, a browser or a whole referrer; docs/privacy.md says how long each is kept.
const TABLES = [
  // One row a visitor and site: distinct visitors of a window are one range of the index. `visitor` is a keyed hash.
  'CREATE TABLE `visitors` (`site` TEXT NOT NULL, `visitor` BLOB NOT NULL, `last_seen` INTEGER NOT NULL, `source` TEXT NOT NULL,' +
    ' PRIMARY KEY (`site`, `visitor`)) WITHOUT ROWID',
  'CREATE INDEX `idx_visitors_seen` ON `visitors` (`site`, `last_seen`)',
  'CREATE TABLE `page_views` (`site` TEXT NOT NULL, `minute` INTEGER NOT NULL, `page` TEXT NOT NULL, `count` INTEGER NOT NULL,' +
    ' PRIMARY KEY (`site`, `minute`, `page`)) WITHOUT ROWID',
  // AUTOINCREMENT: triggers remember up to which number they have told.
  'CREATE TABLE `completions` (`seq` INTEGER PRIMARY KEY AUTOINCREMENT, `goal` TEXT NOT NULL, `site` TEXT NOT NULL, `at` INTEGER NOT NULL,' +
    ' `page` TEXT NOT NULL, `amount` TEXT NOT NULL, `currency` TEXT NOT NULL)',
  'CREATE INDEX `idx_completions_goal` ON `completions` (`goal`)',
  // An empty site: no site has the domain, which is not kept.
  'CREATE TABLE `dropped_hits` (`site` TEXT NOT NULL, `hour` INTEGER NOT NULL, `reason` TEXT NOT NULL, `count` INTEGER NOT NULL,' +
    ' PRIMARY KEY (`site`, `hour`, `reason`)) WITHOUT ROWID',
  'CREATE INDEX `idx_dropped_hits_hour` ON `dropped_hits` (`hour`)',
  'CREATE TABLE `site_hits` (`site` TEXT NOT NULL PRIMARY KEY, `first_hit` INTEGER NOT NULL, `last_hit` INTEGER NOT NULL) WITHOUT ROWID',
  // The last batch of each API process: one that is sent again is counted once.
  'CREATE TABLE `hit_batches` (`sender` TEXT NOT NULL PRIMARY KEY, `batch` INTEGER NOT NULL, `at` INTEGER NOT NULL) WITHOUT ROWID',
  // `counts`: a varint for each 5 minutes of the day, up to `slots` of them: 0 is "not evaluated", n + 1 is n visitors.
  'CREATE TABLE `site_values` (`site` TEXT NOT NULL, `window_s` INTEGER NOT NULL, `day` INTEGER NOT NULL, `slots` INTEGER NOT NULL,' +
    ' `counts` BLOB NOT NULL, PRIMARY KEY (`site`, `window_s`, `day`)) WITHOUT ROWID',
  'CREATE INDEX `idx_site_values_day` ON `site_values` (`day`)',
  // Encrypted, today's and yesterday's.
  'CREATE TABLE `salts` (`day` TEXT NOT NULL PRIMARY KEY, `salt` TEXT NOT NULL) WITHOUT ROWID',
  // Written with a firing, in one transaction; `epoch` counts them. The evaluator holds its lease since `counting_since`.
  'CREATE TABLE `trigger_state` (`trigger` TEXT NOT NULL PRIMARY KEY, `epoch` INTEGER NOT NULL, `state` TEXT NOT NULL,' +
    ' `updated` INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE `evaluator` (`id` INTEGER PRIMARY KEY CHECK (`id` = 1), `owner` TEXT NOT NULL, `epoch` INTEGER NOT NULL,' +
    ' `expires_at` INTEGER NOT NULL, `counting_since` INTEGER NOT NULL)',
];

migrate(
  (app) => {
    for (const table of TABLES) app.db().newQuery(table).execute();
  },
  (app) => {
    for (const table of TABLES) {
      const name = table.match(/^CREATE TABLE (`\w+`)/);
      if (name) app.db().newQuery(`DROP TABLE ${name[1]}`).execute();
    }
  },
);
