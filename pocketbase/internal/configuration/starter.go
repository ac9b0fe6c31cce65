package configuration

import (
	"pockethook/internal/store"
)

const insertStarter = `INSERT INTO meta (key, value) VALUES ('starter', 1) ON CONFLICT (key) DO NOTHING`

// MarkStarter records that the starter configuration was created, so that it isn't created again after edits or deletes.
func MarkStarter(s *store.Store) (store.Written, error) {
	return s.WriteAnd(func(tx *store.Transaction) error {
		_, err := tx.Exec(insertStarter)
		return err
	})
}
