package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// SyncWithin is how long at most what WriteBehind wrote is in the system's memory only.
const SyncWithin = 50 * time.Millisecond

const (
	// checkpointEvery is the pause between two checkpoints while something is written: pages that many transactions change are
	// copied into the database file once.
	checkpointEvery = time.Second
	// logPagesAtMost is from which length on the log is finished, so that it begins anew.
	logPagesAtMost = 4000
)

// writeAheadLog is SQLite's log (https://sqlite.org/wal.html) of the database in dir.
type writeAheadLog struct {
	dir string
	// unsynced tells of commits that a power cut may take: the timer is set.
	unsynced atomic.Bool
	// written has one element if something was written since the last checkpoint.
	written chan struct{}
	// warn is told of failures that are nobody's answer.
	warn func(message string, err error)
}

func newLog(dir string, warn func(message string, err error)) *writeAheadLog {
	return &writeAheadLog{dir: dir, warn: warn, written: make(chan struct{}, 1)}
}

// wrote is called after each commit.
func (l *writeAheadLog) wrote(synced bool) {
	select {
	case l.written <- struct{}{}:
	default:
	}
	// The timer runs although a later commit may sync the whole log: SQLite syncs nothing for one that changed nothing.
	if !synced && !l.unsynced.Swap(true) {
		time.AfterFunc(SyncWithin, l.sync)
	}
}

func (l *writeAheadLog) sync() {
	l.unsynced.Store(false)
	// SQLite has no locks on this file that closing it could end.
	file, err := os.Open(filepath.Join(l.dir, "data.db-wal"))
	if errors.Is(err, fs.ErrNotExist) {
		return // all of it is in the database
	}
	if err == nil {
		err = errors.Join(file.Sync(), file.Close())
	}
	if err != nil {
		l.warn("What was written last is not synced to the disk", err)
	}
}

// stopSyncing lets commits on the writing connection return before they are synced.
func stopSyncing(connection *sql.Conn) error {
	_, err := connection.ExecContext(context.Background(), "PRAGMA synchronous = NORMAL")
	return err
}

// syncAgain gives the connection up rather than leave it to others unsynced.
func syncAgain(connection *sql.Conn) {
	if _, err := connection.ExecContext(context.Background(), "PRAGMA synchronous = FULL"); err != nil {
		connection.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// RunCheckpoints copies what is in the log into the database file until the context ends: beside those who write, for whom SQLite
// would else do it within every so many commits.
func (s *Store) RunCheckpoints(ctx context.Context) {
	for {
		select {
		case <-s.log.written:
		case <-ctx.Done():
			return
		}
		Rest(ctx, checkpointEvery)
		if err := s.checkpoint(ctx); err != nil && ctx.Err() == nil {
			s.log.warn("The log was not copied into the database; it is tried again", err)
		}
	}
}

const checkpoint = "PRAGMA wal_checkpoint(PASSIVE)"

// checkpoint waits for nobody. A long log is then finished with the writers kept out, for the few pages that they added meanwhile: it
// begins anew only when all of it is copied.
func (s *Store) checkpoint(ctx context.Context) error {
	var blocked, pages, copied int64
	if err := s.App.ConcurrentDB().NewQuery(checkpoint).WithContext(ctx).Row(&blocked, &pages, &copied); err != nil || pages < logPagesAtMost {
		return err
	}
	return s.App.NonconcurrentDB().NewQuery(checkpoint).WithContext(ctx).Row(&blocked, &pages, &copied)
}
