package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/queue"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// SQLite's levels (https://sqlite.org/pragma.html#pragma_synchronous): with FULL a commit is on the disk when it returns.
const normal, full = 1, 2

func TestOnlyTheTransactionThatAsksForItIsNotSynced(t *testing.T) {
	b := NewBench(t)
	refused := errors.New("no")
	level := func(write func(func(tx *store.Transaction) error) error, result error) (level int) {
		t.Helper()
		err := write(func(tx *store.Transaction) error {
			_, err := tx.Row("SELECT synchronous FROM pragma_synchronous", nil, &level)
			return errors.Join(result, err)
		})
		if !errors.Is(err, result) {
			t.Fatal(err)
		}
		return level
	}
	for _, result := range []error{nil, refused} {
		b.Equal(level(b.Store.WriteBehind, result), normal)
		b.Equal(level(b.Store.Write, result), full)
		b.Equal(level(b.Store.WriteBehind, result), normal)
		var own int
		b.Must(b.App.RunInTransaction(func(tx core.App) error { return tx.DB().NewQuery("PRAGMA synchronous").Row(&own) }))
		b.Equal(own, full)
	}
}

// What producers, people and leases rely on is on the disk before it is answered; a lost settlement is only an attempt made again.
func TestWhatIsAnsweredIsSynced(t *testing.T) {
	b := NewBench(t)
	b.Execute("CREATE TABLE seen (what TEXT, level INTEGER)", nil)
	for what, on := range map[string]string{
		"accepted": "INSERT ON events", "leased": "UPDATE OF lease_token ON deliveries", "settled": "INSERT ON attempts", "cancelled": "INSERT ON audit",
	} {
		b.Execute("CREATE TRIGGER seen_"+what+" AFTER "+on+" BEGIN INSERT INTO seen SELECT '"+what+"', synchronous FROM pragma_synchronous; END", nil)
	}
	d := b.Destination(nil)
	b.Execute("DELETE FROM seen", nil)
	b.Enqueue(d)
	id := Claimed(b.Claim("a", 1))[0]
	b.Settle("a", queue.Settlement{Delivery: id, LeaseToken: 1, Attempt: b.Tried("retry", nil), Next: queue.NextState{State: "pending", RetryInMs: 1000, UsedTry: true}})
	_, err := b.Queue.Command(queue.CommandRequest{Delivery: id, Command: "cancel", Caller: Ada("a", "1")})
	b.Must(err)
	var seen []struct {
		What  string
		Level int
	}
	b.Must(b.App.DB().NewQuery("SELECT what, level FROM seen ORDER BY rowid").All(&seen))
	b.Equal(seen, []Object{{"What": "accepted", "Level": full}, {"What": "leased", "Level": full}, {"What": "settled", "Level": normal}, {"What": "cancelled", "Level": full}})
}

func TestWhatIsSyncedLaterIsSyncedSoon(t *testing.T) {
	b := NewBench(t)
	nothing := func(tx *store.Transaction) error { return nil }
	b.Must(b.Store.WriteBehind(nothing))
	b.Must(b.Store.Write(nothing)) // which syncs nothing
	b.Equal(b.Store.Unsynced(), true)
	for b.Store.Unsynced() { // until the timer ends
		time.Sleep(time.Millisecond)
	}
}

func TestALongLogBeginsAnew(t *testing.T) {
	b := NewBench(t)
	length := func() int64 {
		file, err := os.Stat(filepath.Join(b.App.DataDir(), "data.db-wal"))
		b.Must(err)
		return file.Size()
	}
	fill := func() {
		b.Must(b.Store.Write(func(tx *store.Transaction) error {
			_, err := tx.Exec("INSERT OR REPLACE INTO idempotency_keys (key, fingerprint, answer, created) VALUES ('long', '', hex(zeroblob(10000000)), '')")
			return err
		}))
		b.Must(b.Store.Checkpoint(context.Background()))
	}
	fill()
	first := length()
	for range 3 {
		fill()
	}
	if length() > first*3/2 {
		t.Errorf("%d bytes, then %d", first, length())
	}
}
