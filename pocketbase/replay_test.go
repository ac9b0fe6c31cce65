package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func receivedAt(b *bench, clock string, fields object) string {
	b.Helper()
	event := b.Event(object{"received_at": aDay + " " + clock + ".000Z"})
	for name, value := range fields {
		event[name] = value
	}
	if result := b.Accept(item(event))[0]; result.Status != "accepted" {
		b.Fatal(result)
	}
	return event["id"].(string)
}

func pages(b *bench, filter replayFilter, limit int64) (ids []string) {
	b.Helper()
	where, err := newReplays(b.Store).Range(filter)
	b.Must(err)
	for after := where.After; ; {
		page, err := newReplays(b.Store).Page(replayPageRequest{replayFilter: filter, After: after, Until: where.Until, Limit: limit})
		b.Must(err)
		for _, event := range page.Events {
			ids = append(ids, event.ID)
		}
		if page.Done {
			if int64(len(ids)) != where.Events {
				b.Errorf("%d events were counted, %d listed", where.Events, len(ids))
			}
			return ids
		}
		if after = page.Position; len(page.Events) == 0 {
			b.Fatal("an empty page is not the last one")
		}
	}
}

func TestReplayPages(t *testing.T) {
	b := newBench(t)
	other := b.Save("sources", object{"name": "other", "enabled": true, "verification": "none"}).Id
	account := b.Save("accounts", object{"name": "theirs"}).Id
	var all []string
	for hour := range 24 {
		all = append(all, receivedAt(b, fmt.Sprintf("%02d:00:00", hour), nil))
	}
	// Clocks of two API processes apart: later in order, received earlier.
	late := receivedAt(b, "22:59:30", nil)
	foreign := receivedAt(b, "23:00:10", object{"account": account})
	elsewhere := receivedAt(b, "23:00:20", object{"source": other})
	for _, limit := range []int64{1, 2, 7, 500} {
		b.Equal(pages(b, between("05:00:00", "08:00:00"), limit), all[5:8])
		b.Equal(pages(b, between("00:00:00", "00:00:01"), limit), all[:1])
		b.Equal(pages(b, between("22:30:00", "23:00:00"), limit), []string{late})
		b.Equal(pages(b, between("23:00:00", "23:59:59"), limit), []string{all[23], foreign, elsewhere})
	}
	filter := between("22:00:00", "23:59:59")
	filter.Source = other
	b.Equal(pages(b, filter, 1), []string{elsewhere})
	filter.Source, filter.Account = "", account
	b.Equal(pages(b, filter, 1), []string{foreign})
	b.Equal(len(pages(b, between("00:00:01", "00:00:02"), 5)), 0)
}

func TestReplayPageShowsDeliveries(t *testing.T) {
	b := newBench(t)
	d := b.Destination(nil)
	first := b.Planned(d, nil)
	event := b.Event(nil)
	b.Accept(item(event, first))
	again := b.Planned(d, nil)
	b.Accept(object{"replay": object{"event": event["id"], "mode": "current", "actor": "user:a", "job": "job000000000001"}, "deliveries": []object{again}})
	page, err := newReplays(b.Store).Page(replayPageRequest{replayFilter: between("00:00:00", "23:00:00"), Until: 100, Limit: 10})
	b.Must(err)
	b.Equal(page.Events[0].Deliveries, []pastDelivery{
		{ID: first["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending"},
		{ID: again["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending", Replay: "current"},
	})
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'event.replay' AND json_extract(detail, '$.replay') = 'job000000000001'`), 1)
}

func claimNext(b *bench, owner string) *leasedReplay {
	b.Helper()
	answer, err := newReplays(b.Store).Claim(replayClaim{Owner: owner, LeaseMs: 15_000})
	b.Must(err)
	return answer.Replay
}

func saveProgress(b *bench, p replayProgress) string {
	b.Helper()
	answer, err := newReplays(b.Store).Save(p)
	b.Must(err)
	return answer.Status
}

func TestReplayIsWorkedOnByOne(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	for range 2 {
		_, err := newReplays(b.Store).Create(b.ReplayJob(id))
		b.Must(err)
	}
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'replay.create'`), 1)
	mine := claimNext(b, "a")
	b.Equal([]any{mine.ID, mine.After, mine.Until, mine.LeaseToken, mine.From}, []any{id, 3, 40, 1, aDay + " 00:00:00.000Z"})
	if claimNext(b, "b") != nil {
		t.Fatal("two work on it")
	}
	progress := replayProgress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7, EventsSeen: 4, Deliveries: 3, Failed: 1}
	b.Time = b.Time.Add(14 * time.Second)
	b.Equal(saveProgress(b, progress), "saved")
	b.Time = b.Time.Add(14 * time.Second)
	if claimNext(b, "b") != nil {
		t.Fatal("progress did not renew the lease")
	}
	b.Time = b.Time.Add(2 * time.Second)
	theirs := claimNext(b, "b")
	b.Equal([]any{theirs.After, theirs.EventsSeen, theirs.Deliveries, theirs.Failed, theirs.LeaseToken}, []any{7, 4, 3, 1, 2})
	b.Equal(saveProgress(b, progress), "stale")
	progress.LeaseToken, progress.LeaseMs = 2, 0
	b.Equal(saveProgress(b, progress), "saved")
	if claimNext(b, "c") == nil {
		t.Fatal("it was given back, and nobody gets it")
	}
	progress.LeaseToken, progress.Completed, progress.Deliveries = 3, true, 9
	b.Equal(saveProgress(b, progress), "saved")
	b.Equal(saveProgress(b, progress), "stale")
	if claimNext(b, "d") != nil {
		t.Fatal("it is completed")
	}
	record := b.Get("replays", id)
	b.Equal([]any{record.GetString("state"), record.GetInt("deliveries"), record.GetString("finished_at") != ""}, []any{"completed", 9, true})
	b.Equal(b.Count(`SELECT json_extract(detail, '$.deliveries') FROM audit WHERE action = 'replay.complete' AND actor = 'user:a@example.com'`), 9)
}

