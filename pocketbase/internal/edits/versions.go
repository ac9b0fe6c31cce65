package edits

import (
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/types"

	"pockethook/internal/configuration"
)

// errStale is returned when the record is not one of the versions that the caller has seen.
var errStale = router.NewApiError(http.StatusPreconditionFailed, "The record was changed meanwhile.", nil)

// version is `updated` in the form of the API; every change of a record gives it another one.
func version(record *core.Record) string {
	return strings.Replace(record.GetString("updated"), " ", "T", 1)
}

// bindVersions sees to it that `updated` of a record only grows, also when it is saved twice in a millisecond or the clock
// was set back.
func bindVersions(app core.App) {
	app.OnRecordUpdateExecute(auditedCollections...).Bind(&hook.Handler[*core.RecordEvent]{
		Priority: configuration.Outermost + 1, // in the transaction
		Func: func(e *core.RecordEvent) error {
			if e.Record.Collection().Fields.GetByName("updated") == nil {
				return e.Next() // nothing of it can be edited
			}
			var stored types.DateTime
			query := e.App.DB().Select("updated").From(e.Record.TableName()).Where(dbx.HashExp{"id": e.Record.Id})
			if err := query.Row(&stored); err != nil {
				return err
			}
			if next := stored.Add(time.Millisecond); types.NowDateTime().Before(next) {
				e.Record.SetRaw("updated", next)
			}
			return e.Next()
		},
	})
}
