package main

import (
	"errors"
	"runtime"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func newCheckedBench(t *testing.T) (*bench, *expressionCheck, object) {
	b := newBench(t)
	check, err := newExpressionCheck(writeCheckCode(t, t.TempDir()))
	b.must(err)
	check.bind(b.app)
	return b, check, object{"name": "m", "source": b.source, "destination": b.destination(nil)}
}

func TestABrokenExpressionIsToldWithTheOtherProblems(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	_, err := b.trySave("mappings", merge(mapping, object{"filter": "bad", "name": ""}))
	b.equal(fieldOf(err, "filter"), "is bad")
	if fieldOf(err, "name") == "" {
		t.Error("the missing name is not told")
	}
	b.equal(b.count("SELECT count(*) FROM mappings"), 0)
	m := b.save("mappings", mapping).Id
	b.equal(fieldOf(b.tryUpdate("mappings", m, object{"filter": "bad"}), "filter"), "is bad")
	b.equal(b.get("mappings", m).GetString("filter"), "")
}

func TestOthersWriteWhileExpressionsAreChecked(t *testing.T) {
	b, check, mapping := newCheckedBench(t)
	collection, err := b.app.FindCachedCollectionByNameOrId("mappings")
	b.must(err)
	record := core.NewRecord(collection)
	record.Load(merge(mapping, object{"account": b.account, "filter": "slow"}))
	saved := make(chan error)
	go func() { saved <- b.app.Save(record) }()
	for !check.isRunning() {
		runtime.Gosched()
	}
	b.destination(object{"name": "meanwhile"})
	record.Set("filter", "true")
	b.must(<-saved)
}

func TestATransactionWaitsForACheckOnlyShortly(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	err := b.app.RunInTransaction(func(tx core.App) error {
		collection, err := tx.FindCachedCollectionByNameOrId("mappings")
		b.must(err)
		record := core.NewRecord(collection)
		record.Load(merge(mapping, object{"account": b.account, "filter": "slow"}))
		return tx.Save(record)
	})
	b.equal(fieldOf(err, "template"), "takes longer than 100ms to check. Make its expressions smaller; in a batch, save it by itself.")
	b.equal(b.count("SELECT count(*) FROM mappings"), 0)
	// The machine that was interrupted is replaced.
	b.save("mappings", mapping)
}

func TestARecordFromBeforeALimitCanBePaused(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	m := b.save("mappings", mapping).Id
	b.execute("UPDATE mappings SET filter = 'bad' WHERE id = {:id}", dbx.Params{"id": m})
	b.must(b.tryUpdate("mappings", m, object{"enabled": false}))
	if fieldOf(b.tryUpdate("mappings", m, object{"template": "x"}), "filter") == "" {
		t.Error("other expressions of it are saved unchecked")
	}
}

func TestWithoutTheCheckNothingStarts(t *testing.T) {
	_, err := newExpressionCheck(t.TempDir())
	if !errors.As(err, new(refusal)) {
		t.Errorf("a folder without the check: %v", err)
	}
}
