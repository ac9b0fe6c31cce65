// Package store opens the database, runs raw SQL in durable transactions, and knows the limits of the tables.
package store

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Store is the database as the routes use it: raw SQL on PocketBase's connections, and the service's clock.
type Store struct {
	App        core.App
	Now        func() time.Time
	Limits     limits
	Changes    *Changes
	writer     *dbx.DB
	statements statements
	storage    *storage
	log        *writeAheadLog
}

// ErrNoDatabase is returned when the given app is inside a transaction.
var ErrNoDatabase = errors.New("the queue needs the database itself, not a transaction")

// New makes a Store on an app that has been started and migrated.
func New(app core.App, now func() time.Time) (*Store, error) {
	writer, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, ErrNoDatabase
	}
	limits, err := readLimits(app)
	if err != nil {
		return nil, err
	}
	changes, err := changesOf(writer)
	if err != nil {
		return nil, err
	}
	s := &Store{App: app, Now: now, Limits: limits, Changes: changes, writer: writer, storage: newStorage(app.DataDir())}
	s.log = newLog(app.DataDir(), func(message string, err error) { app.Logger().Warn(message, "error", err) })
	s.statements.prepared = map[string]*sql.Stmt{}
	return s, nil
}
