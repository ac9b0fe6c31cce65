package configuration_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/audit"
	"pockethook/internal/configuration"
	"pockethook/internal/policy"
	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// read is what one answer holds: ids of records and of what was deleted, and whether it is everything.
func read(b *Bench, view store.View, since int64) (answer configuration.Snapshot, ids, deleted []string, whole bool) {
	b.Helper()
	answer, err := configuration.Read(b.App, view, since)
	b.Must(err)
	for _, records := range answer.Records {
		for _, record := range records {
			ids = append(ids, record["id"].(string))
		}
	}
	for _, gone := range answer.Deleted {
		deleted = append(deleted, gone...)
	}
	slices.Sort(ids)
	slices.Sort(deleted)
	return answer, ids, deleted, answer.Since == nil
}

func TestAnEditSendsWhatChanged(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	first := b.Save("mappings", Object{"name": "first", "source": b.Source, "destination": d, "template": Object{"text": "{{ body }}"}})
	b.Must(b.App.RunInTransaction(func(tx core.App) error {
		for i := range 998 {
			copied := first.Clone()
			copied.MarkAsNew()
			copied.Set("id", fmt.Sprintf("mapping%08d", i))
			copied.Set("name", fmt.Sprintf("mapping %d", i))
			if err := tx.Save(copied); err != nil {
				return err
			}
		}
		return nil
	}))
	all, ids, _, whole := read(b, store.Gateway, 0)
	b.Equal([]any{len(ids), whole}, []any{1001, true})

	b.Update("mappings", first.Id, Object{"filter": "true"})
	one, ids, deleted, whole := read(b, store.Gateway, all.ConfigVersion)
	b.Equal([]any{ids, deleted, whole}, []any{[]string{first.Id}, []string(nil), false})
	b.Equal(one.Records["mappings"][0]["filter"], "true")
	b.Equal([]int64{*one.Since, one.ConfigVersion}, []int64{all.ConfigVersion, all.ConfigVersion + 1})
	if whole, changed := len(Raw(all)), len(Raw(one)); changed > 2000 || whole < 100*changed {
		t.Errorf("everything is %d bytes, one edit %d", whole, changed)
	}
	_, ids, _, whole = read(b, store.Gateway, one.ConfigVersion)
	b.Equal([]any{len(ids), whole}, []any{0, false})

	// With a destination its mappings go.
	b.Must(b.App.Delete(b.Get("destinations", d)))
	gone, ids, deleted, whole := read(b, store.Gateway, one.ConfigVersion)
	b.Equal([]any{len(ids), len(deleted), whole, gone.Deleted["destinations"]}, []any{0, 1000, false, []string{d}})
}

func TestOnlyWhatJoinsUpIsToldAsAChange(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	start, _, _, _ := read(b, store.Gateway, 0)
	edit := func(name string) { b.Update("destinations", d, Object{"name": name}) }
	edit("a")
	edit("b")
	now, ids, _, whole := read(b, store.Gateway, start.ConfigVersion)
	b.Equal([]any{ids, whole}, []any{[]string{d}, false})

	for what, since := range map[string]int64{"one before the start": start.ConfigVersion - 1_000_000, "one to come": now.ConfigVersion + 1, "none": 0} {
		if _, _, _, whole := read(b, store.Gateway, since); !whole {
			t.Errorf("version %s gets no whole answer", what)
		}
	}
	b.Execute("DELETE FROM config_changes WHERE version = {:version}", dbx.Params{"version": now.ConfigVersion - 1})
	_, _, _, whole = read(b, store.Gateway, start.ConfigVersion)
	b.Equal(whole, true)
	_, _, _, whole = read(b, store.Gateway, now.ConfigVersion-1)
	b.Equal(whole, false)

	b.Must(store.HealMeta(b.App, b.Now().AddDate(1, 0, 0)))
	_, _, _, whole = read(b, store.Gateway, now.ConfigVersion)
	b.Equal(whole, true)
}

// TestWhatIsFarBehindReadsEverything also keeps the notes from growing.
func TestWhatIsFarBehindReadsEverything(t *testing.T) {
	b := NewBench(t)
	start, _, _, _ := read(b, store.Gateway, 0)
	b.Must(b.App.RunInTransaction(func(tx core.App) error {
		for range 1001 {
			if err := store.Gateway.CountChange(tx.DB(), "sources", b.Source); err != nil {
				return err
			}
		}
		return nil
	}))
	b.Equal(b.Count("SELECT count(*) FROM config_changes"), 1000)
	_, ids, _, whole := read(b, store.Gateway, start.ConfigVersion+1)
	b.Equal([]any{ids, whole}, []any{[]string{b.Source}, false})
	_, _, _, whole = read(b, store.Gateway, start.ConfigVersion)
	b.Equal(whole, true)
}

func TestViewsHaveVersionsOfTheirOwn(t *testing.T) {
	b := NewBench(t)
	b.Save("sites", Object{"domain": "first.example.com", "enabled": true})
	gateway, _, _, _ := read(b, store.Gateway, 0)
	notifications, _, _, _ := read(b, store.Notifications, 0)
	site := b.Save("sites", Object{"domain": "example.com", "enabled": true})
	after, ids, _, whole := read(b, store.Gateway, gateway.ConfigVersion)
	b.Equal([]any{after.ConfigVersion, len(ids), whole}, []any{gateway.ConfigVersion, 0, false})
	told, ids, _, whole := read(b, store.Notifications, notifications.ConfigVersion)
	b.Equal([]any{told.ConfigVersion, ids, whole}, []any{notifications.ConfigVersion + 1, []string{site.Id}, false})

	d := b.Destination(nil)
	_, ids, _, _ = read(b, store.Notifications, told.ConfigVersion)
	b.Equal(len(ids), 0)
	_, ids, _, _ = read(b, store.Gateway, gateway.ConfigVersion)
	b.Equal(ids, []string{d})
	if all, _, _, _ := read(b, store.Gateway, 0); all.Records["sites"] != nil {
		t.Error("the gateway reads sites")
	}
}

// TestEveryWayThatADestinationIsSwitchedIsSent: a settlement and a command write it in SQL.
func TestEveryWayThatADestinationIsSwitchedIsSent(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	before, _, _, _ := read(b, store.Gateway, 0)
	leased := b.Leased(d)
	b.Settle("a", queue.Settlement{
		Delivery: leased, LeaseToken: 1, Attempt: b.Tried("gone", nil), Next: queue.NextState{State: "dead", DisableDestination: "gone"},
	})
	off, ids, _, _ := read(b, store.Gateway, before.ConfigVersion)
	b.Equal(ids, []string{d})
	b.Equal(off.Records["destinations"][0]["enabled"], false)

	_, err := policy.PauseOrResume(b.Store, policy.Request{Destination: d, Command: "pause", Caller: audit.Caller{Actor: "operator:a", Via: "api"}})
	b.Must(err)
	paused, ids, _, _ := read(b, store.Gateway, off.ConfigVersion)
	b.Equal(ids, []string{d})
	b.Equal(paused.Records["destinations"][0]["paused"], true)
}
