// Package traffic counts what comes and goes, in slots of a minute and of a quarter of an hour, for the overview.
package traffic

import (
	"encoding/json/v2"
	"time"

	"pockethook/internal/store"
)

// Metric is what is counted; from Latency on, attempts by how long they took.
type Metric int64

// What is counted. Only a successful attempt delivers. A delivery that expired counts as dead: those are counted where they die,
// since no index finds them afterwards.
const (
	Events Metric = iota + 1
	Attempts
	Failed
	Delivered
	Dead
	Latency Metric = 100
)

// latencyBounds are the upper ends of the steps in which durations are counted, in milliseconds; the last has none.
var latencyBounds = []float64{1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000}

// All is the account under which those of all accounts are counted together.
const All = ""

// Tally collects counts before they are saved.
type Tally struct{ counts map[tallied]int64 }

type tallied struct {
	account string
	metric  Metric
}

// NewTally is empty.
func NewTally() *Tally { return &Tally{counts: map[tallied]int64{}} }

// Add counts some of an account.
func (t *Tally) Add(account string, metric Metric, count int64) {
	t.counts[tallied{account, metric}] += count
	t.counts[tallied{All, metric}] += count
}

const minuteS, quarterS = 60, 900

const addCounts = `INSERT INTO traffic (account, slot_s, slot, metric, count)
	SELECT value ->> 0, length.s, ?1 / length.s, value ->> 1, value ->> 2
	FROM json_each(?2), (SELECT 60 AS s UNION ALL SELECT 900) AS length WHERE TRUE
	ON CONFLICT DO UPDATE SET count = count + excluded.count`

// Save adds the counts to the slots of now, all in one statement.
func (t *Tally) Save(tx *store.Transaction, now time.Time) error {
	if len(t.counts) == 0 {
		return nil
	}
	rows := make([][3]any, 0, len(t.counts))
	for one, count := range t.counts {
		rows = append(rows, [3]any{one.account, one.metric, count})
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.Exec(addCounts, now.Unix(), string(list))
	return err
}
