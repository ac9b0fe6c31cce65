package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"pockethook/internal/queue"
	. "pockethook/internal/testkit"
)

// What an event costs in work that can be counted: statements, and pages written to the log. Each index has a page, which is written,
// copied into the database and synced for an event that comes alone. No neighbour on the machine changes it, unlike times.
func TestTheWorkOfAnEvent(t *testing.T) {
	b := NewBench(t)
	destination := b.Destination(nil)
	accept := func(count int) (ids []string) {
		items := []Object{}
		for range count {
			planned := b.Planned(destination, Object{"lease": true})
			items, ids = append(items, Item(b.Event(Object{"dedupe_key": b.ID("key")}), planned)), append(ids, planned["id"].(string))
		}
		b.Accept(items...)
		return ids
	}
	settle := func(ids []string) {
		results := []queue.Settlement{}
		for _, id := range ids {
			results = append(results, queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: b.Tried("success", nil), Next: queue.NextState{State: "delivered", UsedTry: true}})
		}
		b.Settle("a", results...)
	}
	statements := func(work func()) int64 {
		before := b.Store.StatementsRun()
		work()
		return b.Store.StatementsRun() - before
	}
	const frame = 24 + 4096
	pages := func(work func()) int64 {
		path := filepath.Join(b.App.DataDir(), "data.db-wal")
		b.Execute("PRAGMA wal_checkpoint(TRUNCATE)", nil)
		work()
		file, err := os.Stat(path)
		b.Must(err)
		return file.Size() / frame
	}
	settle(accept(1))
	var ids []string
	for _, one := range []struct {
		name   string
		count  func(work func()) int64
		work   func()
		atMost int64
	}{
		// Position, account, capacity, versions; event, body, delivery.
		{"statements of 50 events", statements, func() { ids = accept(50) }, 4 + 50*3},
		// Breakers, versions; delivery, attempt.
		{"statements of 50 settlements", statements, func() { settle(ids) }, 2 + 50*2},
		{"pages of an event", pages, func() { ids = accept(1) }, 20},
		{"pages of a settlement", pages, func() { settle(ids) }, 6},
	} {
		if got := one.count(one.work); got > one.atMost {
			t.Errorf("%s: %d, at most %d", one.name, got, one.atMost)
		} else {
			t.Logf("%s: %d", one.name, got)
		}
	}
}
