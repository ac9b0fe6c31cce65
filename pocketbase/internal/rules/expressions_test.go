package rules_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
	"pockethook/internal/rules"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

func newCheckedBench(t *testing.T) (*Bench, *rules.ExpressionCheck, Object) {
	b := NewBench(t)
	check, err := rules.NewExpressionCheck(testfiles.WriteCheckCode(t, t.TempDir()))
	b.Must(err)
	check.Bind(b.App)
	return b, check, Object{"name": "m", "source": b.Source, "destination": b.Destination(nil)}
}

func TestABrokenExpressionIsToldWithTheOtherProblems(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	_, err := b.TrySave("mappings", Merge(mapping, Object{"filter": "bad", "name": ""}))
	b.Equal(FieldOf(err, "filter"), "is bad")
	if FieldOf(err, "name") == "" {
		t.Error("the missing name is not told")
	}
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	m := b.Save("mappings", mapping).Id
	b.Equal(FieldOf(b.TryUpdate("mappings", m, Object{"filter": "bad"}), "filter"), "is bad")
	b.Equal(b.Get("mappings", m).GetString("filter"), "")
}

func TestOthersWriteWhileExpressionsAreChecked(t *testing.T) {
	b, check, mapping := newCheckedBench(t)
	collection, err := b.App.FindCachedCollectionByNameOrId("mappings")
	b.Must(err)
	record := core.NewRecord(collection)
	record.Load(Merge(mapping, Object{"account": b.Account, "filter": "slow"}))
	saved := make(chan error)
	go func() { saved <- b.App.Save(record) }()
	for !check.IsRunning() {
		runtime.Gosched()
	}
	b.Destination(Object{"name": "meanwhile"})
	record.Set("filter", "true")
	b.Must(<-saved)
}

func TestATransactionWaitsForACheckOnlyShortly(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	err := b.App.RunInTransaction(func(tx core.App) error {
		collection, err := tx.FindCachedCollectionByNameOrId("mappings")
		b.Must(err)
		record := core.NewRecord(collection)
		record.Load(Merge(mapping, Object{"account": b.Account, "filter": "slow"}))
		return tx.Save(record)
	})
	b.Equal(FieldOf(err, "template"), "takes longer than 100ms to check. Make its expressions smaller; in a batch, save it by itself.")
	b.Equal(b.Count("SELECT count(*) FROM mappings"), 0)
	// The machine that was interrupted is replaced.
	b.Save("mappings", mapping)
}

func TestARecordFromBeforeALimitCanBePaused(t *testing.T) {
	b, _, mapping := newCheckedBench(t)
	m := b.Save("mappings", mapping).Id
	b.Execute("UPDATE mappings SET filter = 'bad' WHERE id = {:id}", dbx.Params{"id": m})
	b.Must(b.TryUpdate("mappings", m, Object{"enabled": false}))
	if FieldOf(b.TryUpdate("mappings", m, Object{"template": "x"}), "filter") == "" {
		t.Error("other expressions of it are saved unchecked")
	}
}

func TestWithoutTheCheckNothingStarts(t *testing.T) {
	_, err := rules.NewExpressionCheck(t.TempDir())
	if !errors.As(err, new(fault.Refusal)) {
		t.Errorf("a folder without the check: %v", err)
	}
}
