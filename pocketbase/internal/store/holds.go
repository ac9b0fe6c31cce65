package store

import "time"

// Work in the background shares the one writing connection with accept and settle, so it goes in small transactions with
// pauses between.
const (
	// holdGoal is how long one of them should have the connection, commit included. How long it may work before it
	// commits follows from what the one before took; the work comes in steps of a few rows.
	holdGoal    = 10 * time.Millisecond
	workAtLeast = 500 * time.Microsecond
	workAtMost  = 5 * time.Millisecond
)

// Holds are the short write transactions of one piece of work in the background. They are measured by the process's clock.
type Holds struct {
	store *Store
	// work is how long the next hold may work.
	work time.Duration
	// Longest is how long the writing connection was held at most, commit included.
	Longest time.Duration
}

// NewHolds is for one piece of work.
func (s *Store) NewHolds() *Holds { return &Holds{store: s, work: workAtLeast} }

// Run runs one write transaction, and then lets others have the connection for as long. work is asked to end when enough
// says so.
func (h *Holds) Run(work func(tx *Transaction, enough func() bool) error) error {
	var began time.Time
	err := h.store.Write(func(tx *Transaction) error {
		began = time.Now() // the connection is ours
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
