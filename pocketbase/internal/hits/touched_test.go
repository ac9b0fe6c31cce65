package hits_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

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
