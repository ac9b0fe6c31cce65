package store

import (
	"context"
	"time"
)

// Background work shares the only writing connection with accept and settle, so it runs in short transactions with pauses
// in between. Such a transaction is called a hold.
const (
	// holdGoal is how long one hold should take, commit included. The time for work before the commit is adapted to what the
	// previous hold took; work is done in steps of a few rows.
	holdGoal    = 10 * time.Millisecond
	workAtLeast = 500 * time.Microsecond
	workAtMost  = 5 * time.Millisecond
)

// Holds runs the short write transactions of one background job. They are timed by the process's clock.
type Holds struct {
	store *Store
	// work is how long the next hold may work.
	work time.Duration
	// Longest is the longest time for which the writing connection was held, commit included.
	Longest time.Duration
}

// NewHolds makes the holds of one background job.
func (s *Store) NewHolds() *Holds { return &Holds{store: s, work: workAtLeast} }

// Run runs one write transaction, then leaves the connection to others for the same time. work must end soon after enough
// returns true.
func (h *Holds) Run(work func(tx *Transaction, enough func() bool) error) error {
	var began time.Time
	err := h.store.WriteBehind(func(tx *Transaction) error {
		began = time.Now() // from here on the connection is held
		return work(tx, func() bool { return time.Since(began) >= h.work })
	})
	if err != nil {
		return err
	}
	held := time.Since(began)
	if held > holdGoal {
		h.work = max(h.work/2, workAtLeast)
	} else {
		h.work = min(h.work*5/4, workAtMost)
	}
	h.Longest = max(h.Longest, held)
	time.Sleep(held)
	return nil
}

// Rest pauses background work, at most until the context ends.
func Rest(ctx context.Context, pause time.Duration) {
	select {
	case <-time.After(pause):
	case <-ctx.Done():
	}
}
