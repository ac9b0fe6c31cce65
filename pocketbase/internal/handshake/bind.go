// Package handshake keeps and shows the secrets that vendors send in their handshakes.
package handshake

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
	"pockethook/internal/secrets"
)

// Via is by which way a handshake changes its source.
const Via = "handshake"

// unshown is the field that says whether somebody may still see the source's secret, once.
const unshown = "secret_unshown"

// Bind lets only a handshake say that its secret was not shown yet: whoever sets another secret knows it, and nobody who
// edits a source can make it show one. It runs after the secrets' own hook, which restores those that a form sent masked.
func Bind(app core.App) {
	keep := func(e *core.RecordEvent) error {
		by := audit.AskedBy(e.Record)
		byHandshake := by != nil && by.Via == Via
		stays := !e.Record.IsNew() && e.Record.Original().GetBool(unshown) && secrets.IsUnchanged(e.Record, "secrets")
		e.Record.Set(unshown, e.Record.GetBool(unshown) && (byHandshake || stays))
		return e.Next()
	}
	app.OnRecordCreate("sources").BindFunc(keep)
	app.OnRecordUpdate("sources").BindFunc(keep)
}
