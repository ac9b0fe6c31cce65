package hits_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

func TestSaltsChangeAtMidnightAndAreForgotten(t *testing.T) {
	b := newBench(t)
	b.Time = time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)
	salts := func() hits.SaltsAnswer {
		answer, err := b.Salts()
		b.Must(err)
		return answer
	}
	first := salts()
	b.Equal([]any{first.Day, len(first.Today), len(first.Yesterday), first.ExpiresInMs}, []any{"2026-11-23", 32, 0, 2 * 60 * 60 * 1000})
	b.Equal(salts().Today, first.Today)

	b.Time = b.Time.Add(2 * time.Hour)
	second := salts()
	b.Equal([]any{second.Day, second.Yesterday}, []any{"2026-11-24", first.Today})
	if bytes.Equal(second.Today, first.Today) {
		t.Error("the salt is that of yesterday")
	}

	b.Time = b.Time.Add(24 * time.Hour)
	third := salts()
	b.Equal(third.Yesterday, second.Today)
	b.Equal(b.Count("SELECT count(*) FROM salts"), 2)

	// After days without a request there is nothing left of those before.
	b.Time = b.Time.Add(72 * time.Hour)
	_, err := b.Purge()
	b.Must(err)
	b.Equal(b.Count("SELECT count(*) FROM salts"), 0)
	b.Equal(len(salts().Yesterday), 0)
}

// Not even their ciphertext stays behind in the file.
func TestSaltsAreEncryptedAndWiped(t *testing.T) {
	b := newBench(t)
	answer, err := b.Salts()
	b.Must(err)
	var sealed string
	b.Must(b.App.DB().NewQuery("SELECT salt FROM salts").Row(&sealed))
	if !strings.HasPrefix(sealed, "enc:v1:") || strings.Contains(sealed, string(answer.Today)) {
		t.Fatal("it is stored as it is")
	}
	holds := func() bool {
		b.Execute("PRAGMA wal_checkpoint(TRUNCATE)", nil)
		content, err := os.ReadFile(filepath.Join(b.App.DataDir(), "data.db"))
		b.Must(err)
		return bytes.Contains(content, []byte(sealed[20:]))
	}
	b.Equal(holds(), true)
	b.Time = b.Time.Add(72 * time.Hour)
	_, err = b.Purge()
	b.Must(err)
	b.Equal(holds(), false)
}

func TestASaltThatNoKeyOpensIsReplaced(t *testing.T) {
	b := newBench(t)
	before, err := b.Salts()
	b.Must(err)
	after, err := hits.New(b.Bench.Store, MustKeyring(t, OtherKey)).Salts()
	b.Must(err)
	if bytes.Equal(before.Today, after.Today) || len(after.Today) != 32 {
		t.Error(after.Today)
	}
}

func TestPurgeKeepsWhatIsYoungEnough(t *testing.T) {
	b := newBench(t)
	at := func(age time.Duration) {
		now := b.Time
		b.Time = now.Add(-age)
		for _, site := range []string{siteA, siteB} {
			var batch []hits.Hit
			for range 40 {
				hit := b.hit(site, b.ID("person"), 0)
				hit.Page, hit.Completions = "/"+b.ID("page"), []hits.Completion{{Goal: goal}}
				batch = append(batch, hit)
			}
			b.record(batch...)
			b.batch++
			_, err := b.Record(hits.RecordRequest{Sender: b.ID("s"), Batch: 1, Day: b.day(), Dropped: []hits.Dropped{{Site: site, Reason: "bot", Count: 1}}})
			b.Must(err)
			_, err = b.SaveValues(hits.SaveValuesRequest{Slot: b.Time.UnixMilli() / 300_000, Items: []hits.SiteValue{{Window: hits.Window{Site: site, Seconds: 300}, Value: 40}}})
			b.Must(err)
		}
		b.Time = now
	}
	counts := func() (counts []int) {
		for _, table := range []string{"visitors", "page_views", "completions", "dropped_hits", "site_values", "site_hits", "hit_batches"} {
			counts = append(counts, b.Count("SELECT count(*) FROM "+table))
		}
		return counts
	}
	for _, age := range []time.Duration{37 * 24 * time.Hour, 35 * 24 * time.Hour, 8 * 24 * time.Hour, 50 * time.Hour, 47 * time.Hour, 0} {
		at(age)
	}
	b.Equal(counts(), []int{480, 480, 480, 12, 10, 2, 13})
	_, err := b.Purge()
	b.Must(err)
	b.Equal(counts(), []int{160, 160, 160, 6, 8, 2, 5})
	deleted, err := b.Purge()
	b.Must(err)
	b.Equal(deleted, 0)
}

