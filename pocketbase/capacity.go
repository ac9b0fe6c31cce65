package main

const destinationDeleted = "its destination was deleted"

// capacity is how much a destination takes now, over all processes.
type capacity struct {
	exists, enabled, ordered bool
	max, delivering          int
	// waiting: an ordered destination has something that is not final, so whatever comes now waits behind it.
	waiting bool
}

const selectCapacity = `SELECT enabled, ordered, max_concurrency,
	(SELECT count(*) FROM ` + byLease + ` WHERE state = 'delivering' AND destination = destinations.id),
	ordered AND EXISTS (SELECT 1 FROM ` + byOrder + ` WHERE ` + notFinal + ` AND destination = destinations.id)
	FROM destinations WHERE id = ?`

// capacity is read once for each destination of a batch, and kept up to date in memory from there.
func (a *acceptance) capacity(destination string) (*capacity, error) {
	if known := a.capacities[destination]; known != nil {
		return known, nil
	}
	c := &capacity{}
	var err error
	c.exists, err = a.tx.row(selectCapacity, []any{destination}, &c.enabled, &c.ordered, &c.max, &c.delivering, &c.waiting)
	if err != nil {
		return nil, err
	}
	if c.max == 0 {
		c.max = defaultMaxConcurrency
	}
	a.capacities[destination] = c
	return c, nil
}

func (c *capacity) allows() bool {
	if c.ordered {
		return !c.waiting
	}
	return c.delivering < c.max
}

func (c *capacity) add(state string) {
	if state == "delivering" {
		c.delivering++
	}
	c.waiting = true
}
