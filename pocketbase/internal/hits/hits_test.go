package hits_test

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

const (
	siteA = "sitea0000000000"
	siteB = "siteb0000000000"
	goal  = "goal00000000000"
)

// bench counts hits on a real database, with a clock that the test moves.
type bench struct {
	*Bench
	*hits.Hits
	batch int64
}

func newBench(t *testing.T) *bench {
	b := NewBench(t)
	return &bench{Bench: b, Hits: hits.New(b.Store, MustKeyring(t, strings.Repeat("k", 32)))}
}

func (b *bench) Now() time.Time { return b.Bench.Time }

func (b *bench) day() string { return b.Time.UTC().Format(time.DateOnly) }

// record sends one batch.
func (b *bench) record(items ...hits.Hit) {
	b.Helper()
	b.batch++
	answer, err := b.Record(hits.RecordRequest{Sender: "a", Batch: b.batch, Day: b.day(), Items: items})
	b.Must(err)
	b.Equal(answer.Status, "recorded")
}

// hash stands for the keyed hash: the same person, another day, another hash.
func (b *bench) hash(person string, daysAgo int) []byte {
	sum := sha256.Sum256([]byte(person + b.Time.UTC().AddDate(0, 0, -daysAgo).Format(time.DateOnly)))
	return sum[:16]
}

func (b *bench) hit(site, person string, age time.Duration) hits.Hit {
	return hits.Hit{Site: site, Visitor: b.hash(person, 0), Previous: b.hash(person, 1), AgeMs: age.Milliseconds()}
}

func (b *bench) visitors(site string, window time.Duration) int64 {
	b.Helper()
	answer, err := b.Readings(hits.ReadingsRequest{Windows: []hits.Window{{Site: site, Seconds: int64(window.Seconds())}}})
	b.Must(err)
	return answer.Values[0]
}

// counted is a hit as a naive count has it.
type counted struct {
	site, person string
	at           time.Time
}

func countNaively(all []counted, site string, now time.Time, window time.Duration) int64 {
	people := map[string]bool{}
	for _, one := range all {
		if one.site == site && one.at.After(now.Add(-window)) && !one.at.After(now) {
			people[one.person] = true
		}
	}
	return int64(len(people))
}

// Two days of hits of 60 people on two sites: late, out of order, in batches, by two processes, over two midnights.
func TestTheSlidingCountIsThatOfANaiveOne(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			b := newBench(t)
			random := rand.New(rand.NewPCG(seed, 1))
			b.Time = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
			var all []counted
			for end := b.Time.Add(36 * time.Hour); b.Time.Before(end); {
				b.Time = b.Time.Add(time.Duration(random.Int64N(int64(6 * time.Minute))))
				var batch []hits.Hit
				for range random.IntN(6) {
					site, person := []string{siteA, siteB}[random.IntN(2)], fmt.Sprint("p", random.IntN(60))
					age := time.Duration(random.Int64N(int64(20*time.Minute)) / 1_000_000 * 1_000_000)
					all = append(all, counted{site, person, b.Time.Add(-age)})
					batch = append(batch, b.hit(site, person, age))
				}
				b.record(batch...)
				for _, window := range []time.Duration{time.Minute, 5 * time.Minute, time.Hour, 12 * time.Hour, 24 * time.Hour} {
					for _, site := range []string{siteA, siteB} {
						// Times are stored in milliseconds.
						b.Time = b.Time.Truncate(time.Millisecond)
						if got, want := b.visitors(site, window), countNaively(all, site, b.Time, window); got != want {
							t.Fatalf("%s, %s of %s: %d, counted naively %d", b.Time, window, site, got, want)
						}
					}
				}
			}
		})
	}
}

func TestAVisitorOverMidnightIsOne(t *testing.T) {
	b := newBench(t)
	b.Time = time.Date(2026, 11, 23, 23, 59, 0, 0, time.UTC)
	b.record(b.hit(siteA, "ada", 0), b.hit(siteA, "bob", 0))
	b.Time = b.Time.Add(2 * time.Minute)
	b.record(b.hit(siteA, "ada", 0), b.hit(siteA, "ada", 0))
	b.record(b.hit(siteA, "ada", 0))
	b.Equal(b.visitors(siteA, 5*time.Minute), 2)
	b.Equal(b.Count("SELECT count(*) FROM visitors"), 2)
}

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

