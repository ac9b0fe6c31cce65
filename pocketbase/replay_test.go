package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func receivedAt(b *bench, clock string, fields object) string {
	b.Helper()
	event := b.event(object{"received_at": aDay + " " + clock + ".000Z"})
	for name, value := range fields {
		event[name] = value
	}
	if result := b.accept(item(event))[0]; result.Status != "accepted" {
		b.Fatal(result)
	}
	return event["id"].(string)
}

func pages(b *bench, filter replayFilter, limit int64) (ids []string) {
	b.Helper()
	where, err := newReplays(b.store).replayRange(filter)
	b.must(err)
	for after := where.After; ; {
		page, err := newReplays(b.store).replayPage(replayPageRequest{replayFilter: filter, After: after, Until: where.Until, Limit: limit})
		b.must(err)
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
	other := b.save("sources", object{"name": "other", "enabled": true, "verification": "none"}).Id
	account := b.save("accounts", object{"name": "theirs"}).Id
	var all []string
	for hour := range 24 {
		all = append(all, receivedAt(b, fmt.Sprintf("%02d:00:00", hour), nil))
	}
	// Clocks of two API processes apart: later in order, received earlier.
	late := receivedAt(b, "22:59:30", nil)
	foreign := receivedAt(b, "23:00:10", object{"account": account})
	elsewhere := receivedAt(b, "23:00:20", object{"source": other})
	for _, limit := range []int64{1, 2, 7, 500} {
		b.equal(pages(b, between("05:00:00", "08:00:00"), limit), all[5:8])
		b.equal(pages(b, between("00:00:00", "00:00:01"), limit), all[:1])
		b.equal(pages(b, between("22:30:00", "23:00:00"), limit), []string{late})
		b.equal(pages(b, between("23:00:00", "23:59:59"), limit), []string{all[23], foreign, elsewhere})
	}
	filter := between("22:00:00", "23:59:59")
	filter.Source = other
	b.equal(pages(b, filter, 1), []string{elsewhere})
	filter.Source, filter.Account = "", account
	b.equal(pages(b, filter, 1), []string{foreign})
	b.equal(len(pages(b, between("00:00:01", "00:00:02"), 5)), 0)
}

func TestReplayPageShowsDeliveries(t *testing.T) {
	b := newBench(t)
	d := b.destination(nil)
	first := b.planned(d, nil)
	event := b.event(nil)
	b.accept(item(event, first))
	again := b.planned(d, nil)
	b.accept(object{"replay": object{"event": event["id"], "mode": "current", "actor": "user:a", "job": "job000000000001"}, "deliveries": []object{again}})
	page, err := newReplays(b.store).replayPage(replayPageRequest{replayFilter: between("00:00:00", "23:00:00"), Until: 100, Limit: 10})
	b.must(err)
	b.equal(page.Events[0].Deliveries, []pastDelivery{
		{ID: first["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending"},
		{ID: again["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending", Replay: "current"},
	})
	b.equal(b.count(`SELECT count(*) FROM audit WHERE action = 'event.replay' AND json_extract(detail, '$.replay') = 'job000000000001'`), 1)
}

func claimNext(b *bench, owner string) *leasedReplay {
	b.Helper()
	answer, err := newReplays(b.store).claimReplay(replayClaim{Owner: owner, LeaseMs: 15_000})
	b.must(err)
	return answer.Replay
}

func saveProgress(b *bench, p replayProgress) string {
	b.Helper()
	answer, err := newReplays(b.store).saveReplay(p)
	b.must(err)
	return answer.Status
}

func TestReplayIsWorkedOnByOne(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	for range 2 {
		_, err := newReplays(b.store).createReplay(b.replayJob(id))
		b.must(err)
	}
	b.equal(b.count(`SELECT count(*) FROM audit WHERE action = 'replay.create'`), 1)
	mine := claimNext(b, "a")
	b.equal([]any{mine.ID, mine.After, mine.Until, mine.LeaseToken, mine.From}, []any{id, 3, 40, 1, aDay + " 00:00:00.000Z"})
	if claimNext(b, "b") != nil {
		t.Fatal("two work on it")
	}
	progress := replayProgress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7, EventsSeen: 4, Deliveries: 3, Failed: 1}
	b.time = b.time.Add(14 * time.Second)
	b.equal(saveProgress(b, progress), "saved")
	b.time = b.time.Add(14 * time.Second)
	if claimNext(b, "b") != nil {
		t.Fatal("progress did not renew the lease")
	}
	b.time = b.time.Add(2 * time.Second)
	theirs := claimNext(b, "b")
	b.equal([]any{theirs.After, theirs.EventsSeen, theirs.Deliveries, theirs.Failed, theirs.LeaseToken}, []any{7, 4, 3, 1, 2})
	b.equal(saveProgress(b, progress), "stale")
	progress.LeaseToken, progress.LeaseMs = 2, 0
	b.equal(saveProgress(b, progress), "saved")
	if claimNext(b, "c") == nil {
		t.Fatal("it was given back, and nobody gets it")
	}
	progress.LeaseToken, progress.Completed, progress.Deliveries = 3, true, 9
	b.equal(saveProgress(b, progress), "saved")
	b.equal(saveProgress(b, progress), "stale")
	if claimNext(b, "d") != nil {
		t.Fatal("it is completed")
	}
	record := b.get("replays", id)
	b.equal([]any{record.GetString("state"), record.GetInt("deliveries"), record.GetString("finished_at") != ""}, []any{"completed", 9, true})
	b.equal(b.count(`SELECT json_extract(detail, '$.deliveries') FROM audit WHERE action = 'replay.complete' AND actor = 'user:a@example.com'`), 9)
}

func TestReplayIsCancelled(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	_, err := newReplays(b.store).createReplay(b.replayJob(id))
	b.must(err)
	claimNext(b, "a")
	for _, want := range []string{"cancelled", "refused"} {
		answer, err := newReplays(b.store).cancelReplay(replayCancel{ID: id, Actor: "operator:o"})
		b.must(err)
		b.equal(answer.Status, want)
	}
	b.equal(saveProgress(b, replayProgress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7}), "stale")
	b.time = b.time.Add(time.Minute)
	if claimNext(b, "b") != nil {
		t.Fatal("a cancelled replay goes on")
	}
	b.equal(b.get("replays", id).GetInt("position"), 3)
	b.equal(b.count(`SELECT count(*) FROM audit WHERE action = 'replay.cancel' AND actor = 'operator:o'`), 1)
}

func TestReplayWithoutProgressFails(t *testing.T) {
	b := newBench(t)
	const id = "replay000000001"
	_, err := newReplays(b.store).createReplay(b.replayJob(id))
	b.must(err)
	for range replayClaimsAtMost {
		if claimNext(b, "a") == nil {
			t.Fatal("it was given up too early")
		}
		b.time = b.time.Add(time.Minute)
	}
	if claimNext(b, "a") != nil {
		t.Fatal("it is tried for ever")
	}
	record := b.get("replays", id)
	b.equal(record.GetString("state"), "failed")
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
		job := b.replayJob("replay000000001")
		change(&job)
		if _, err := newReplays(b.store).createReplay(job); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.equal(b.count("SELECT count(*) FROM replays"), 0)
	if _, err := newReplays(b.store).replayPage(replayPageRequest{replayFilter: between("00:00:00", "01:00:00"), Limit: 501}); err == nil {
		t.Error("a page has no bound")
	}
}

func TestUsersSeeReplaysOfTheirAccountOnly(t *testing.T) {
	s := serve(t)
	other := s.save("accounts", object{"name": "other"}).Id
	user, foreign := s.user(s.account, "ours@example.com"), s.user(other, "theirs@example.com")
	database, err := newStore(s.app, time.Now)
	s.must(err)
	ours, everybodys := s.replayJob("replay000000001"), s.replayJob("replay000000002")
	ours.Account = s.account
	for _, job := range []replayJob{ours, everybodys} {
		_, err := newReplays(database).createReplay(job)
		s.must(err)
	}
	for token, want := range map[string]string{user: `"totalItems":1`, foreign: `"totalItems":0`, "": `"totalItems":0`} {
		if _, list := s.call(token, "GET", "/api/collections/replays/records", nil); !strings.Contains(list, want) {
			t.Errorf("want %s: %s", want, list)
		}
	}
	for _, route := range []string{"range", "page", "create", "claim", "save", "cancel"} {
		if status, _ := s.call(user, "POST", "/api/pockethook/replay/"+route, object{}); status != 403 {
			t.Errorf("%s: %d", route, status)
		}
	}
}
