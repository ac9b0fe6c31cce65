package main

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// store is the database as the routes use it: raw SQL on PocketBase's connections, and PocketBase's clock.
type store struct {
	App        core.App
	Now        func() time.Time
	Limits     limits
	writer     *dbx.DB
	statements statements
	storage    *storage
}

var errNoDatabase = errors.New("the queue needs the database itself, not a transaction")

// newStore is for an app that has been started and migrated.
func newStore(app core.App, now func() time.Time) (*store, error) {
	writer, ok := app.NonconcurrentDB().(*dbx.DB)
	if !ok {
		return nil, errNoDatabase
	}
	limits, err := readLimits(app)
	if err != nil {
		return nil, err
	}
	s := &store{App: app, Now: now, Limits: limits, writer: writer, storage: newStorage(app.DataDir())}
	s.statements.prepared = map[string]*sql.Stmt{}
	return s, nil
}
