package audit

import (
	"pockethook/internal/store"
)

// WriteOnce runs fn in one write transaction, unless the same request was carried out before: then the answer is the one
// of then. What fn says changed nothing is not remembered.
func WriteOnce(s *store.Store, by Caller, answer any, fn func(tx *store.Transaction) (changed bool, err error)) error {
	return s.Write(func(tx *store.Transaction) error {
		db := tx.Builder()
		done, err := by.Once.Recall(db, s.Now(), answer)
		if done || err != nil {
			return err
		}
		changed, err := fn(tx)
		if err != nil || !changed {
			return err
		}
		if err := by.Once.Remember(db, s.Now(), answer); err != nil {
			return err
		}
		return by.StillThere()
	})
}
