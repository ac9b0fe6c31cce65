package store

func (s *Store) TellWith(tell func(format string, values ...any)) { s.storage.tell = tell }