func TestADeletedSiteIsForgottenWhole(t *testing.T) {
	b := newBench(t)
	site := b.Save("sites", Object{"domain": "example.com", "timezone": "UTC"}).Id
	for _, one := range []string{site, siteA} {
		b.record(b.hit(one, "ada", 0))
	}
	b.Time = b.Time.Add(73 * time.Hour)
	_, err := b.Purge()
	b.Must(err)
	b.Equal(b.Count("SELECT count(*) FROM visitors"), 0)
	var left []string
	b.Must(b.App.DB().NewQuery("SELECT site FROM site_hits").Column(&left))
	b.Equal(left, []string{site})
}

func TestValuesByFiveMinutes(t *testing.T) {
	b := newBench(t)
	b.Time = time.Date(2026, 11, 23, 23, 50, 0, 0, time.UTC)
	window := hits.Window{Site: siteA, Seconds: 300}
	slot := func() int64 { return b.Time.UnixMilli() / 300_000 }
	first := slot()
	save := func(value int64) {
		_, err := b.SaveValues(hits.SaveValuesRequest{Slot: slot(), Items: []hits.SiteValue{{Window: window, Value: value}}})
		b.Must(err)
	}
	save(7)
	save(9) // sent again
	b.Time = b.Time.Add(10 * time.Minute)
	save(0)
	b.Time = b.Time.Add(10 * time.Minute)
	save(1_000_000)
	answer, err := b.ReadValues(hits.ReadValuesRequest{Window: window, FromSlot: first - 1, ToSlot: first + 6})
	b.Must(err)
	b.Equal(answer.Values, []any{nil, 7, nil, 0, nil, 1_000_000, nil})
	other, err := b.ReadValues(hits.ReadValuesRequest{Window: hits.Window{Site: siteA, Seconds: 600}, FromSlot: first, ToSlot: first + 1})
	b.Must(err)
	b.Equal(other.Values, []any{nil})
	for _, wrong := range []int64{0, slot() + 2, slot() - 300} {
		if _, err := b.SaveValues(hits.SaveValuesRequest{Slot: wrong}); err == nil {
			t.Error(wrong, "was saved")
		}
	}
}

func TestTheRoutesAreForTheServiceOnly(t *testing.T) {
	s := Serve(t)
	for _, route := range []string{"hits", "salts", "hits/readings", "hits/touched", "hits/sites", "hits/top", "hits/dropped", "values/save", "values/read"} {
		status, _ := s.Call("", "POST", "/api/pockethook/"+route, Object{})
		s.Equal([]any{route, status}, []any{route, 401})
	}
	status, body := s.Call(s.Operator, "POST", "/api/pockethook/salts", Object{})
	s.Equal(status, 200)
	day := Decoded(body).(Object)["day"]
	visitor := strings.Repeat("A", 22) + "=="
	status, body = s.Call(s.Operator, "POST", "/api/pockethook/hits", Object{"sender": "a", "batch": 1, "day": day, "items": []Object{{"site": siteA, "visitor": visitor, "page": "/"}}})
	s.Equal([]any{status, Decoded(body).(Object)["status"]}, []any{200, "recorded"})
	status, body = s.Call(s.Operator, "POST", "/api/pockethook/hits/readings", Object{"windows": []Object{{"site": siteA, "window_s": 300}}})
	s.Equal([]any{status, Decoded(body).(Object)["values"]}, []any{200, []int{1}})
}
