package store

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// A version counts on from the time of the start, in milliseconds: that is more than any version that was told before, also
// after a restored backup or a lost row, so that no API process takes what it has for newer.
const startVersion = `INSERT INTO meta (key, value) VALUES ({:key}, {:now})
	ON CONFLICT (key) DO UPDATE SET value = max(CAST(value AS INTEGER) + 1, {:now})`

// A lost position goes on from the time as well: cursors and replays keep positions that history may not hold any more.
const startSeq = `INSERT INTO meta (key, value) VALUES ('seq', {:now}) ON CONFLICT (key) DO UPDATE SET value = max(
	CAST(value AS INTEGER), (SELECT coalesce(max(seq), 0) FROM events), (SELECT coalesce(max(seq), 0) FROM deliveries))`

// If there are events, the starter configuration was created before. Creating it again would give its sources new secrets.
const markStarter = `INSERT INTO meta (key, value) SELECT 'starter', 1 WHERE EXISTS (SELECT 1 FROM events) ON CONFLICT (key) DO NOTHING`

// No version of before leads on to one that counts from now.
const forgetEveryChange = `DELETE FROM config_changes`

// HealMeta repairs the counters and the starter's mark at each start.
func HealMeta(app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		for _, view := range Views {
			params := dbx.Params{"key": view.key, "now": now.UnixMilli()}
			if _, err := tx.DB().NewQuery(startVersion).Bind(params).Execute(); err != nil {
				return err
			}
		}
		for _, query := range []string{forgetEveryChange, startSeq, markStarter} {
			if _, err := tx.DB().NewQuery(query).Bind(dbx.Params{"now": now.UnixMilli()}).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Written is the answer of routes that return nothing else.
type Written struct {
	ConfigVersion int64 `json:"config_version"`
}

// WriteAnd runs fn in a write transaction, and answers with the configuration version after it.
func (s *Store) WriteAnd(fn func(tx *Transaction) error) (answer Written, err error) {
	err = s.Write(func(tx *Transaction) error {
		if err := fn(tx); err != nil {
			return err
		}
		answer.ConfigVersion, err = ConfigVersion(tx)
		return err
	})
	return answer, err
}
