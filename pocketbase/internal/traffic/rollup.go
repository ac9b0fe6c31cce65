package traffic

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
)

// rollEvery is the pause between two rollups while something comes.
const rollEvery = time.Second

// Rollup counts the events and attempts that history has gained, behind those who write it. How far it is, is saved with the
// counts, so that a crash loses none and counts none twice.
type Rollup struct{ *store.Store }

// Run counts once a second until the context ends; it waits while nothing is written.
func (r Rollup) Run(ctx context.Context) {
	for ctx.Err() == nil {
		more := r.Changes.More()
		if err := r.Roll(); err != nil {
			r.App.Logger().Warn("The overview's counts are behind; it is tried again", "error", err)
		}
		store.Rest(ctx, rollEvery)
		select {
		case <-more:
		case <-ctx.Done():
		}
	}
}

const savePosition = `UPDATE meta SET value = ? WHERE key = ?`

// Roll counts what was gained since the last time, in the slots of now.
func (r Rollup) Roll() error {
	tally := NewTally()
	position, err := addGained(r.App.ConcurrentDB(), All, tally)
	if err != nil || len(tally.counts) == 0 {
		return err
	}
	return r.WriteBehind(func(tx *store.Transaction) error {
		for key, reached := range position {
			if _, err := tx.Exec(savePosition, reached, key); err != nil {
				return err
			}
		}
		return tally.Save(tx, r.Now())
	})
}

const forgetDeleted = `UPDATE meta SET value = (SELECT coalesce(max(rowid), 0) FROM attempts)
	WHERE key = 'traffic_attempts' AND value > (SELECT coalesce(max(rowid), 0) FROM attempts)`

// AttemptsDeleted belongs into each transaction that deletes attempts: SQLite gives the row ids of the newest again.
func AttemptsDeleted(tx *store.Transaction) error {
	_, err := tx.Exec(forgetDeleted)
	return err
}

// gains are what history gains, by the key in meta of how far it was counted.
var gains = map[string]string{
	"traffic_events": `SELECT account, count(*) AS count, max(seq) AS newest, FALSE AS success, 0 AS latency
		FROM events INDEXED BY idx_events_seq
		WHERE seq > (SELECT value FROM meta WHERE key = 'traffic_events') AND {:account} IN ('', account) GROUP BY account`,
	"traffic_attempts": `SELECT account, count(*) AS count, max(rowid) AS newest, outcome = 'success' AS success, ` + latencyStep + ` AS latency
		FROM attempts WHERE rowid > (SELECT value FROM meta WHERE key = 'traffic_attempts') AND {:account} IN ('', account) GROUP BY account, success, latency`,
}

// latencyStep is the step of latencyBounds that the duration of an attempt is in.
var latencyStep = func() string {
	var cases strings.Builder
	for step, bound := range latencyBounds {
		cases.WriteString(" WHEN duration_ms <= " + strconv.FormatFloat(bound, 'f', -1, 64) + " THEN " + strconv.Itoa(step))
	}
	return `CASE` + cases.String() + ` ELSE ` + strconv.Itoa(len(latencyBounds)) + ` END`
}()

type gained struct {
	Account string `db:"account"`
	Count   int64  `db:"count"`
	Newest  int64  `db:"newest"`
	Success bool   `db:"success"`
	Latency int64  `db:"latency"`
}

// addGained adds what an account (All: each) has gained since the last rollup, and returns how far that is, by key of meta.
func addGained(db dbx.Builder, account string, tally *Tally) (position map[string]int64, err error) {
	position = map[string]int64{}
	for key, query := range gains {
		var rows []gained
		if err := db.NewQuery(query).Bind(dbx.Params{"account": account}).All(&rows); err != nil {
			return nil, err
		}
		for _, row := range rows {
			position[key] = max(position[key], row.Newest)
			if key == "traffic_events" {
				tally.Add(row.Account, Events, row.Count)
			} else {
				tally.addAttempts(row)
			}
		}
	}
	return position, nil
}

func (t *Tally) addAttempts(row gained) {
	t.Add(row.Account, Attempts, row.Count)
	t.Add(row.Account, Latency+Metric(row.Latency), row.Count)
	if row.Success {
		t.Add(row.Account, Delivered, row.Count)
	} else {
		t.Add(row.Account, Failed, row.Count)
	}
}
