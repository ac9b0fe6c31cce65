package store

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/pocketbase/dbx"
)

// Few connections, because each has a cache of its own, reads are short, and SQLite writes one at a time anyway.
const (
	DataConnections = 6
	AuxConnections  = 2
)

// pragmas of every connection; the first lets the others wait for a lock. None of them writes to a database that is
// there already: a connection that is opened while a transaction is under way must not get into its way.
// synchronous(FULL) is what makes a commit survive a power cut; PocketBase's own NORMAL doesn't.
var pragmas = []string{
	"busy_timeout(10000)",
	"journal_mode(WAL)",
	"journal_size_limit(67108864)",
	"synchronous(FULL)",
	"foreign_keys(ON)",
	"temp_store(MEMORY)",
	"cache_size(-8000)",
	// Checkpoints are RunCheckpoints' work; this is for when nobody does it.
	"wal_autocheckpoint(16000)",
}

// Connect is called for each pool of connections: PocketBase reads from one and writes from another. Transactions begin
// IMMEDIATE, PocketBase's own too: one that reads first and then writes would otherwise fail as soon as anybody has written
// in between (SQLITE_BUSY_SNAPSHOT), and can't be repeated. Begin those that only read with sql.TxOptions{ReadOnly: true}.
func Connect(path string) (*dbx.DB, error) {
	if err := createDatabase(path); err != nil {
		return nil, err
	}
	return open(path, pragmas)
}

func open(path string, pragmas []string) (*dbx.DB, error) {
	return openWatched(path + "?_defensive=1&_txlock=immediate&_pragma=" + strings.Join(pragmas, "&_pragma="))
}

// createDatabase creates the file if it is missing or empty. auto_vacuum can only be set then, before journal_mode writes to
// the file; as a pragma of each connection it would write every time.
func createDatabase(path string) error {
	file, err := os.Stat(path)
	if err == nil && file.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	db, err := open(path, append([]string{"auto_vacuum(INCREMENTAL)"}, pragmas...))
	if err != nil {
		return err
	}
	return errors.Join(db.DB().Ping(), db.Close())
}

// HasTable tells whether a table exists; it works on databases of any version.
func HasTable(db dbx.Builder, name string) (bool, error) {
	var tables int
	err := db.NewQuery("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = {:name}").
		Bind(dbx.Params{"name": name}).Row(&tables)
	return tables > 0, err
}
