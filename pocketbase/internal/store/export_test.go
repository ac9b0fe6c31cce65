package store

import "context"

func (s *Store) TellWith(tell func(format string, values ...any)) { s.storage.tell = tell }

// StatementsRun are those of all transactions so far.
func (s *Store) StatementsRun() int64 { return s.statements.run.Load() }

// Unsynced tells whether a power cut may take something.
func (s *Store) Unsynced() bool { return s.log.unsynced.Load() }

// Checkpoint is one of RunCheckpoints.
func (s *Store) Checkpoint(ctx context.Context) error { return s.checkpoint(ctx) }
