// Package retention deletes history by age, in small transactions that don't hold up the queue.
package retention

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

const (
	// stepRows is how many rows one step deletes; each may have a body of its own.
	stepRows = 16
	// pageRows is how many old rows are selected at once, on a reading connection.
	pageRows       = 500
	daysAtMost     = 36_500
	budgetMsAtMost = 1_000
)

// Request says how many days history is kept; 0: for ever. After is the previous call's answer; "" at first.
type Request struct {
	Days      int64  `json:"days"`
	AuditDays int64  `json:"audit_days"`
	BudgetMs  int64  `json:"budget_ms"`
	After     string `json:"after"`
}

// Deleted counts what was deleted; FreedPages were given back to the file system.
type Deleted struct {
	Events     int64 `json:"events"`
	Deliveries int64 `json:"deliveries"`
	Attempts   int64 `json:"attempts"`
	Rejections int64 `json:"rejections"`
	Audit      int64 `json:"audit"`
	FreedPages int64 `json:"freed_pages"`
}

// Answer is the result of one call. More: the budget was used up, and the next call should continue at After.
type Answer struct {
	ConfigVersion int64   `json:"config_version"`
	Deleted       Deleted `json:"deleted"`
	More          bool    `json:"more"`
	After         string  `json:"after"`
	// LongestHoldMs is the longest time for which the writing connection was held, commit included.
	LongestHoldMs float64 `json:"longest_hold_ms"`
}

// Retention deletes old history.
type Retention struct {
	*store.Store
	// running allows one Retain at a time.
	running sync.Mutex
}

// New makes Retention on an open store.
func New(s *store.Store) *Retention { return &Retention{Store: s} }

// retaining is one call of Retain. Budget and transactions are timed by the process's clock, ages by the store's.
type retaining struct {
	s        *store.Store
	holds    *store.Holds
	deadline time.Time
	answer   Answer
}

// Retain deletes history by age until the budget is used up: events whose deliveries are all final, with their bodies,
// deliveries and attempts; rejections; audit rows. Calls can be repeated safely, and run one after the other.
func (r *Retention) Retain(request Request) (Answer, error) {
	if request.Days < 0 || request.Days > daysAtMost || request.AuditDays < 0 || request.AuditDays > daysAtMost {
		return Answer{}, fault.BadRequest("days and audit_days must be numbers from 0 (keep for ever) to 36500.")
	}
	if request.BudgetMs < 1 || request.BudgetMs > budgetMsAtMost {
		return Answer{}, fault.BadRequest("budget_ms must be a number from 1 to 1000.")
	}
	r.running.Lock()
	defer r.running.Unlock()
	run := &retaining{s: r.Store, holds: r.NewHolds(), deadline: time.Now().Add(time.Duration(request.BudgetMs) * time.Millisecond)}
	run.answer.After = request.After
	if err := r.App.ConcurrentDB().NewQuery(store.SelectConfigVersion).Row(&run.answer.ConfigVersion); err != nil {
		return Answer{}, err
	}
	done, err := run.deleteOlder(request)
	run.answer.More = !done
	return run.answer, err
}

// deleteOlder returns false when the budget is used up.
func (r *retaining) deleteOlder(request Request) (done bool, err error) {
	for _, kind := range []struct {
		days   int64
		remove func(before string) (bool, error)
	}{{request.Days, r.deleteEvents}, {request.Days, r.deleteRejections}, {request.AuditDays, r.deleteAudit}} {
		if kind.days == 0 {
			continue
		}
		if done, err = kind.remove(store.FormatTime(r.s.Now().AddDate(0, 0, -int(kind.days)))); err != nil || !done {
			return false, err
		}
	}
	return r.vacuum()
}

// hold runs one short write transaction. False when the budget is used up.
func (r *retaining) hold(work func(tx *store.Transaction, enough func() bool) error) (bool, error) {
	if err := r.holds.Run(work); err != nil {
		return false, err
	}
	r.answer.LongestHoldMs = float64(r.holds.Longest.Microseconds()) / 1000
	return r.inTime(), nil
}

func (r *retaining) inTime() bool { return time.Now().Before(r.deadline) }

const selectOldRejections = `SELECT id FROM rejections WHERE received_at < {:before} LIMIT {:limit}`

func (r *retaining) deleteRejections(before string) (bool, error) {
	return r.deletePlain(selectOldRejections, `DELETE FROM rejections WHERE id = ?`, before, &r.answer.Deleted.Rejections)
}

const selectOldAudit = `SELECT id FROM audit INDEXED BY idx_audit_created WHERE created < {:before} ORDER BY created LIMIT {:limit}`

func (r *retaining) deleteAudit(before string) (bool, error) {
	return r.deletePlain(selectOldAudit, `DELETE FROM audit WHERE id = ?`, before, &r.answer.Deleted.Audit)
}

// deletePlain deletes rows without dependent rows. False when the budget is used up.
func (r *retaining) deletePlain(query, remove, before string, count *int64) (bool, error) {
	for {
		var ids []string
		err := r.s.App.ConcurrentDB().NewQuery(query).Bind(map[string]any{"before": before, "limit": pageRows}).Column(&ids)
		if err != nil || len(ids) == 0 {
			return true, err
		}
		inTime, err := r.hold(func(tx *store.Transaction, enough func() bool) error {
			for _, id := range ids {
				deleted, err := tx.Exec(remove, id)
				if err != nil {
					return err
				}
				*count += deleted
				if enough() {
					break
				}
			}
			return nil
		})
		if err != nil || !inTime {
			return false, err
		}
	}
}

// position is where a page of events ended: the time, and the row, since several events may have the same time.
func position(after string) (receivedAt string, row int64) {
	receivedAt, text, _ := strings.Cut(after, "/")
	row, _ = strconv.ParseInt(text, 10, 64)
	return receivedAt, row
}
