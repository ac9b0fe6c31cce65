package main

import "github.com/pocketbase/dbx"

// bumpConfigVersion counts a change of the configuration, in the transaction that makes it.
func bumpConfigVersion(db dbx.Builder) error {
	_, err := db.NewQuery("UPDATE meta SET value = value + 1 WHERE key = 'config_version'").Execute()
	return err
}
