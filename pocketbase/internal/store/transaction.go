package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// statements caches the prepared statements of the only writing connection, by SQL text.
type statements struct {
	mu       sync.Mutex
	prepared map[string]*sql.Stmt
	// run counts the statements that were run, for tests of what an event costs.
	run atomic.Int64
}

// Transaction is one write transaction in raw prepared SQL: record hooks and per-record reflection would cost more
// than the writes themselves. A new statement is prepared for its first transaction, and cached after it.
type Transaction struct {
	tx     *sql.Tx
	writer *dbx.DB
	known  *statements
	cached map[string]*sql.Stmt
	missed []string
}

// Write runs fn in one transaction on PocketBase's writing connection; it is durable when write returns nil.
func (s *Store) Write(fn func(tx *Transaction) error) error { return s.write(fn, true) }

// WriteBehind is Write for what is made again after a power cut that takes it: it doesn't wait for the disk. A timer syncs it,
// after SyncWithin. Transactions stay in their order, so nothing that comes later is kept without it.
func (s *Store) WriteBehind(fn func(tx *Transaction) error) error { return s.write(fn, false) }

func (s *Store) write(fn func(tx *Transaction) error, synced bool) (err error) {
	defer func() { s.storage.observe(err) }()
	missed, err := s.transact(fn, synced)
	if err == nil {
		s.statements.keep(s.writer.DB(), missed)
	}
	return err
}

// transact returns the statements that it had to prepare.
func (s *Store) transact(fn func(tx *Transaction) error, synced bool) (missed []string, err error) {
	// Don't use the request's context: work that has begun is finished even if the caller disconnects, and a cancellable
	// context costs a goroutine for each statement.
	ctx := context.Background()
	connection, err := s.writer.DB().Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	if !synced {
		if err := stopSyncing(connection); err != nil {
			return nil, err
		}
		defer syncAgain(connection)
	}
	sqlTx, err := connection.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer sqlTx.Rollback() // does nothing after the commit
	// The only writer is this transaction now: those of PocketBase's own saves, whose changes are pending, have ended.
	s.Changes.publish(s.Changes.take())
	tx := &Transaction{tx: sqlTx, writer: s.writer, known: &s.statements, cached: map[string]*sql.Stmt{}}
	err = fn(tx)
	changes, lost := s.Changes.take()
	if err != nil {
		return nil, err
	}
	if err := sqlTx.Commit(); err != nil {
		return nil, err
	}
	s.log.wrote(synced)
	s.Changes.publish(changes, lost)
	return tx.missed, nil
}

// ReadOnly runs fn in one consistent transaction on a reading connection, which waits for nobody.
func ReadOnly(app core.App, fn func(tx *dbx.Tx) error) error {
	reader, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return ErrNoDatabase
	}
	return reader.TransactionalContext(context.Background(), &sql.TxOptions{ReadOnly: true}, fn)
}

// PublishChanges publishes what PocketBase's own saves have changed, which otherwise waits for the next write.
func (s *Store) PublishChanges() error {
	if s.Changes.arePending() {
		return s.Write(func(*Transaction) error { return nil })
	}
	return nil
}

// keep caches statements that a transaction used for the first time. Preparing waits for the writing connection, so keep
// doesn't hold the lock then: the connection's holder may be waiting for the lock. On failure the next transaction tries again.
func (s *statements) keep(db *sql.DB, queries []string) {
	for _, query := range queries {
		if s.get(query) != nil {
			continue
		}
		stmt, err := db.Prepare(query)
		if err == nil && !s.add(query, stmt) {
			stmt.Close()
		}
	}
}

// add returns false if another transaction has added the same statement in the meantime.
func (s *statements) add(query string, stmt *sql.Stmt) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.prepared[query] != nil {
		return false
	}
	s.prepared[query] = stmt
	return true
}

func (s *statements) get(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.prepared[query]
}

func (t *Transaction) stmt(query string) (*sql.Stmt, error) {
	t.known.run.Add(1)
	if stmt := t.cached[query]; stmt != nil {
		return stmt, nil
	}
	var stmt *sql.Stmt
	if prepared := t.known.get(query); prepared != nil {
		stmt = t.tx.Stmt(prepared)
	} else {
		var err error
		if stmt, err = t.tx.Prepare(query); err != nil {
			return nil, err
		}
		t.missed = append(t.missed, query)
	}
	t.cached[query] = stmt
	return stmt, nil
}

// Exec returns how many rows were changed.
func (t *Transaction) Exec(query string, args ...any) (int64, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Row scans the first row into dest; false: there is none.
func (t *Transaction) Row(query string, args []any, dest ...any) (bool, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return false, err
	}
	err = stmt.QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Rows calls scan for each row.
func (t *Transaction) Rows(query string, args []any, scan func(rows *sql.Rows) error) error {
	stmt, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := stmt.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Texts returns the first column of each row.
func (t *Transaction) Texts(query string, args ...any) ([]string, error) {
	texts := []string{}
	err := t.Rows(query, args, func(rows *sql.Rows) error {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		texts = append(texts, text)
		return nil
	})
	return texts, err
}

// InSavepoint runs fn in a savepoint: what it wrote before it failed is undone, the rest of the transaction stays.
func (t *Transaction) InSavepoint(fn func() error) error {
	if _, err := t.Exec("SAVEPOINT apart"); err != nil {
		return err
	}
	failure := fn()
	if failure != nil {
		if _, err := t.Exec("ROLLBACK TO apart"); err != nil {
			return errors.Join(failure, err)
		}
	}
	if _, err := t.Exec("RELEASE apart"); err != nil {
		return errors.Join(failure, err)
	}
	return failure
}

// Builder returns the same transaction for functions that hooks call as well.
func (t *Transaction) Builder() dbx.Builder { return t.writer.Wrap(t.tx) }
