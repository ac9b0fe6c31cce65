package replay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pockethook/internal/replay"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

func receivedAt(b *Bench, clock string, fields Object) string {
	b.Helper()
	event := b.Event(Object{"received_at": ADay + " " + clock + ".000Z"})
	for name, value := range fields {
		event[name] = value
	}
	if result := b.Accept(Item(event))[0]; result.Status != "accepted" {
		b.Fatal(result)
	}
	return event["id"].(string)
}

func pages(b *Bench, filter replay.Filter, limit int64) (ids []string) {
	b.Helper()
	where, err := replay.New(b.Store).Range(filter)
	b.Must(err)
	for after := where.After; ; {
		page, err := replay.New(b.Store).Page(replay.PageRequest{Filter: filter, After: after, Until: where.Until, Limit: limit})
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
	b := NewBench(t)
	other := b.Save("sources", Object{"name": "other", "enabled": true, "verification": "none"}).Id
	account := b.Save("accounts", Object{"name": "theirs"}).Id
	var all []string
	for hour := range 24 {
		all = append(all, receivedAt(b, fmt.Sprintf("%02d:00:00", hour), nil))
	}
	// Clocks of two API processes apart: later in order, received earlier.
	late := receivedAt(b, "22:59:30", nil)
	foreign := receivedAt(b, "23:00:10", Object{"account": account})
	elsewhere := receivedAt(b, "23:00:20", Object{"source": other})
	for _, limit := range []int64{1, 2, 7, 500} {
		b.Equal(pages(b, Between("05:00:00", "08:00:00"), limit), all[5:8])
		b.Equal(pages(b, Between("00:00:00", "00:00:01"), limit), all[:1])
		b.Equal(pages(b, Between("22:30:00", "23:00:00"), limit), []string{late})
		b.Equal(pages(b, Between("23:00:00", "23:59:59"), limit), []string{all[23], foreign, elsewhere})
	}
	filter := Between("22:00:00", "23:59:59")
	filter.Source = other
	b.Equal(pages(b, filter, 1), []string{elsewhere})
	filter.Source, filter.Account = "", account
	b.Equal(pages(b, filter, 1), []string{foreign})
	b.Equal(len(pages(b, Between("00:00:01", "00:00:02"), 5)), 0)
}

func TestReplayPageShowsDeliveries(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	first := b.Planned(d, nil)
	event := b.Event(nil)
	b.Accept(Item(event, first))
	again := b.Planned(d, nil)
	b.Accept(Object{"replay": Object{"event": event["id"], "mode": "current", "actor": "user:a", "job": "job000000000001"}, "deliveries": []Object{again}})
	page, err := replay.New(b.Store).Page(replay.PageRequest{Filter: Between("00:00:00", "23:00:00"), Until: 100, Limit: 10})
	b.Must(err)
	b.Equal(page.Events[0].Deliveries, []replay.PastDelivery{
		{ID: first["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending"},
		{ID: again["id"].(string), Mapping: "map000000000001", Destination: d, State: "pending", Replay: "current"},
	})
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'event.replay' AND json_extract(detail, '$.replay') = 'job000000000001'`), 1)
}

func claimNext(b *Bench, owner string) *replay.LeasedJob {
	b.Helper()
	answer, err := replay.New(b.Store).Claim(replay.ClaimRequest{Owner: owner, LeaseMs: 15_000})
	b.Must(err)
	return answer.Replay
}

func saveProgress(b *Bench, p replay.Progress) string {
	b.Helper()
	answer, err := replay.New(b.Store).Save(p)
	b.Must(err)
	return answer.Status
}

func TestReplayIsWorkedOnByOne(t *testing.T) {
	b := NewBench(t)
	const id = "replay000000001"
	for range 2 {
		_, err := replay.New(b.Store).Create(b.ReplayJob(id))
		b.Must(err)
	}
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'replay.create'`), 1)
	mine := claimNext(b, "a")
	b.Equal([]any{mine.ID, mine.After, mine.Until, mine.LeaseToken, mine.From}, []any{id, 3, 40, 1, ADay + " 00:00:00.000Z"})
	if claimNext(b, "b") != nil {
		t.Fatal("two work on it")
	}
	progress := replay.Progress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7, EventsSeen: 4, Deliveries: 3, Failed: 1}
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
	b := NewBench(t)
	const id = "replay000000001"
	_, err := replay.New(b.Store).Create(b.ReplayJob(id))
	b.Must(err)
	claimNext(b, "a")
	for _, want := range []string{"cancelled", "refused"} {
		answer, err := replay.New(b.Store).Cancel(replay.CommandRequest{ID: id, Actor: "operator:o"})
		b.Must(err)
		b.Equal(answer.Status, want)
	}
	b.Equal(saveProgress(b, replay.Progress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7}), "stale")
	b.Time = b.Time.Add(time.Minute)
	if claimNext(b, "b") != nil {
		t.Fatal("a cancelled replay goes on")
	}
	b.Equal(b.Get("replays", id).GetInt("position"), 3)
	b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = 'replay.cancel' AND actor = 'operator:o'`), 1)
}

func TestReplayIsPausedAndResumed(t *testing.T) {
	b := NewBench(t)
	const id = "replay000000001"
	replays := replay.New(b.Store)
	_, err := replays.Create(b.ReplayJob(id))
	b.Must(err)
	request := replay.CommandRequest{ID: id}
	request.Actor = "operator:o"
	ask := func(command func(replay.CommandRequest) (replay.Answer, error)) string {
		answer, err := command(request)
		b.Must(err)
		return answer.Status
	}
	b.Equal(ask(replays.Resume), "refused")
	claimNext(b, "a")
	b.Equal(saveProgress(b, replay.Progress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 5, Deliveries: 2}), "saved")
	b.Equal([]string{ask(replays.Pause), ask(replays.Pause)}, []string{"paused", "refused"})
	b.Equal(saveProgress(b, replay.Progress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7}), "stale")
	b.Time = b.Time.Add(time.Minute)
	if claimNext(b, "b") != nil {
		t.Fatal("a paused replay goes on")
	}
	b.Equal(ask(replays.Resume), "resumed")
	b.Equal(saveProgress(b, replay.Progress{ID: id, LeaseToken: 1, LeaseMs: 15_000, Position: 7}), "stale")
	leased := claimNext(b, "b")
	b.Equal([]any{leased.After, leased.Deliveries, leased.LeaseToken}, []any{int64(5), int64(2), int64(2)})
	b.Equal([]string{ask(replays.Pause), ask(replays.Cancel), ask(replays.Resume)}, []string{"paused", "cancelled", "refused"})
	for action, times := range map[string]int{"replay.pause": 2, "replay.resume": 1, "replay.cancel": 1} {
		b.Equal(b.Count(`SELECT count(*) FROM audit WHERE action = '`+action+`' AND actor = 'operator:o'`), times)
	}
}

func TestReplayWithoutProgressFails(t *testing.T) {
	b := NewBench(t)
	const id = "replay000000001"
	_, err := replay.New(b.Store).Create(b.ReplayJob(id))
	b.Must(err)
	for range replay.ClaimsAtMost {
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
	b := NewBench(t)
	for name, change := range map[string]func(job *replay.Job){
		"id": func(job *replay.Job) { job.ID = "x" }, "mode": func(job *replay.Job) { job.Mode = "newest" },
		"rate": func(job *replay.Job) { job.Rate = 0 }, "from": func(job *replay.Job) { job.From = "yesterday" },
	} {
		job := b.ReplayJob("replay000000001")
		change(&job)
		if _, err := replay.New(b.Store).Create(job); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.Equal(b.Count("SELECT count(*) FROM replays"), 0)
	if _, err := replay.New(b.Store).Page(replay.PageRequest{Filter: Between("00:00:00", "01:00:00"), Limit: 501}); err == nil {
		t.Error("a page has no bound")
	}
}

func TestUsersSeeReplaysOfTheirAccountOnly(t *testing.T) {
	s := Serve(t)
	other := s.Save("accounts", Object{"name": "other"}).Id
	user, foreign := s.User(s.Account, "ours@example.com"), s.User(other, "theirs@example.com")
	database, err := store.New(s.App, time.Now)
	s.Must(err)
	ours, everybodys := s.ReplayJob("replay000000001"), s.ReplayJob("replay000000002")
	ours.Account = s.Account
	for _, job := range []replay.Job{ours, everybodys} {
		_, err := replay.New(database).Create(job)
		s.Must(err)
	}
	for token, want := range map[string]string{user: `"totalItems":1`, foreign: `"totalItems":0`, "": `"totalItems":0`} {
		if _, list := s.Call(token, "GET", "/api/collections/replays/records", nil); !strings.Contains(list, want) {
			t.Errorf("want %s: %s", want, list)
		}
	}
	for _, route := range []string{"range", "page", "read", "create", "claim", "save", "cancel"} {
		if status, _ := s.Call(user, "POST", "/api/pockethook/replay/"+route, Object{}); status != 403 {
			t.Errorf("%s: %d", route, status)
		}
	}
}
