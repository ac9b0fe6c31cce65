package retention_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/retention"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

const month = 30 * 24 * time.Hour

// retainAll calls until nothing is left; the sum of what was deleted.
func retainAll(b *Bench, request retention.Request) (sum retention.Deleted) {
	b.Helper()
	for more := true; more; {
		answer, err := retention.New(b.Store).Retain(request)
		b.Must(err)
		sum.Events += answer.Deleted.Events
		sum.Deliveries += answer.Deleted.Deliveries
		sum.Attempts += answer.Deleted.Attempts
		sum.Rejections += answer.Deleted.Rejections
		sum.Audit += answer.Deleted.Audit
		sum.FreedPages += answer.Deleted.FreedPages
		request.After, more = answer.After, answer.More
	}
	return sum
}

// historyOf accepts an event of some days ago with one delivery in this state and two attempts.
func historyOf(b *Bench, days int, state string) string {
	b.Helper()
	event := b.Event(Object{"received_at": store.FormatTime(b.Time.AddDate(0, 0, -days))})
	planned := b.Planned(b.Destination(nil), nil)
	b.Equal(b.Accept(Item(event, planned))[0].Status, "accepted")
	b.Execute("UPDATE deliveries SET state = {:state} WHERE id = {:id}", dbx.Params{"state": state, "id": planned["id"]})
	for token := range 2 {
		b.Execute("INSERT INTO attempts (id, account, delivery, outcome, lease_token) VALUES ({:id}, {:account}, {:delivery}, 'retry', {:token})",
			dbx.Params{"id": b.ID("att"), "account": b.Account, "delivery": planned["id"], "token": token})
	}
	return event["id"].(string)
}

func left(b *Bench, table string) (ids []string) {
	b.Helper()
	b.Must(b.App.DB().NewQuery("SELECT id FROM " + table + " ORDER BY id").Column(&ids))
	return ids
}

func TestRetentionDeletesOldEventsThatAreFinal(t *testing.T) {
	b := NewBench(t)
	kept := []string{}
	for _, state := range []string{"pending", "delivering", "held"} {
		kept = append(kept, historyOf(b, 400, state))
	}
	for _, state := range []string{"delivered", "dead", "expired", "cancelled"} {
		historyOf(b, 31, state)
		kept = append(kept, historyOf(b, 29, state))
	}
	unmatched := b.Event(Object{"received_at": store.FormatTime(b.Time.AddDate(0, 0, -31))})
	b.Accept(Item(unmatched))

	got := retainAll(b, retention.Request{Days: 30, BudgetMs: 1000})
	b.Equal([]any{got.Events, got.Deliveries, got.Attempts}, []any{5, 4, 8})
	slices.Sort(kept)
	b.Equal(left(b, "events"), kept)
	b.Equal(left(b, "event_bodies"), kept)
	b.Equal([]any{b.Count("SELECT count(*) FROM deliveries"), b.Count("SELECT count(*) FROM attempts")}, []any{7, 14})
	b.Equal(b.Count("SELECT count(*) FROM attempts WHERE delivery NOT IN (SELECT id FROM deliveries)"), 0)
	b.Equal(retainAll(b, retention.Request{Days: 30, BudgetMs: 1000}), retention.Deleted{})
}

func TestRetentionKeepsForEverWithZeroDays(t *testing.T) {
	b := NewBench(t)
	event := historyOf(b, 5000, "delivered")
	b.Execute("INSERT INTO audit (id, account, actor, action, created) VALUES ('aud', {:a}, 'x', 'y', '2001-01-01 00:00:00.000Z')", dbx.Params{"a": b.Account})
	b.Equal(retainAll(b, retention.Request{BudgetMs: 1000}).Events, 0)
	b.Equal([]any{left(b, "events"), left(b, "audit")}, []any{[]string{event}, []string{"aud"}})
}

func TestRetentionOfRejectionsAndAudit(t *testing.T) {
	b := NewBench(t)
	for _, days := range []int{29, 31, 364, 366} {
		at := store.FormatTime(b.Time.AddDate(0, 0, -days))
		b.Execute("INSERT INTO audit (id, account, actor, action, created) VALUES ({:id}, {:a}, 'x', 'y', {:at})", dbx.Params{"id": fmt.Sprint("aud", days), "a": b.Account, "at": at})
		b.Execute("INSERT INTO rejections (id, account, source, code, received_at) VALUES ({:id}, {:a}, 'deleted', 'x', {:at})", dbx.Params{"id": fmt.Sprint("rej", days), "a": b.Account, "at": at})
	}
	got := retainAll(b, retention.Request{Days: 30, AuditDays: 365, BudgetMs: 1000})
	b.Equal([]any{got.Rejections, got.Audit}, []any{3, 1})
	b.Equal([]any{left(b, "rejections"), left(b, "audit")}, []any{[]string{"rej29"}, []string{"aud29", "aud31", "aud364"}})
}

// Many rows of one event don't fit into one hold; each call goes on where the one before ended.
func TestRetentionGoesOnWhereItEnded(t *testing.T) {
	b := NewBench(t)
	b.Fill(10, 2000)
	b.IDs = 100_000 // past those of fill
	b.Execute("UPDATE deliveries SET state = 'delivered'", nil)
	old := historyOf(b, 60, "held")
	b.Time = b.Time.Add(2 * month)
	calls := 0
	request := retention.Request{Days: 30, BudgetMs: 1}
	for more := true; more; calls++ {
		answer, err := retention.New(b.Store).Retain(request)
		b.Must(err)
		if answer.More && answer.After == "" && b.Count("SELECT count(*) FROM deliveries") == 20_001 {
			t.Fatal("a call did nothing")
		}
		request.After, more = answer.After, answer.More
	}
	if calls < 5 {
		t.Errorf("%d calls only", calls)
	}
	b.Equal(left(b, "events"), []string{old})
	b.Equal(b.Count("SELECT count(*) FROM deliveries"), 1)
}

func TestRetentionGivesPagesBack(t *testing.T) {
	b := NewBench(t)
	for range 20 {
		b.Accept(Item(b.Event(Object{"body": strings.Repeat("x", 200_000)})))
	}
	before := b.Count("PRAGMA page_count")
	b.Time = b.Time.Add(2 * month)
	got := retainAll(b, retention.Request{Days: 30, BudgetMs: 1000})
	if after := b.Count("PRAGMA page_count"); got.FreedPages < 900 || before-after < 900 {
		t.Errorf("%d freed, %d pages before, %d after", got.FreedPages, before, after)
	}
	b.Equal(b.Count("PRAGMA freelist_count"), 0)
	var intact string
	b.Must(b.App.DB().NewQuery("PRAGMA integrity_check").Row(&intact))
	b.Equal(intact, "ok")
}

func TestRetentionRefusesWhatItCantKeep(t *testing.T) {
	b := NewBench(t)
	for _, request := range []retention.Request{{Days: -1, BudgetMs: 1}, {AuditDays: -1, BudgetMs: 1}, {Days: 40_000, BudgetMs: 1}, {Days: 1}, {Days: 1, BudgetMs: 5000}} {
		if _, err := retention.New(b.Store).Retain(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}
