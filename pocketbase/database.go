package main

import (
	"strings"

	"github.com/pocketbase/dbx"
)

// Connections are few because each has a cache of its own: reads are short, and SQLite writes one at a time anyway.
const (
	dataConnections = 6
	auxConnections  = 2
)

// pragmas of every connection, in an order that matters: the first lets the others wait for a lock, and
// auto_vacuum can't be chosen any more once journal_mode has written to the file. synchronous(FULL) is what makes
// a commit survive a power cut; PocketBase's own NORMAL doesn't.
var pragmas = []string{
	"busy_timeout(10000)",
	"auto_vacuum(INCREMENTAL)",
	"journal_mode(WAL)",
	"journal_size_limit(67108864)",
	"synchronous(FULL)",
	"foreign_keys(ON)",
	"temp_store(MEMORY)",
	"cache_size(-8000)",
}

func connect(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_defensive=1&_pragma="+strings.Join(pragmas, "&_pragma="))
}
