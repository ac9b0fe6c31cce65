// Package triggers keeps where each trigger stands, and which API process evaluates them.
package triggers

import (
	"time"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// Triggers answers the routes of the evaluator. Its clock is PocketBase's, as that of every lease.
type Triggers struct{ *store.Store }

// New is for the one process that serves the database.
func New(s *store.Store) *Triggers { return &Triggers{s} }

const (
	leaseAtMost = time.Minute
	// pauseAtMost is how long nobody may evaluate before what was counted meanwhile has a gap: hits were not taken either.
	pauseAtMost = time.Minute
)

// LeaseRequest asks to evaluate for so long; 0 gives the lease back.
type LeaseRequest struct {
	Owner   string `json:"owner"`
	LeaseMs int64  `json:"lease_ms"`
}

// Lease is who evaluates. Whoever writes under an older Epoch changes nothing.
type Lease struct {
	store.Versions
	Held  bool  `json:"held"`
	Epoch int64 `json:"epoch"`
	// CountingSince is in milliseconds: from then on somebody has evaluated without a longer pause.
	CountingSince int64 `json:"counting_since"`
	Now           int64 `json:"now"`
}

const selectLease = `SELECT owner, epoch, expires_at, counting_since FROM evaluator WHERE id = 1`

const saveLease = `INSERT INTO evaluator (id, owner, epoch, expires_at, counting_since) VALUES (1, ?, ?, ?, ?)
	ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch, expires_at = excluded.expires_at,
	counting_since = excluded.counting_since`

// Lease gives the lease to who has it, or to anybody once it ended. It is the same one, with the same epoch, as long as
// nobody else had it in between.
func (t *Triggers) Lease(request LeaseRequest) (answer Lease, err error) {
	if request.Owner == "" || len(request.Owner) > 100 {
		return Lease{}, fault.BadRequest("owner must be a text of 1 to 100 characters: it names the process that evaluates.")
	}
	if request.LeaseMs < 0 || request.LeaseMs > leaseAtMost.Milliseconds() {
		return Lease{}, fault.BadRequest("lease_ms must be from 0 to 60000.")
	}
	err = t.Write(func(tx *store.Transaction) error {
		var owner string
		var epoch, expires, since int64
		known, err := tx.Row(selectLease, nil, &owner, &epoch, &expires, &since)
		if err != nil {
			return err
		}
		now := t.Now().UnixMilli()
		free := !known || expires <= now
		if !known || now-expires > pauseAtMost.Milliseconds() {
			since = now
		}
		answer = Lease{Held: owner == request.Owner || free && request.LeaseMs > 0, Epoch: epoch, CountingSince: since, Now: now}
		if answer.Held {
			if owner != request.Owner {
				answer.Epoch++
			}
			if _, err := tx.Exec(saveLease, request.Owner, answer.Epoch, now+request.LeaseMs, since); err != nil {
				return err
			}
		}
		answer.Versions, err = store.ReadVersions(tx)
		return err
	})
	return answer, err
}
