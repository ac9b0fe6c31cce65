// Package traffic counts what comes and goes, in slots of a minute and of a quarter of an hour, for the overview.
package traffic

import (
	"slices"
	"time"

	"pockethook/internal/store"
)

// Metric is what is counted; from Latency on, attempts by how long they took.
type Metric int64

// What is counted. A delivery that expired counts as dead.
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

func latencyMetric(ms float64) Metric {
	step, _ := slices.BinarySearch(latencyBounds, ms)
	return Latency + Metric(step)
}

// All is the account under which those of all accounts are counted together.
const All = ""

// Tally collects the counts of one transaction.
type Tally struct{ counts map[tallied]int64 }

type tallied struct {
	account string
	metric  Metric
}

// NewTally is empty.
func NewTally() *Tally { return &Tally{counts: map[tallied]int64{}} }

// Add counts one.
func (t *Tally) Add(account string, metric Metric) { t.counts[tallied{account, metric}]++ }

// AddAttempt counts an attempt, and what became of its delivery: the state after it.
func (t *Tally) AddAttempt(account, outcome, state string, durationMs float64) {
	t.Add(account, Attempts)
	t.Add(account, latencyMetric(durationMs))
	if outcome != "success" {
		t.Add(account, Failed)
	}
	t.AddEnd(account, state)
}

// AddEnd counts a delivery that came to its end, if the state is one.
func (t *Tally) AddEnd(account, state string) {
	switch state {
	case "delivered":
		t.Add(account, Delivered)
	case "dead", "expired":
		t.Add(account, Dead)
	}
}

const minuteS, quarterS = 60, 900

const addCounts = `INSERT INTO traffic (account, slot_s, slot, metric, count)
	VALUES (?1, 60, ?2, ?4, ?5), (?1, 900, ?3, ?4, ?5), ('', 60, ?2, ?4, ?5), ('', 900, ?3, ?4, ?5)
	ON CONFLICT DO UPDATE SET count = count + excluded.count`

// Save adds the counts in the transaction that they tell of.
func (t *Tally) Save(tx *store.Transaction, now time.Time) error {
	for one, count := range t.counts {
		if _, err := tx.Exec(addCounts, one.account, now.Unix()/minuteS, now.Unix()/quarterS, one.metric, count); err != nil {
			return err
		}
	}
	return nil
}
