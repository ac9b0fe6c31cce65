package main

const insertStarter = `INSERT INTO meta (key, value) VALUES ('starter', 1) ON CONFLICT (key) DO NOTHING`

// markStarter remembers that the starter configuration was made, whatever has become of it since.
func markStarter(s *store) (written, error) {
	return s.WriteAnd(func(tx *transaction) error {
		_, err := tx.Exec(insertStarter)
		return err
	})
}
