package traffic

import (
	"time"

	"github.com/pocketbase/dbx"
)

// Counts are the counts of a time.
type Counts struct {
	Events    int64 `json:"events"`
	Attempts  int64 `json:"attempts"`
	Failed    int64 `json:"failed_attempts"`
	Delivered int64 `json:"delivered"`
	Dead      int64 `json:"dead"`
	// P95Ms is the time within which 95 of 100 attempts ended, to the accuracy of the steps; nil: there was none.
	P95Ms *float64 `json:"p95_ms"`

	latencies []int64
}

func (c *Counts) add(metric Metric, count int64) {
	switch metric {
	case Events:
		c.Events += count
	case Attempts:
		c.Attempts += count
	case Failed:
		c.Failed += count
	case Delivered:
		c.Delivered += count
	case Dead:
		c.Dead += count
	default:
		if c.latencies == nil {
			c.latencies = make([]int64, len(latencyBounds)+1)
		}
		if step := int(metric - Latency); step >= 0 && step < len(c.latencies) {
			c.latencies[step] += count
		}
	}
}

// finish computes what the latencies say: the point in the step that holds the 95th of 100, as if its attempts were spread evenly.
func (c *Counts) finish() {
	var total, below int64
	for _, count := range c.latencies {
		total += count
	}
	if total == 0 {
		return
	}
	wanted, from := 0.95*float64(total), 0.0
	for step, count := range c.latencies {
		to := from
		if step < len(latencyBounds) {
			to = latencyBounds[step]
		}
		if count > 0 && float64(below+count) >= wanted {
			p95 := from + (to-from)*(wanted-float64(below))/float64(count)
			c.P95Ms = &p95
			return
		}
		below, from = below+count, to
	}
}

const selectCounts = `SELECT slot, metric, count FROM traffic
	WHERE account = {:account} AND slot_s = {:seconds} AND slot >= {:from} AND slot < {:to}`

// Read returns the counts of the slots from (inclusive) to (exclusive) of an account, and those of all of them together. What
// the last rollup did not count yet is in the slot of now. Read in one transaction, so that nothing is counted twice or not at all.
func Read(db dbx.Builder, account string, seconds, from, to int64, now time.Time) (slots []Counts, total Counts, err error) {
	slots = make([]Counts, to-from)
	if slot := now.Unix() / seconds; from <= slot && slot < to {
		tally := NewTally()
		if _, err := addGained(db, account, tally); err != nil {
			return nil, total, err
		}
		for one, count := range tally.counts {
			if one.account == account {
				slots[slot-from].add(one.metric, count)
				total.add(one.metric, count)
			}
		}
	}
	rows, err := db.NewQuery(selectCounts).Bind(dbx.Params{"account": account, "seconds": seconds, "from": from, "to": to}).Rows()
	if err != nil {
		return nil, total, err
	}
	defer rows.Close()
	for rows.Next() {
		var slot, count int64
		var metric Metric
		if err := rows.Scan(&slot, &metric, &count); err != nil {
			return nil, total, err
		}
		slots[slot-from].add(metric, count)
		total.add(metric, count)
	}
	for i := range slots {
		slots[i].finish()
	}
	total.finish()
	return slots, total, rows.Err()
}
