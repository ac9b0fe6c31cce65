// Package announce tells API processes by PocketBase's realtime connections that something has changed.
package announce

import (
	"context"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/routine"
	"github.com/pocketbase/pocketbase/tools/subscriptions"
)

// ToServices sends a message to everybody who listens to a topic with the rights of a superuser.
func ToServices(app core.App, topic string, data []byte) {
	message := subscriptions.Message{Name: topic, Data: data}
	for _, client := range app.SubscriptionsBroker().Clients() {
		auth, _ := client.Get(apis.RealtimeClientAuthKey).(*core.Record)
		if auth != nil && auth.IsSuperuser() && client.HasSubscription(topic) {
			routine.FireAndForget(func() { client.Send(message) })
		}
	}
}

// Edited triggers PocketBase's hooks and realtime messages for these records, as an edit of each would.
func Edited(app core.App, collection string, ids ...string) {
	for _, id := range ids {
		record, err := app.FindRecordById(collection, id)
		if err != nil {
			continue // deleted in the meantime
		}
		event := &core.ModelEvent{App: app, Context: context.Background(), Type: core.ModelEventTypeUpdate}
		event.Model = record
		if err := app.OnModelAfterUpdateSuccess().Trigger(event); err != nil {
			app.Logger().Warn("A change was not announced", "collection", collection, "record", id, "error", err)
		}
	}
}
