// Package announce tells API processes by PocketBase's realtime connections that something has changed.
package announce

import (
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
