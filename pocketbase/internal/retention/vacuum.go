package retention

import (
	"database/sql"

	"pockethook/internal/store"
)

const (
	selectFree = `PRAGMA freelist_count`
	// vacuumSome gives few free pages back: each may have to be filled from the end of the file.
	vacuumSome = `PRAGMA incremental_vacuum(32)`
)

// vacuum gives free pages back to the file system. False: the budget is used up.
func (r *retaining) vacuum() (bool, error) {
	for {
		var free int64
		if err := r.s.App.ConcurrentDB().NewQuery(selectFree).Row(&free); err != nil || free == 0 {
			return true, err
		}
		before := free
		inTime, err := r.hold(func(tx *store.Transaction, enough func() bool) error {
			for free > 0 && !enough() {
				// A page a row: the statement works only as far as its rows are asked for.
				if err := tx.Rows(vacuumSome, nil, func(*sql.Rows) error { return nil }); err != nil {
					return err
				}
				if _, err := tx.Row(selectFree, nil, &free); err != nil {
					return err
				}
			}
			return nil
		})
		r.answer.Deleted.FreedPages += before - free
		if err != nil || !inTime {
			return false, err
		}
	}
}
