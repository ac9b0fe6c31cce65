package main

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestEveryChangeOfTheConfigurationIsCounted(t *testing.T) {
	b := newBench(t)
	counted := func(what string, change func() error, by int) {
		t.Helper()
		before := b.Count(selectConfigVersion)
		err := change()
		if got := b.Count(selectConfigVersion) - before; got != by {
			t.Errorf("%s counts %d times (%v)", what, got, err)
		}
	}
	var d, m *core.Record
	counted("a create", func() (err error) {
		d, err = b.TrySave("destinations", object{"name": "d", "type": "inbox", "enabled": true})
		return err
	}, 1)
	counted("a mapping", func() (err error) {
		m, err = b.TrySave("mappings", object{"name": "m", "source": b.Source, "destination": d.Id})
		return err
	}, 1)
	counted("an update", func() error { return b.TryUpdate("sources", b.Source, object{"enabled": false}) }, 1)
	counted("an account", func() error { return b.TryUpdate("accounts", b.Account, object{"name": "renamed"}) }, 1)
	counted("a refused update", func() error { return b.TryUpdate("sources", b.Source, object{"name": "NO"}) }, 0)
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
	b := newBench(t)
	other := b.Save("accounts", object{"name": "other"}).Id
	mine, theirs := b.Destination(nil), b.Destination(object{"account": other})

	unnamed, err := b.TrySave("destinations", object{"name": "d", "type": "inbox", "account": ""})
	b.Must(err)
	b.Equal(unnamed.GetString("account"), b.Account)

	mapping := object{"name": "m", "source": b.Source, "destination": mine}
	_, err = b.TrySave("mappings", merge(mapping, object{"destination": theirs}))
	b.Equal(fieldOf(err, "destination"), "belongs to another account")
	_, err = b.TrySave("mappings", merge(mapping, object{"account": other}))
	b.Equal([]string{fieldOf(err, "source"), fieldOf(err, "destination")}, []string{"belongs to another account", "belongs to another account"})
	m := b.Save("mappings", mapping).Id
	b.Equal(fieldOf(b.TryUpdate("mappings", m, object{"destination": theirs}), "destination"), "belongs to another account")
	for collection, id := range map[string]string{"sources": b.Source, "destinations": mine, "mappings": m} {
		if fieldOf(b.TryUpdate(collection, id, object{"account": other}), "account") == "" {
			t.Errorf("a record of %s moved to another account", collection)
		}
	}
	if err := b.App.Delete(b.Get("accounts", other)); err == nil {
		t.Error("an account is deleted with its destinations still there")
	}
	b.Update("accounts", b.Account, object{"name": "renamed"})
	_, err = b.TrySave("destinations", object{"name": "d", "type": "inbox", "account": ""})
	b.Equal(fieldOf(err, "account"), "is needed: there is no account named default any more")
}

func TestDeletingConfigurationKeepsHistory(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	b.Save("mappings", object{"name": "m", "source": b.Source, "destination": d})
	done, waiting := b.Leased(d), b.Enqueue(d)[0]
	b.Deliver("a", done, 1)
	held := b.Planned(d, nil)
	b.Update("destinations", d, object{"enabled": false})
	b.Accept(item(b.Event(nil), held))
	b.Must(b.App.Delete(b.Get("destinations", d)))
	b.Must(b.App.Delete(b.Get("sources", b.Source)))
	b.Equal([]string{b.State(done), b.State(waiting), b.State(held["id"].(string))}, []string{"delivered", "cancelled", "cancelled"})
	b.Equal(b.Get("deliveries", waiting).GetString("last_error"), destinationDeleted)
	b.Equal(b.Get("deliveries", done).GetString("destination"), d)
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	b.Equal(b.Count("SELECT count(*) FROM events WHERE source = '"+b.Source+"'"), 3)
}

func TestADisabledDestinationHoldsItsDeliveries(t *testing.T) {
	b := newBench(t)
	d, other := b.Destination(nil), b.Destination(nil)
	ids := b.Enqueue(d, d, other)
	leased := claimed(b.Claim("a", 1))[0]
	b.Update("destinations", d, object{"enabled": false, "disabled_reason": "maintenance"})
	b.Equal(b.Count("SELECT count(*) FROM deliveries WHERE state = 'held'")+b.Count("SELECT count(*) FROM deliveries WHERE state = 'delivering' AND destination = '"+d+"'"), 2)
	b.Equal(len(leased), 15)
	late := b.Enqueue(d)[0]
	b.Equal(b.State(late), "held")
	for _, id := range claimed(b.Claim("b", 10)) {
		b.Equal(id, ids[2])
	}
	b.Update("destinations", d, object{"enabled": true})
	b.Equal(b.Get("destinations", d).GetString("disabled_reason"), "")
	b.Equal(b.Count("SELECT count(*) FROM deliveries WHERE state = 'held'"), 0)
	b.Equal(b.State(late), "pending")
}
