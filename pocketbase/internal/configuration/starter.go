package configuration

import (
	"pockethook/internal/store"
)

const insertStarter = `INSERT INTO meta (key, value) VALUES ('starter', 1) ON CONFLICT (key) DO NOTHING`

// MarkStarter remembers that the starter configuration was made, whatever has become of it since.
func MarkStarter(s *store.Store) (store.Written, error) {
	return s.WriteAnd(func(tx *store.Transaction) error {
		_, err := tx.Exec(insertStarter)
		return err
	})
}