func TestNothingIsDatedIntoTheFuture(t *testing.T) {
	b := newBench(t)
	b.record(b.hit(siteA, "ada", -time.Hour))
	b.Equal(b.visitors(siteA, time.Minute), 1)
	b.Time = b.Time.Add(2 * time.Minute)
	b.Equal(b.visitors(siteA, time.Minute), 0)

	// The clock is set back: what is dated into the future by it is corrected at the next hit.
	b.Time = b.Time.Add(-30 * time.Minute)
	b.record(b.hit(siteA, "ada", 0))
	b.Equal(b.visitors(siteA, time.Minute), 1)
}

func TestALateHitCountsWhereItHappened(t *testing.T) {
	b := newBench(t)
	late := b.hit(siteA, "ada", 10*time.Minute)
	late.Page = "/late"
	b.record(late)
	b.Equal(b.visitors(siteA, 5*time.Minute), 0)
	b.Equal(b.visitors(siteA, 11*time.Minute), 1)
	tooLate := b.hit(siteA, "bob", 49*time.Hour)
	tooLate.Page, tooLate.Completions = "/", []hits.Completion{{Goal: goal}}
	b.record(tooLate)
	b.Equal([]int{b.Count("SELECT count(*) FROM visitors"), b.Count("SELECT count(*) FROM page_views"), b.Count("SELECT count(*) FROM completions")}, []int{1, 1, 0})
}

func TestASignOfLifeKeepsAVisitGoingAndBeginsNone(t *testing.T) {
	b := newBench(t)
	b.Time = time.Date(2026, 11, 23, 23, 50, 0, 0, time.UTC)
	alive := func(person string) hits.Hit {
		hit := b.hit(siteA, person, 0)
		hit.SignOfLife = true
		return hit
	}
	b.record(alive("ada"), b.hit(siteA, "bob", 0))
	b.Equal(b.visitors(siteA, 5*time.Minute), 1)
	b.Time = b.Time.Add(20 * time.Minute) // past midnight
	b.record(alive("bob"), alive("ada"))
	b.Equal(b.visitors(siteA, 5*time.Minute), 1)
	b.Time = b.Time.Add(31 * time.Minute) // the visit is over
	b.record(alive("bob"))
	b.Equal(b.visitors(siteA, 5*time.Minute), 0)
	hit := b.hit(siteA, "bob", 0)
	hit.Source = "example.org"
	b.record(alive("bob"), hit)
	b.Equal(b.visitors(siteA, 5*time.Minute), 1)
	top, err := b.Top(hits.TopRequest{Window: hits.Window{Site: siteA, Seconds: 60}, Limit: 2})
	b.Must(err)
	b.Equal(top, Object{"pages": []Object{}, "sources": []Object{{"source": "example.org", "visitors": 1}}})
}

func TestTopPagesAndSources(t *testing.T) {
	b := newBench(t)
	visit := func(person, page, source string) hits.Hit {
		hit := b.hit(siteA, person, 0)
		hit.Page, hit.Source = page, source
		return hit
	}
	b.record(visit("ada", "/launch", "news.ycombinator.com"), visit("bob", "/launch", "news.ycombinator.com"), visit("cy", "/", ""))
	// The source is that of the visit: what a page within it says does not count.
	b.Time = b.Time.Add(time.Minute)
	b.record(visit("ada", "/", ""), visit("ada", "/launch", "example.org"))
	top, err := b.Top(hits.TopRequest{Window: hits.Window{Site: siteA, Seconds: 300}, Limit: 2})
	b.Must(err)
	b.Equal(top, Object{
		"pages":   []Object{{"page": "/launch", "pageviews": 3}, {"page": "/", "pageviews": 2}},
		"sources": []Object{{"source": "news.ycombinator.com", "visitors": 2}, {"source": "", "visitors": 1}},
	})
	// After half an hour it is a new visit.
	b.Time = b.Time.Add(31 * time.Minute)
	b.record(visit("ada", "/", "example.org"))
	top, err = b.Top(hits.TopRequest{Window: hits.Window{Site: siteA, Seconds: 60}, Limit: 2})
	b.Must(err)
	b.Equal(top.Sources, []Object{{"source": "example.org", "visitors": 1}})
}

