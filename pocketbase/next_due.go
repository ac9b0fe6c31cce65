package main

import "database/sql"

// selectNextAttempt: the first of what waits for a time, at destinations that could take it. What is due already and was
// not leased waits for a settlement, not for a time. CROSS JOIN keeps the order of the index.
const selectNextAttempt = `SELECT d.next_attempt_at FROM deliveries d INDEXED BY idx_deliveries_due CROSS JOIN destinations t ON t.id = d.destination
	WHERE d.state = 'pending' AND d.next_attempt_at > ?1 AND t.enabled AND CASE WHEN t.ordered
		THEN NOT EXISTS (SELECT 1 FROM ` + byOrder + ` WHERE ` + notFinal + ` AND destination = t.id AND seq < d.seq)
		ELSE (SELECT count(*) FROM ` + byLease + ` WHERE state = 'delivering' AND destination = t.id)
			< CASE t.max_concurrency WHEN 0 THEN 64 ELSE t.max_concurrency END
		END
	ORDER BY d.next_attempt_at LIMIT 1`

const selectNextLeaseEnd = `SELECT min(lease_until) FROM ` + byLease + ` WHERE state = 'delivering' AND lease_owner != ?`

// nextDue is in how many milliseconds a claim could lease something; nil: nothing waits for a time.
func (c *claiming) nextDue(now bool) (*int64, error) {
	if now {
		return new(int64), nil
	}
	var attempt, leaseEnd sql.NullString
	if _, err := c.tx.row(selectNextAttempt, []any{storeTime(c.now)}, &attempt); err != nil {
		return nil, err
	}
	if _, err := c.tx.row(selectNextLeaseEnd, []any{c.request.Owner}, &leaseEnd); err != nil {
		return nil, err
	}
	soonest := attempt
	if leaseEnd.Valid && (!soonest.Valid || leaseEnd.String < soonest.String) {
		soonest = leaseEnd
	}
	if !soonest.Valid {
		return nil, nil
	}
	at, err := parseStoreTime(soonest.String)
	// Rounded up: a claim in the same millisecond would come too early.
	ms := at.Sub(c.now).Milliseconds() + 1
	return &ms, err
}
