package configuration

import (
	"fmt"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/routine"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"pockethook/internal/rules"
	"pockethook/internal/store"
)

// Topic is where superusers hear of a new version of the configuration.
const Topic = "pockethook/config"

// configurationCollections have one version together.
var configurationCollections = append([]string{"accounts"}, rules.Collections()...)

// Outermost comes before every other hook: they all run inside the transaction, but for the check of expressions.
const Outermost = rules.BeforeTransaction + 1

// Bind counts every change of the configuration in the transaction that makes it, and tells of it afterwards.
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
		return store.BumpConfigVersion(tx.DB())
	})
}

// tellConfigVersion says the number only; what changed is read from the config route. The change is committed, so a fault
// here must not look like its refusal.
func tellConfigVersion(e *core.RecordEvent) error {
	var version int64
	if err := e.App.DB().NewQuery(store.SelectConfigVersion).Row(&version); err != nil {
		e.App.Logger().Warn("A change of the configuration was not announced", "error", err)
		return e.Next()
	}
	message := subscriptions.Message{Name: Topic, Data: fmt.Appendf(nil, `{"config_version":%d}`, version)}
	for _, client := range e.App.SubscriptionsBroker().Clients() {
		auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
		if auth != nil && auth.IsSuperuser() && client.HasSubscription(Topic) {
			routine.FireAndForget(func() { client.Send(message) })
		}
	}
	return e.Next()
}
