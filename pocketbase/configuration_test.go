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
		before := b.count(selectConfigVersion)
		err := change()
		if got := b.count(selectConfigVersion) - before; got != by {
			t.Errorf("%s counts %d times (%v)", what, got, err)
		}
	}
	var d, m *core.Record
	counted("a create", func() (err error) {
		d, err = b.trySave("destinations", object{"name": "d", "type": "inbox", "enabled": true})
		return err
	}, 1)
	counted("a mapping", func() (err error) {
		m, err = b.trySave("mappings", object{"name": "m", "source": b.source, "destination": d.Id})
		return err
	}, 1)
	counted("an update", func() error { return b.tryUpdate("sources", b.source, object{"enabled": false}) }, 1)
	counted("an account", func() error { return b.tryUpdate("accounts", b.account, object{"name": "renamed"}) }, 1)
	counted("a refused update", func() error { return b.tryUpdate("sources", b.source, object{"name": "NO"}) }, 0)
	counted("a rejection", func() error {
		return b.reject(b.source, "x", "2026-11-23 12:00:00.000Z")
	}, 0)
	counted("a rolled back batch", func() error {
		return b.app.RunInTransaction(func(tx core.App) error {
			record, _ := tx.FindRecordById("mappings", m.Id)
			record.Set("name", "other")
			if err := tx.Save(record); err != nil {
				return err
			}
			return fmt.Errorf("no")
		})
	}, 0)
	// The destination, and the mapping that goes with it.
	counted("a delete", func() error { return b.app.Delete(b.get("destinations", d.Id)) }, 2)
}

func TestAccountsStayApart(t *testing.T) {
	b := newBench(t)
	other := b.save("accounts", object{"name": "other"}).Id
	mine, theirs := b.destination(nil), b.destination(object{"account": other})

	unnamed, err := b.trySave("destinations", object{"name": "d", "type": "inbox", "account": ""})
	b.must(err)
	b.equal(unnamed.GetString("account"), b.account)

	mapping := object{"name": "m", "source": b.source, "destination": mine}
	_, err = b.trySave("mappings", merge(mapping, object{"destination": theirs}))
	b.equal(fieldOf(err, "destination"), "belongs to another account")
	_, err = b.trySave("mappings", merge(mapping, object{"account": other}))
	b.equal([]string{fieldOf(err, "source"), fieldOf(err, "destination")}, []string{"belongs to another account", "belongs to another account"})
	m := b.save("mappings", mapping).Id
	b.equal(fieldOf(b.tryUpdate("mappings", m, object{"destination": theirs}), "destination"), "belongs to another account")
	for collection, id := range map[string]string{"sources": b.source, "destinations": mine, "mappings": m} {
		if fieldOf(b.tryUpdate(collection, id, object{"account": other}), "account") == "" {
			t.Errorf("a record of %s moved to another account", collection)
		}
	}
	if err := b.app.Delete(b.get("accounts", other)); err == nil {
		t.Error("an account is deleted with its destinations still there")
	}
	b.update("accounts", b.account, object{"name": "renamed"})
	_, err = b.trySave("destinations", object{"name": "d", "type": "inbox", "account": ""})
	b.equal(fieldOf(err, "account"), "is needed: there is no account named default any more")
}

func TestDeletingConfigurationKeepsHistory(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	b.save("mappings", object{"name": "m", "source": b.source, "destination": d})
	done, waiting := b.leased(d), b.enqueue(d)[0]
	b.deliver("a", done, 1)
	held := b.planned(d, nil)
	b.update("destinations", d, object{"enabled": false})
	b.accept(item(b.event(nil), held))
	b.must(b.app.Delete(b.get("destinations", d)))
	b.must(b.app.Delete(b.get("sources", b.source)))
	b.equal([]string{b.state(done), b.state(waiting), b.state(held["id"].(string))}, []string{"delivered", "cancelled", "cancelled"})
	b.equal(b.get("deliveries", waiting).GetString("last_error"), destinationDeleted)
	b.equal(b.get("deliveries", done).GetString("destination"), d)
	b.equal(b.count("SELECT count(*) FROM mappings"), 0)
	b.equal(b.count("SELECT count(*) FROM events WHERE source = '"+b.source+"'"), 3)
}

func TestADisabledDestinationHoldsItsDeliveries(t *testing.T) {
	b := newBench(t)
	d, other := b.destination(nil), b.destination(nil)
	ids := b.enqueue(d, d, other)
	leased := claimed(b.claim("a", 1))[0]
	b.update("destinations", d, object{"enabled": false, "disabled_reason": "maintenance"})
	b.equal(b.count("SELECT count(*) FROM deliveries WHERE state = 'held'")+b.count("SELECT count(*) FROM deliveries WHERE state = 'delivering' AND destination = '"+d+"'"), 2)
	b.equal(len(leased), 15)
	late := b.enqueue(d)[0]
	b.equal(b.state(late), "held")
	for _, id := range claimed(b.claim("b", 10)) {
		b.equal(id, ids[2])
	}
	b.update("destinations", d, object{"enabled": true})
	b.equal(b.get("destinations", d).GetString("disabled_reason"), "")
	b.equal(b.count("SELECT count(*) FROM deliveries WHERE state = 'held'"), 0)
	b.equal(b.state(late), "pending")
}
