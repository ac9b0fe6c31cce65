package hits_test

import (
	"fmt"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

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
