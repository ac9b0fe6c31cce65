package queue

import (
	"pockethook/internal/policy"
	"pockethook/internal/store"
)

// capacity is whether a destination can take another delivery now, over all processes.
type capacity struct {
	exists, ordered bool
	// open: it is enabled and not paused.
	open bool
	// failing: its breaker is open, and only a claim may probe it.
	failing         bool
	max, delivering int
	// rate is nil without a rate limit.
	rate *policy.Bucket
	// backlog: due deliveries wait for the rate limit, and new ones must not overtake them.
	backlog bool
	// waiting: an ordered destination has an unfinished delivery, and new ones must wait for it.
	waiting bool
}

// selectCapacity reads a value of the wrong type as the column's default.
const selectCapacity = `SELECT enabled IS TRUE AND paused IS NOT TRUE, ordered IS TRUE, CAST(max_concurrency AS INTEGER), CAST(rate_limit AS REAL),
	EXISTS (SELECT 1 FROM destination_health h WHERE h.id = destinations.id AND h.state != 'closed'),
	(SELECT count(*) FROM ` + store.ByLease + ` WHERE state = 'delivering' AND destination = destinations.id),
	ordered IS TRUE AND EXISTS (SELECT 1 FROM ` + store.ByOrder + ` WHERE ` + store.NotFinal + ` AND destination = destinations.id),
	CAST(rate_limit AS REAL) > 0 AND EXISTS (SELECT 1 FROM ` + store.ByDueDestination + ` WHERE state = 'pending' AND destination = destinations.id
		AND next_attempt_at <= ?1)
	FROM destinations WHERE id = ?2`

// capacity reads a destination's capacity once per batch; add then keeps it up to date in memory.
func (a *acceptance) capacity(destination string) (*capacity, error) {
	if known := a.capacities[destination]; known != nil {
		return known, nil
	}
	c := &capacity{}
	var perSecond float64
	var err error
	c.exists, err = a.tx.Row(selectCapacity, []any{store.FormatTime(a.now), destination}, &c.open, &c.ordered, &c.max, &perSecond,
		&c.failing, &c.delivering, &c.waiting, &c.backlog)
	if err != nil {
		return nil, err
	}
	if c.max == 0 {
		c.max = defaultMaxConcurrency
	}
	c.rate = a.q.rates.Of(destination, perSecond, a.now)
	a.capacities[destination] = c
	return c, nil
}

func (c *capacity) allows() bool {
	if c.failing || c.rate != nil && (c.backlog || c.rate.Whole() < 1) {
		return false
	}
	if c.ordered {
		return !c.waiting
	}
	return c.delivering < c.max
}

func (c *capacity) add(state string) {
	if state == "delivering" {
		c.delivering++
		if c.rate != nil {
			c.rate.Take()
		}
	} else {
		c.backlog = true
	}
	c.waiting = true
}
