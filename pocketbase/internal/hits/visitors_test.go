package hits_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

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