func TestReplayIsCancelled(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	_, err := newReplays(b.Store).Create(b.ReplayJob(id))
	b.Must(err)
	claimNext(b, "a")
	for _, want := range []string{"cancelled", "refused"} {
		answer, err := newReplays(b.Store).Cancel(replayCancel{ID: id, Actor: "operator:o"})
		b.Must(err)
		b.Equal(answer.Status, want)
	}
	b.Equal(saveProgress(b, replayProgress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7}), "stale")
	b.Time = b.Time.Add(time.Minute)
	if claimNext(b, "b") != nil {
		t.Fatal("a cancelled replay goes on")
	}
	b.Equal(b.Get("replays", id).GetInt("position"), 3)
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'replay.cancel' AND actor = 'operator:o'`), 1)
}

func TestReplayWithoutProgressFails(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	_, err := newReplays(b.Store).Create(b.ReplayJob(id))
	b.Must(err)
	for range replayClaimsAtMost {
		if claimNext(b, "a") == nil {
			t.Fatal("it was given up too early")
		}
		b.Time = b.Time.Add(time.Minute)
	}
	if claimNext(b, "a") != nil {
		t.Fatal("it is tried for ever")
	}
	record := b.Get("replays", id)
	b.Equal(record.GetString("state"), "failed")
	if !strings.Contains(record.GetString("error"), "5 times") {
		t.Error(record.GetString("error"))
	}
}

func TestReplayRefusesWhatIsNotOfTheForm(t *testing.T) {
	b := newBench(t)
	for name, change := range map[string]func(job *replayJob){
		"id": func(job *replayJob) { job.ID = "x" }, "mode": func(job *replayJob) { job.Mode = "newest" },
		"rate": func(job *replayJob) { job.Rate = 0 }, "from": func(job *replayJob) { job.From = "yesterday" },
	} {
		job := b.ReplayJob("replay000000001")
		change(&job)
		if _, err := newReplays(b.Store).Create(job); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM replays"), 0)
	if _, err := newReplays(b.Store).Page(replayPageRequest{replayFilter: between("00:00:00", "01:00:00"), Limit: 501}); err == nil {
		t.Error("a page has no bound")
	}
}

func TestUsersSeeReplaysOfTheirAccountOnly(t *testing.T) {
	s := serve(t)
	other := s.Save("accounts", object{"name": "other"}).Id
	user, foreign := s.User(s.Account, "ours@example.com"), s.User(other, "theirs@example.com")
	database, err := newStore(s.App, time.Now)
	s.Must(err)
	ours, everybodys := s.ReplayJob("replay000000001"), s.ReplayJob("replay000000002")
	ours.Account = s.Account
	for _, job := range []replayJob{ours, everybodys} {
		_, err := newReplays(database).Create(job)
		s.Must(err)
	}
	for token, want := range map[string]string{user: `"totalItems":1`, foreign: `"totalItems":0`, "": `"totalItems":0`} {
		if _, list := s.Call(token, "GET", "/api/collections/replays/records", nil); !strings.Contains(list, want) {
			t.Errorf("want %s: %s", want, list)
		}
	}
	for _, route := range []string{"range", "page", "create", "claim", "save", "cancel"} {
		if status, _ := s.Call(user, "POST", "/api/pockethook/replay/"+route, object{}); status != 403 {
			t.Errorf("%s: %d", route, status)
		}
	}
}
