package queue

import (
	"pockethook/internal/store"
)

type depth struct {
	Pending    int64 `json:"pending"`
	Delivering int64 `json:"delivering"`
	Held       int64 `json:"held"`
}

// StatsAnswer is QueueStats of api/src/store/queue.ts.
type StatsAnswer struct {
	ConfigVersion int64 `json:"config_version"`
	Depth         depth `json:"depth"`
	OldestDueMs   int64 `json:"oldest_due_ms"`
	// Destinations counts the destinations that don't take deliveries normally.
	Destinations impaired `json:"destinations"`
}

type impaired struct {
	Open     int64 `json:"open"`
	HalfOpen int64 `json:"half_open"`
	Paused   int64 `json:"paused"`
	// Disabled counts those that were disabled automatically, because they failed for too long or answered 410.
	Disabled int64 `json:"disabled"`
}

const selectStats = `SELECT
	(SELECT value FROM meta WHERE key = 'config_version') AS version,
	(SELECT count(*) FROM ` + store.ByDue + ` WHERE state = 'pending') AS pending,
	(SELECT count(*) FROM ` + store.ByLease + ` WHERE state = 'delivering') AS delivering,
	(SELECT count(*) FROM deliveries WHERE state = 'held') AS held,
	(SELECT count(*) FROM destination_health WHERE state = 'open') AS open,
	(SELECT count(*) FROM destination_health WHERE state = 'half_open') AS half_open,
	(SELECT count(*) FROM destinations WHERE paused) AS paused,
	(SELECT count(*) FROM destinations WHERE NOT enabled AND disabled_reason != '') AS disabled,
	coalesce((SELECT min(next_attempt_at) FROM ` + store.ByDue + ` WHERE state = 'pending'), '') AS oldest`

// Stats counts on a reading connection, so it never waits for writes.
func (q *Queue) Stats() (StatsAnswer, error) {
	var row struct {
		Version, Pending, Delivering, Held, Open, HalfOpen, Paused, Disabled int64
		Oldest                                                               string
	}
	if err := q.App.ConcurrentDB().NewQuery(selectStats).One(&row); err != nil {
		return StatsAnswer{}, err
	}
	answer := StatsAnswer{ConfigVersion: row.Version, Depth: depth{row.Pending, row.Delivering, row.Held},
		Destinations: impaired{row.Open, row.HalfOpen, row.Paused, row.Disabled}}
	if row.Oldest != "" {
		oldest, err := store.ParseTime(row.Oldest)
		if err != nil {
			return StatsAnswer{}, err
		}
		answer.OldestDueMs = max(0, q.Now().Sub(oldest).Milliseconds())
	}
	return answer, nil
}
