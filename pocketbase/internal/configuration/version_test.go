package configuration_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func TestEveryChangeOfTheConfigurationIsCounted(t *testing.T) {
	b := NewBench(t)
	counted := func(what string, change func() error, by int) {
		t.Helper()
		before := b.Count(store.SelectConfigVersion)
		err := change()
		if got := b.Count(store.SelectConfigVersion) - before; got != by {
			t.Errorf("%s counts %d times (%v)", what, got, err)
		}
	}
	var d, m *core.Record
	counted("a create", func() (err error) {
		d, err = b.TrySave("destinations", Object{"name": "d", "type": "inbox", "enabled": true})
		return err
	}, 1)
	counted("a mapping", func() (err error) {
		m, err = b.TrySave("mappings", Object{"name": "m", "source": b.Source, "destination": d.Id})
		return err
	}, 1)
	counted("an update", func() error { return b.TryUpdate("sources", b.Source, Object{"enabled": false}) }, 1)
	counted("an account", func() error { return b.TryUpdate("accounts", b.Account, Object{"name": "renamed"}) }, 1)
	counted("a refused update", func() error { return b.TryUpdate("sources", b.Source, Object{"name": "NO"}) }, 0)
	counted("a rejection", func() error {
		return b.Reject(b.Source, "x", "2026-11-23 12:00:00.000Z")
	}, 0)
	counted("a rolled back batch", func() error {
		return b.App.RunInTransaction(func(tx core.App) error {
			record, _ := tx.FindRecordById("mappings", m.Id)
			record.Set("name", "other")
			if err := tx.Save(record); err != nil {
				return err
			}
			return fmt.Errorf("no")
		})
	}, 0)
	// The destination, and the mapping that goes with it.
	counted("a delete", func() error { return b.App.Delete(b.Get("destinations", d.Id)) }, 2)
}

func TestAccountsStayApart(t *testing.T) {
	b := NewBench(t)
	other := b.Save("accounts", Object{"name": "other"}).Id
	mine, theirs := b.Destination(nil), b.Destination(Object{"account": other})

	unnamed, err := b.TrySave("destinations", Object{"name": "unnamed", "type": "inbox", "account": ""})
	b.Must(err)
	b.Equal(unnamed.GetString("account"), b.Account)

	mapping := Object{"name": "m", "source": b.Source, "destination": mine}
	_, err = b.TrySave("mappings", Merge(mapping, Object{"destination": theirs}))
	b.Equal(FieldOf(err, "destination"), "belongs to another account")
	_, err = b.TrySave("mappings", Merge(mapping, Object{"account": other}))
	b.Equal([]string{FieldOf(err, "source"), FieldOf(err, "destination")}, []string{"belongs to another account", "belongs to another account"})
	m := b.Save("mappings", mapping).Id
	b.Equal(FieldOf(b.TryUpdate("mappings", m, Object{"destination": theirs}), "destination"), "belongs to another account")
	for collection, id := range map[string]string{"sources": b.Source, "destinations": mine, "mappings": m} {
		if FieldOf(b.TryUpdate(collection, id, Object{"account": other}), "account") == "" {
			t.Errorf("a record of %s moved to another account", collection)
		}
	}
	if err := b.App.Delete(b.Get("accounts", other)); err == nil {
		t.Error("an account is deleted with its destinations still there")
	}
	b.Update("accounts", b.Account, Object{"name": "renamed"})
	_, err = b.TrySave("destinations", Object{"name": "d", "type": "inbox", "account": ""})
	b.Equal(FieldOf(err, "account"), "is needed: there is no account named default any more")
}

func TestDeletingConfigurationKeepsHistory(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	b.Save("mappings", Object{"name": "m", "source": b.Source, "destination": d})
	done, waiting := b.Leased(d), b.Enqueue(d)[0]
	b.Deliver("a", done, 1)
	held := b.Planned(d, nil)
	b.Update("destinations", d, Object{"enabled": false})
	b.Accept(Item(b.Event(nil), held))
	b.Must(b.App.Delete(b.Get("destinations", d)))
	b.Must(b.App.Delete(b.Get("sources", b.Source)))
	b.Equal([]string{b.State(done), b.State(waiting), b.State(held["id"].(string))}, []string{"delivered", "cancelled", "cancelled"})
	b.Equal(b.Get("deliveries", waiting).GetString("last_error"), store.DestinationDeleted)
	b.Equal(b.Get("deliveries", done).GetString("destination"), d)
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	b.Equal(b.Count("SELECT count(*) FROM events WHERE source = '"+b.Source+"'"), 3)
}

func TestADisabledDestinationHoldsItsDeliveries(t *testing.T) {
	b := NewBench(t)
	d, other := b.Destination(nil), b.Destination(nil)
	ids := b.Enqueue(d, d, other)
	leased := Claimed(b.Claim("a", 1))[0]
	b.Update("destinations", d, Object{"enabled": false, "disabled_reason": "maintenance"})
	b.Equal(b.Count("SELECT count(*) FROM deliveries WHERE state = 'held'")+b.Count("SELECT count(*) FROM deliveries WHERE state = 'delivering' AND destination = '"+d+"'"), 2)
	b.Equal(len(leased), 15)
	late := b.Enqueue(d)[0]
	b.Equal(b.State(late), "held")
	for _, id := range Claimed(b.Claim("b", 10)) {
		b.Equal(id, ids[2])
	}
	b.Update("destinations", d, Object{"enabled": true})
	b.Equal(b.Get("destinations", d).GetString("disabled_reason"), "")
	b.Equal(b.Count("SELECT count(*) FROM deliveries WHERE state = 'held'"), 0)
	b.Equal(b.State(late), "pending")
}
