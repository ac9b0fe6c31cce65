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
	b.Must(err)
	check.Bind(b.App)
	return b, check, object{"name": "m", "source": b.Source, "destination": b.Destination(nil)}
}

func TestABrokenExpressionIsToldWithTheOtherProblems(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	_, err := b.TrySave("mappings", merge(mapping, object{"filter": "bad", "name": ""}))
	b.Equal(fieldOf(err, "filter"), "is bad")
	if fieldOf(err, "name") == "" {
		t.Error("the missing name is not told")
	}
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	m := b.Save("mappings", mapping).Id
	b.Equal(fieldOf(b.TryUpdate("mappings", m, object{"filter": "bad"}), "filter"), "is bad")
	b.Equal(b.Get("mappings", m).GetString("filter"), "")
}

func TestOthersWriteWhileExpressionsAreChecked(t *testing.T) {
	b, check, mapping := newCheckedBench(t)
	collection, err := b.App.FindCachedCollectionByNameOrId("mappings")
	b.Must(err)
	record := core.NewRecord(collection)
	record.Load(merge(mapping, object{"account": b.Account, "filter": "slow"}))
	saved := make(chan error)
	go func() { saved <- b.App.Save(record) }()
	for !check.IsRunning() {
		runtime.Gosched()
	}
	b.Destination(object{"name": "meanwhile"})
	record.Set("filter", "true")
	b.Must(<-saved)
}

func TestATransactionWaitsForACheckOnlyShortly(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	err := b.App.RunInTransaction(func(tx core.App) error {
		collection, err := tx.FindCachedCollectionByNameOrId("mappings")
		b.Must(err)
		record := core.NewRecord(collection)
		record.Load(merge(mapping, object{"account": b.Account, "filter": "slow"}))
		return tx.Save(record)
	})
	b.Equal(fieldOf(err, "template"), "takes longer than 100ms to check. Make its expressions smaller; in a batch, save it by itself.")
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	// The machine that was interrupted is replaced.
	b.Save("mappings", mapping)
}

func TestARecordFromBeforeALimitCanBePaused(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	m := b.Save("mappings", mapping).Id
	b.Execute("UPDATE mappings SET filter = 'bad' WHERE id = {:id}", dbx.Params{"id": m})
	b.Must(b.TryUpdate("mappings", m, object{"enabled": false}))
	if fieldOf(b.TryUpdate("mappings", m, object{"template": "x"}), "filter") == "" {
		t.Error("other expressions of it are saved unchecked")
	}
}

func TestWithoutTheCheckNothingStarts(t *testing.T) {
	_, err := newExpressionCheck(t.TempDir())
	if !errors.As(err, new(refusal)) {
		t.Errorf("a folder without the check: %v", err)
	}
}
