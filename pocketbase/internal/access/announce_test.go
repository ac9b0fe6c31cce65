package access_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"pockethook/internal/access"
	. "pockethook/internal/testkit"
)

func TestServicesHearWhoseAccessMayHaveEnded(t *testing.T) {
	b := NewBench(t)
	superusers, err := b.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	b.Must(err)
	client := subscriptions.NewDefaultClient()
	client.Set(apis.RealtimeClientAuthKey, core.NewRecord(superusers))
	client.Subscribe(access.Topic)
	b.App.SubscriptionsBroker().Register(client)
	user := b.Save("users", Object{"email": "user@example.com", "password": "correct horse", "role": "viewer"})
	key := newKey(b, "k", "viewer", "")

	b.Update("users", user.Id, Object{"deactivated": true})
	b.Equal((<-client.Channel()).Name, access.Topic)
	b.Update("api_keys", key, Object{"last_used_at": b.Time}) // says nothing
	b.Must(b.App.Delete(b.Get("api_keys", key)))
	b.Equal((<-client.Channel()).Name, access.Topic)
	b.Must(b.App.Delete(b.Get("users", user.Id)))
	b.Equal((<-client.Channel()).Name, access.Topic)
	b.Equal(len(client.Channel()), 0)
}
