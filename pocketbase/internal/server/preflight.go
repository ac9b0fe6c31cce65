package server

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own, which preflight knows too

	"pockethook/internal/fault"
	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// preflight checks an existing database, and refuses one that this start can't serve. It must run before PocketBase opens
// the database, since opening it applies migrations.
func preflight(dataDir string, vault *secrets.Vault, acceptLostKeys bool) error {
	path := filepath.Join(dataDir, "data.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	db, err := dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer db.Close()
	if err := refuseNewerDatabase(db, dataDir); err != nil || acceptLostKeys {
		return err
	}
	return vault.RefuseLostKeys(db, dataDir)
}

// refuseNewerDatabase refuses a database with applied migrations that this code doesn't have, PocketBase's own included.
func refuseNewerDatabase(db *dbx.DB, dataDir string) error {
	applied, err := appliedMigrations(db)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, list := range []core.MigrationsList{core.SystemMigrations, core.AppMigrations} {
		for _, migration := range list.Items() {
			known[migration.File] = true
		}
	}
	var unknown []string
	for _, file := range applied {
		if !known[file] {
			unknown = append(unknown, file)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return fault.Refusal(fmt.Sprintf(
		"the database in %s is newer than this code: it has %s applied, which this version doesn't know. "+
			"Start the version that made it, or restore the backup taken before the upgrade; nothing was changed.",
		dataDir, strings.Join(unknown, ", ")))
}

func appliedMigrations(db *dbx.DB) ([]string, error) {
	if found, err := store.HasTable(db, "_migrations"); err != nil || !found {
		return nil, err
	}
	var files []string
	err := db.NewQuery("SELECT file FROM _migrations ORDER BY file").Column(&files)
	return files, err
}
