package queue

import (
	"database/sql"

	"pockethook/internal/store"
)

// selectNextAttempt is the earliest future attempt at destinations that could take it. Deliveries that are due but weren't
// leased are left out: they wait for a settlement, not for a time. CROSS JOIN keeps the order of the index.
const selectNextAttempt = `SELECT d.next_attempt_at FROM deliveries d INDEXED BY idx_deliveries_due CROSS JOIN destinations t ON t.id = d.destination
	WHERE d.state = 'pending' AND d.next_attempt_at > ?1 AND t.enabled AND NOT t.paused
		AND NOT EXISTS (SELECT 1 FROM destination_health h WHERE h.id = t.id AND h.state != 'closed') AND CASE WHEN t.ordered
		THEN NOT EXISTS (SELECT 1 FROM ` + store.ByOrder + ` WHERE ` + store.NotFinal + ` AND destination = t.id AND seq < d.seq)
		ELSE (SELECT count(*) FROM ` + store.ByLease + ` WHERE state = 'delivering' AND destination = t.id)
			< CASE t.max_concurrency WHEN 0 THEN 64 ELSE t.max_concurrency END
		END
	ORDER BY d.next_attempt_at LIMIT 1`

// selectNextProbe is the earliest time at which an open breaker may be probed with a delivery that is due by then.
const selectNextProbe = `SELECT min(at) FROM (
	SELECT max(h.next_probe_at, CASE WHEN t.ordered
		THEN (SELECT CASE state WHEN 'pending' THEN next_attempt_at END FROM ` + store.ByOrder + `
			WHERE ` + store.NotFinal + ` AND destination = t.id ORDER BY seq LIMIT 1)
		ELSE (SELECT next_attempt_at FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination = t.id
			ORDER BY next_attempt_at LIMIT 1)
		END) AS at
	FROM destination_health h CROSS JOIN destinations t ON t.id = h.id
	WHERE h.state = 'open' AND t.enabled AND NOT t.paused
) WHERE at > ?1`

const selectAnyDue = `SELECT EXISTS (SELECT 1 FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination = ?
	AND next_attempt_at <= ?)`

const selectNextLeaseEnd = `SELECT min(lease_until) FROM ` + store.ByLease + ` WHERE state = 'delivering' AND lease_owner != ?`

// nextDue is the number of milliseconds until a claim could lease something; nil if nothing waits for a time.
func (c *claiming) nextDue(now bool) (*int64, error) {
	if now {
		return new(int64), nil
	}
	soonest, err := c.nextRefill()
	if err != nil {
		return nil, err
	}
	for _, query := range []struct {
		text string
		arg  any
	}{{selectNextAttempt, store.FormatTime(c.now)}, {selectNextProbe, store.FormatTime(c.now)}, {selectNextLeaseEnd, c.request.Owner}} {
		var at sql.NullString
		if _, err := c.tx.Row(query.text, []any{query.arg}, &at); err != nil {
			return nil, err
		}
		if at.Valid && (soonest == "" || at.String < soonest) {
			soonest = at.String
		}
	}
	if soonest == "" {
		return nil, nil
	}
	at, err := store.ParseTime(soonest)
	// Rounded up: a claim in the same millisecond would come too early.
	ms := at.Sub(c.now).Milliseconds() + 1
	return &ms, err
}

// nextRefill is the earliest time at which an exhausted rate limit allows a due delivery; "" if none waits for one.
func (c *claiming) nextRefill() (soonest string, err error) {
	for destination, bucket := range c.q.rates.Exhausted(c.now) {
		var due bool
		if _, err := c.tx.Row(selectAnyDue, []any{destination, store.FormatTime(c.now)}, &due); err != nil {
			return "", err
		}
		at := store.FormatTime(c.now.Add(bucket.RefillIn()))
		if due && (soonest == "" || at < soonest) {
			soonest = at
		}
	}
	return soonest, nil
}
