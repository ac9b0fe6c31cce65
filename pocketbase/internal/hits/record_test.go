package hits_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

func TestABatchByAnOlderSaltIsSentBack(t *testing.T) {
	b := newBench(t)
	b.Time = time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC)
	request := hits.RecordRequest{Sender: "a", Batch: 1, Day: b.day(), Items: []hits.Hit{b.hit(siteA, "ada", 0)}}
	late := hits.RecordRequest{Sender: "a", Batch: 2, Day: b.day(), Items: request.Items}
	answer, err := b.Record(request)
	b.Must(err)
	b.Equal(answer.Status, "recorded")
	b.Time = b.Time.Add(time.Minute)
	answer, err = b.Record(late)
	b.Must(err)
	b.Equal(answer.Status, "salts_changed")
	// What was stored before midnight, and is asked for again because the answer was lost, was stored.
	answer, err = b.Record(request)
	b.Must(err)
	b.Equal(answer.Status, "recorded")
	b.Equal(b.visitors(siteA, time.Hour), 1)
}

func TestABatchThatIsSentAgainCountsOnce(t *testing.T) {
	b := newBench(t)
	hit := b.hit(siteA, "ada", 0)
	hit.Page, hit.Completions = "/", []hits.Completion{{Goal: goal, Amount: "9.90", Currency: "EUR"}}
	request := hits.RecordRequest{Sender: "a", Batch: 1, Day: b.day(), Items: []hits.Hit{hit}, Dropped: []hits.Dropped{{Site: siteA, Reason: "bot", Count: 3}}}
	other := request
	other.Sender = "b"
	for _, one := range []hits.RecordRequest{request, request, other} {
		answer, err := b.Record(one)
		b.Must(err)
		b.Equal(answer.Status, "recorded")
	}
	b.Equal(b.Count("SELECT count(*) FROM completions"), 2)
	top, err := b.Top(hits.TopRequest{Window: hits.Window{Site: siteA, Seconds: 300}, Limit: 3})
	b.Must(err)
	b.Equal(top.Pages, []Object{{"page": "/", "pageviews": 2}})
	dropped, err := b.Dropped(hits.DroppedRequest{Site: siteA, Since: b.Time.UnixMilli()})
	b.Must(err)
	b.Equal(dropped.Reasons, Object{"bot": 6})
}

func TestCompletionsHaveNumbersThatAreNeverUsedAgain(t *testing.T) {
	b := newBench(t)
	hit := b.hit(siteA, "ada", 0)
	hit.Completions = []hits.Completion{{Goal: goal, Page: "/thanks"}}
	b.record(hit, hit)
	stored := func() (rows []string) {
		b.Must(b.App.DB().NewQuery("SELECT seq || ' ' || goal || ' ' || site || ' ' || at || ' ' || page FROM completions").Column(&rows))
		return rows
	}
	row := func(seq int) string {
		return fmt.Sprint(seq, " ", goal, " ", siteA, " ", b.Time.UnixMilli(), " /thanks")
	}
	b.Equal(stored(), []string{row(1), row(2)})
	b.Time = b.Time.Add(49 * time.Hour)
	_, err := b.Purge()
	b.Must(err)
	b.Equal(stored(), []string(nil))
	b.record(hits.Hit{Site: siteA, Visitor: b.hash("ada", 0), Completions: hit.Completions})
	b.Equal(stored(), []string{row(3)})
}

func TestWhatTheServiceNeverSendsIsRefusedWhole(t *testing.T) {
	b := newBench(t)
	good := b.hit(siteA, "ada", 0)
	for name, change := range map[string]func(r *hits.RecordRequest){
		"no sender":       func(r *hits.RecordRequest) { r.Sender = "" },
		"no batch":        func(r *hits.RecordRequest) { r.Batch = 0 },
		"site":            func(r *hits.RecordRequest) { r.Items[1].Site = "example.com" },
		"visitor":         func(r *hits.RecordRequest) { r.Items[1].Visitor = []byte("ada") },
		"previous":        func(r *hits.RecordRequest) { r.Items[1].Previous = []byte("ada") },
		"page":            func(r *hits.RecordRequest) { r.Items[1].Page = strings.Repeat("x", 4001) },
		"goal":            func(r *hits.RecordRequest) { r.Items[1].Completions = []hits.Completion{{Goal: "x"}} },
		"dropped":         func(r *hits.RecordRequest) { r.Dropped = []hits.Dropped{{Site: siteA, Count: 1}} },
		"dropped nothing": func(r *hits.RecordRequest) { r.Dropped = []hits.Dropped{{Site: siteA, Reason: "bot"}} },
	} {
		request := hits.RecordRequest{Sender: "a", Batch: 1, Day: b.day(), Items: []hits.Hit{good, good}}
		change(&request)
		if _, err := b.Record(request); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM visitors"), 0)
}
