package main

import (
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
)

// storeTime is PocketBase's text form of a time; it sorts as the time does.
func storeTime(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

// parseStoreTime reads what storeTime writes.
func parseStoreTime(text string) (time.Time, error) { return time.Parse(types.DefaultDateLayout, text) }