func TestPagesOfAMinuteAreBounded(t *testing.T) {
	b := newBench(t)
	for i := range 130 {
		hit := b.hit(siteA, "ada", 0)
		hit.Page = fmt.Sprint("/", i)
		b.record(hit, hit)
	}
	b.Equal(b.Count("SELECT count(*) FROM page_views"), 101)
	b.Equal(b.Count("SELECT sum(count) FROM page_views"), 260)
	b.Equal(b.Count("SELECT count FROM page_views WHERE page = '(other)'"), 60)
	top, err := b.Top(hits.TopRequest{Window: hits.Window{Site: siteA, Seconds: 300}, Limit: 1})
	b.Must(err)
	b.Equal(top.Pages, []Object{{"page": "/0", "pageviews": 2}})
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

func TestSitesAndWhatWasTouched(t *testing.T) {
	b := newBench(t)
	began := b.Time
	b.record(b.hit(siteA, "ada", time.Minute))
	touched, err := b.Touched(hits.TouchedRequest{})
	b.Must(err)
	b.Equal(touched.Sites, []string{siteA})
	b.Time = b.Time.Add(time.Hour)
	b.record(b.hit(siteA, "ada", 0), b.hit(siteB, "ada", 0))
	next, err := b.Touched(hits.TouchedRequest{After: touched.Cursor})
	b.Must(err)
	b.Equal(Sorted(next.Sites), []string{siteA, siteB})
	last, err := b.Touched(hits.TouchedRequest{After: next.Cursor})
	b.Must(err)
	b.Equal(last.Sites, []string{})
	sites, err := b.Sites(hits.SitesRequest{Sites: []string{siteA, "unknown00000000"}})
	b.Must(err)
	b.Equal(sites, Object{"now": b.Time.UnixMilli(), "sites": []Object{
		{"site": siteA, "first_hit": began.Add(-time.Minute).UnixMilli(), "last_hit": b.Time.UnixMilli()},
	}})
}

func TestTheTallyCountsWhatArrivesAndWhatIsDropped(t *testing.T) {
	b := newBench(t)
	began := b.Time.UnixMilli()
	life := b.hit(siteA, "ada", 0)
	life.SignOfLife = true
	batch := hits.RecordRequest{
		Sender: "a", Batch: 1, Day: b.day(), Items: []hits.Hit{b.hit(siteA, "ada", 0), b.hit(siteA, "ada", 0), life},
		Dropped: []hits.Dropped{{Site: siteB, Reason: "bot", Count: 2}, {Reason: "unknown_site", Count: 1}},
	}
	for range 2 { // sent again, it counts once
		_, err := b.Record(batch)
		b.Must(err)
	}
	first, err := b.Tally(hits.TouchedRequest{})
	b.Must(err)
	slices.SortFunc(first.Sites, func(x, y hits.SiteTally) int { return strings.Compare(x.Site, y.Site) })
	b.Equal(first, Object{"since": began, "cursor": first.Cursor, "sites": []Object{
		{"site": "", "hits": 0, "dropped": Object{"unknown_site": 1}},
		{"site": siteA, "hits": 2, "dropped": Object{}},
		{"site": siteB, "hits": 0, "dropped": Object{"bot": 2}},
	}})
	touched, err := b.Touched(hits.TouchedRequest{})
	b.Must(err)
	b.Equal(touched.Sites, []string{siteA})
	batch.Batch, batch.Items = 2, nil
	_, err = b.Record(batch)
	b.Must(err)
	next, err := b.Tally(hits.TouchedRequest{After: first.Cursor})
	b.Must(err)
	b.Equal(len(next.Sites), 2)
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
