package store

import (
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
)

// FormatTime is PocketBase's text form of a time; it sorts as the time does.
func FormatTime(t time.Time) string { return t.UTC().Format(types.DefaultDateLayout) }

// ParseTime reads what FormatTime writes.
func ParseTime(text string) (time.Time, error) { return time.Parse(types.DefaultDateLayout, text) }

// LaterThanUpdated is the time of a change of a record (its first argument), after that of the change before: `updated` is
// the record's version.
const LaterThanUpdated = `max(?, strftime('%Y-%m-%d %H:%M:%fZ', updated, '+0.001 seconds'))`
