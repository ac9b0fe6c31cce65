package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/pocketbase/dbx"
	"modernc.org/sqlite"
)

// watching opens connections that note each row they write (https://sqlite.org/c3ref/preupdate_count.html), so that no
// statement, hook or cascade can be forgotten. database/sql hands the connector back as its Driver.
type watching struct {
	driver.Connector
	changes *Changes
}

// openWatched opens a pool of connections that share one Changes.
func openWatched(dsn string) (*dbx.DB, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(sql.OpenDB(&watching{connector, newChanges("events", "deliveries")}), "sqlite"), nil
}

var errNotWatchable = errors.New("this SQLite driver tells nobody which rows are written")

// Connect is called for each connection of the pool.
func (w *watching) Connect(ctx context.Context) (driver.Conn, error) {
	connection, err := w.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	hooks, can := connection.(sqlite.HookRegisterer)
	if !can {
		connection.Close()
		return nil, errNotWatchable
	}
	hooks.RegisterPreUpdateHook(func(row sqlite.SQLitePreUpdateData) {
		if row.Op != sqliteDelete {
			w.changes.note(row.TableName, row.NewRowID)
		}
	})
	return connection, nil
}

// Open is for database/sql's Driver, which is asked for connections only without a connector.
func (w *watching) Open(string) (driver.Conn, error) { return w.Connect(context.Background()) }

func (w *watching) Driver() driver.Driver { return w }

// sqliteDelete is SQLITE_DELETE of https://sqlite.org/c3ref/c_alter_table.html.
const sqliteDelete = 9

// changesOf returns what the connections of a pool write.
func changesOf(db *dbx.DB) (*Changes, error) {
	if watching, is := db.DB().Driver().(*watching); is {
		return watching.changes, nil
	}
	return nil, errNotWatchable
}
