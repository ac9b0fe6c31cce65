package configuration

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"pockethook/internal/announce"
	"pockethook/internal/rules"
	"pockethook/internal/store"
)

// Topic is the realtime topic that announces versions of the gateway's configuration to superusers; other views append
// their name.
const Topic = "pockethook/config"

func topicOf(view store.View) string {
	if view == store.Gateway {
		return Topic
	}
	return Topic + "/" + view.Name
}

var configurationCollections = append([]string{"accounts"}, rules.Collections()...)

// viewOf returns the view that a collection of the configuration belongs to; accounts belong to the gateway's.
func viewOf(collection string) store.View {
	if kind, found := rules.KindOf(collection); found {
		return kind.View
	}
	return store.Gateway
}

// Outermost is the priority of the hook that begins the transaction; all other hooks run inside it, except for the check
// of expressions.
const Outermost = rules.BeforeTransaction + 1

// Bind increments the version in the transaction of each configuration change, and announces it after the commit.
func Bind(app core.App) {
	for _, change := range []interface {
		Bind(*hook.Handler[*core.RecordEvent]) string
	}{
		app.OnRecordCreate(configurationCollections...),
		app.OnRecordUpdate(configurationCollections...),
		app.OnRecordDelete(configurationCollections...),
	} {
		change.Bind(&hook.Handler[*core.RecordEvent]{Func: inTransaction, Priority: Outermost})
	}
	app.OnRecordAfterCreateSuccess(configurationCollections...).BindFunc(tellConfigVersion)
	app.OnRecordAfterUpdateSuccess(configurationCollections...).BindFunc(tellConfigVersion)
	app.OnRecordAfterDeleteSuccess(configurationCollections...).BindFunc(tellConfigVersion)
}

func inTransaction(e *core.RecordEvent) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := e.Next(); err != nil {
			return err
		}
		collection := e.Record.Collection().Name
		return viewOf(collection).CountChange(tx.DB(), collection, e.Record.Id)
	})
}

// tellConfigVersion announces the number only; API processes then read the changes from the config route. The change is
// committed already, so errors here are logged and not returned.
func tellConfigVersion(e *core.RecordEvent) error {
	view := viewOf(e.Record.Collection().Name)
	version, err := view.Version(e.App.DB())
	if err != nil {
		e.App.Logger().Warn("A change of the configuration was not announced", "error", err)
		return e.Next()
	}
	announce.ToServices(e.App, topicOf(view), fmt.Appendf(nil, `{"config_version":%d}`, version))
	return e.Next()
}
