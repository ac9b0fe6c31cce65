package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/configuration"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// stranger is a connection of another process, which doesn't wait for locks.
func stranger(t testing.TB, app core.App) *dbx.DB {
	t.Helper()
	db, err := dbx.Open("sqlite", filepath.Join(app.DataDir(), "data.db")+"?_pragma=busy_timeout(0)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestATransactionThatHasOnlyReadKeepsOtherWritersOut(t *testing.T) {
	b := NewBench(t)
	other := stranger(t, b.App)
	const write = "UPDATE meta SET value = value + 1 WHERE key = 'seq'"
	inside := func() {
		if _, err := other.NewQuery(write).Execute(); err == nil {
			t.Error("another process wrote between what a transaction reads and what it writes")
		}
	}
	b.Must(b.App.RunInTransaction(func(tx core.App) error {
		var version int64
		b.Must(tx.DB().NewQuery(store.SelectConfigVersion).Row(&version))
		inside()
		return store.Gateway.CountChange(tx.DB(), "sources", b.Source)
	}))
	b.Must(b.Store.Write(func(tx *store.Transaction) error {
		if _, err := store.ConfigVersion(tx); err != nil {
			return err
		}
		inside()
		_, err := tx.Exec(write)
		return err
	}))
	_, err := other.NewQuery(write).Execute()
	b.Must(err)
}

func TestReadingTheConfigurationWaitsForNoWriter(t *testing.T) {
	b := NewBench(t)
	b.Must(b.App.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery("UPDATE meta SET value = value + 1").Execute()
		b.Must(err)
		_, err = configuration.Read(b.App, store.Gateway, 0)
		return err // locked, after 10 s, if it waits for the transaction that it is called in
	}))
}

func TestANewConnectionWritesNothing(t *testing.T) {
	b := NewBench(t)
	ctx := context.Background()
	b.Must(b.App.RunInTransaction(func(tx core.App) error {
		var version int64
		b.Must(tx.DB().NewQuery(store.SelectConfigVersion).Row(&version))
		// As many as there may be, so that each is a new one.
		for range store.DataConnections {
			connection, err := b.App.ConcurrentDB().(*dbx.DB).DB().Conn(ctx)
			b.Must(err)
			defer connection.Close()
		}
		return store.Gateway.CountChange(tx.DB(), "sources", b.Source)
	}))
}

func TestAnInterruptedFirstStartGetsAutoVacuumToo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Connect(path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode int
	if err := db.NewQuery("PRAGMA auto_vacuum").Row(&mode); err != nil || mode != 2 {
		t.Fatal(mode, err)
	}
}

// restartAndSave opens the database anew and saves from 8 callers at once; it returns the longest of the saves.
func restartAndSave(t testing.TB, dir string, round int) time.Duration {
	t.Helper()
	app, err := NewApp(dir, TestEnvironment(), nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer app.ClearBootstrap()
	b := &Bench{TB: t, App: app}
	account, err := app.FindFirstRecordByData("accounts", "name", "default")
	b.Must(err)
	b.Account = account.Id
	took := make([]time.Duration, 8)
	var saving sync.WaitGroup
	for i := range took {
		saving.Go(func() {
			started := time.Now()
			_, err := b.TrySave("sources", Object{"name": fmt.Sprintf("s%d-%d", round, i), "enabled": true, "verification": "none"})
			if err != nil {
				t.Error(err)
			}
			took[i] = time.Since(started)
		})
	}
	saving.Wait()
	longest := took[0]
	for _, one := range took {
		longest = max(longest, one)
	}
	return longest
}

func TestSavesTogetherAfterARestart(t *testing.T) {
	dir := CopyTemplate(t)
	for round := range 5 {
		restartAndSave(t, dir, round)
	}
}

// BenchmarkSavesAfterARestart: go test -run - -bench SavesAfterARestart -benchtime 100x
func BenchmarkSavesAfterARestart(b *testing.B) {
	dir := CopyTemplate(b)
	longest := time.Duration(0)
	round := 0
	for b.Loop() {
		longest = max(longest, restartAndSave(b, dir, round))
		round++
	}
	b.ReportMetric(float64(longest.Milliseconds()), "longest-ms")
}
