package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

const month = 30 * 24 * time.Hour

// retainAll calls until nothing is left; the sum of what was deleted.
func retainAll(b *bench, request retainRequest) (sum retained) {
	b.Helper()
	for more := true; more; {
		answer, err := newRetention(b.store).retain(request)
		b.must(err)
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
func historyOf(b *bench, days int, state string) string {
	b.Helper()
	event := b.event(object{"received_at": storeTime(b.time.AddDate(0, 0, -days))})
	planned := b.planned(b.destination(nil), nil)
	b.equal(b.accept(item(event, planned))[0].Status, "accepted")
	b.execute("UPDATE deliveries SET state = {:state} WHERE id = {:id}", dbx.Params{"state": state, "id": planned["id"]})
	for token := range 2 {
		b.execute("INSERT INTO attempts (id, account, delivery, outcome, lease_token) VALUES ({:id}, {:account}, {:delivery}, 'retry', {:token})",
			dbx.Params{"id": b.id("att"), "account": b.account, "delivery": planned["id"], "token": token})
	}
	return event["id"].(string)
}

func left(b *bench, table string) (ids []string) {
	b.Helper()
	b.must(b.app.DB().NewQuery("SELECT id FROM " + table + " ORDER BY id").Column(&ids))
	return ids
}

func TestRetentionDeletesOldEventsThatAreFinal(t *testing.T) {
	b := newBench(t)
	kept := []string{}
	for _, state := range []string{"pending", "delivering", "held"} {
		kept = append(kept, historyOf(b, 400, state))
	}
	for _, state := range []string{"delivered", "dead", "expired", "cancelled"} {
		historyOf(b, 31, state)
		kept = append(kept, historyOf(b, 29, state))
	}
	unmatched := b.event(object{"received_at": storeTime(b.time.AddDate(0, 0, -31))})
	b.accept(item(unmatched))

	got := retainAll(b, retainRequest{Days: 30, BudgetMs: 1000})
	b.equal([]any{got.Events, got.Deliveries, got.Attempts}, []any{5, 4, 8})
	slices.Sort(kept)
	b.equal(left(b, "events"), kept)
	b.equal(left(b, "event_bodies"), kept)
	b.equal([]any{b.count("SELECT count(*) FROM deliveries"), b.count("SELECT count(*) FROM attempts")}, []any{7, 14})
	b.equal(b.count("SELECT count(*) FROM attempts WHERE delivery NOT IN (SELECT id FROM deliveries)"), 0)
	b.equal(retainAll(b, retainRequest{Days: 30, BudgetMs: 1000}), retained{})
}

func TestRetentionKeepsForEverWithZeroDays(t *testing.T) {
	b := newBench(t)
	event := historyOf(b, 5000, "delivered")
	b.execute("INSERT INTO audit (id, account, actor, action, created) VALUES ('aud', {:a}, 'x', 'y', '2001-01-01 00:00:00.000Z')", dbx.Params{"a": b.account})
	b.equal(retainAll(b, retainRequest{BudgetMs: 1000}).Events, 0)
	b.equal([]any{left(b, "events"), left(b, "audit")}, []any{[]string{event}, []string{"aud"}})
}

func TestRetentionOfRejectionsAndAudit(t *testing.T) {
	b := newBench(t)
	for _, days := range []int{29, 31, 364, 366} {
		at := storeTime(b.time.AddDate(0, 0, -days))
		b.execute("INSERT INTO audit (id, account, actor, action, created) VALUES ({:id}, {:a}, 'x', 'y', {:at})", dbx.Params{"id": fmt.Sprint("aud", days), "a": b.account, "at": at})
		b.execute("INSERT INTO rejections (id, account, source, code, received_at) VALUES ({:id}, {:a}, 'deleted', 'x', {:at})", dbx.Params{"id": fmt.Sprint("rej", days), "a": b.account, "at": at})
	}
	got := retainAll(b, retainRequest{Days: 30, AuditDays: 365, BudgetMs: 1000})
	b.equal([]any{got.Rejections, got.Audit}, []any{3, 1})
	b.equal([]any{left(b, "rejections"), left(b, "audit")}, []any{[]string{"rej29"}, []string{"aud29", "aud31", "aud364"}})
}

// Many rows of one event don't fit into one hold; each call goes on where the one before ended.
func TestRetentionGoesOnWhereItEnded(t *testing.T) {
	b := newBench(t)
	b.fill(10, 2000)
	b.ids = 100_000 // past those of fill
	b.execute("UPDATE deliveries SET state = 'delivered'", nil)
	old := historyOf(b, 60, "held")
	b.time = b.time.Add(2 * month)
	calls := 0
	request := retainRequest{Days: 30, BudgetMs: 1}
	for more := true; more; calls++ {
		answer, err := newRetention(b.store).retain(request)
		b.must(err)
		if answer.More && answer.After == "" && b.count("SELECT count(*) FROM deliveries") == 20_001 {
			t.Fatal("a call did nothing")
		}
		request.After, more = answer.After, answer.More
	}
	if calls < 5 {
		t.Errorf("%d calls only", calls)
	}
	b.equal(left(b, "events"), []string{old})
	b.equal(b.count("SELECT count(*) FROM deliveries"), 1)
}

func TestRetentionGivesPagesBack(t *testing.T) {
	b := newBench(t)
	for range 20 {
		b.accept(item(b.event(object{"body": strings.Repeat("x", 200_000)})))
	}
	before := b.count("PRAGMA page_count")
	b.time = b.time.Add(2 * month)
	got := retainAll(b, retainRequest{Days: 30, BudgetMs: 1000})
	if after := b.count("PRAGMA page_count"); got.FreedPages < 900 || before-after < 900 {
		t.Errorf("%d freed, %d pages before, %d after", got.FreedPages, before, after)
	}
	b.equal(b.count("PRAGMA freelist_count"), 0)
	var intact string
	b.must(b.app.DB().NewQuery("PRAGMA integrity_check").Row(&intact))
	b.equal(intact, "ok")
}

func TestRetentionRefusesWhatItCantKeep(t *testing.T) {
	b := newBench(t)
	for _, request := range []retainRequest{{Days: -1, BudgetMs: 1}, {AuditDays: -1, BudgetMs: 1}, {Days: 40_000, BudgetMs: 1}, {Days: 1}, {Days: 1, BudgetMs: 5000}} {
		if _, err := newRetention(b.store).retain(request); err == nil {
			t.Errorf("%+v is taken", request)
		}
	}
}
