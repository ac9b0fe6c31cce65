package rules

import (
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
)

// BeforeTransaction is the priority of hooks that run before all others, and before the transaction of a save begins.
const BeforeTransaction = -101

// Bind validates every save of a configuration record by the rules of its kind.
func Bind(app core.App, vault *secrets.Vault, urls URLs) {
	bindAccounts(app)
	for _, kind := range Kinds {
		app.OnRecordCreate(kind.Collection).BindFunc(kind.tidy)
		app.OnRecordUpdate(kind.Collection).BindFunc(kind.tidy)
		bindCheck(app, kind.Collection, kind.checkNameIsFree)
		if kind.Check == nil {
			continue
		}
		bindCheck(app, kind.Collection, func(app core.App, record *core.Record, p problems) error {
			return kind.Check(save{app, record, vault, urls, kind.Secrets}, p)
		})
	}
}

func (k Kind) tidy(e *core.RecordEvent) error {
	if k.Tidy != nil {
		k.Tidy(e.Record)
	}
	if k.NameFrom != "" && e.Record.GetString("name") == "" {
		e.Record.Set("name", e.Record.GetString(k.NameFrom))
	}
	return e.Next()
}
