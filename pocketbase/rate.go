package main

import (
	"encoding/json/v2"
	"math"
	"time"
)

// collectAtLeast keeps a high rate limit from causing a claim for every token.
const collectAtLeast = 50 * time.Millisecond

// rates are the token buckets of the destinations that have a rate limit. This process is the only one that gives leases, so
// its memory is the truth for all API processes; a restart fills the buckets. Only used inside write. A lease that is rolled
// back or given back keeps its token: too slow for a moment is better than too fast.
type rates map[string]*bucket

// bucket holds what may be sent now: at most what one second brings, and at least one.
type bucket struct {
	perSecond, tokens float64
	filledAt          time.Time
}

// Of is the bucket of a destination as of now; nil: it has no limit.
func (r rates) Of(destination string, perSecond float64, now time.Time) *bucket {
	if perSecond <= 0 {
		delete(r, destination)
		return nil
	}
	b := r[destination]
	if b == nil {
		b = &bucket{perSecond: perSecond, tokens: math.Max(1, perSecond), filledAt: now}
		r[destination] = b
	}
	b.perSecond = perSecond
	b.fill(now)
	return b
}

func (b *bucket) fill(now time.Time) {
	passed := math.Max(0, now.Sub(b.filledAt).Seconds())
	b.tokens = math.Min(b.tokens+passed*b.perSecond, math.Max(1, b.perSecond))
	b.filledAt = now
}

// Whole is how many deliveries may go now; parts of a second add up to a token that is a rounding error short of one.
func (b *bucket) Whole() int { return int(b.tokens + 1e-9) }

func (b *bucket) Take() { b.tokens-- }

// RefillIn is how long it takes until something may go again.
func (b *bucket) RefillIn() time.Duration {
	wait := time.Duration((1 - b.tokens) / b.perSecond * float64(time.Second))
	return max(wait, collectAtLeast)
}

// Exhausted are the buckets with nothing left.
func (r rates) Exhausted(now time.Time) map[string]*bucket {
	empty := map[string]*bucket{}
	for destination, b := range r {
		b.fill(now)
		if b.Whole() < 1 {
			empty[destination] = b
		}
	}
	return empty
}

// ForgetFull keeps the map small: a full bucket is the same as none. Nobody may hold one meanwhile.
func (r rates) ForgetFull(now time.Time) {
	for destination, b := range r {
		b.fill(now)
		if b.tokens >= math.Max(1, b.perSecond) {
			delete(r, destination)
		}
	}
}

// ExhaustedJSON names them for SQL, each with the limit under which it is exhausted: an edit of the limit counts at once.
func (r rates) ExhaustedJSON(now time.Time) (string, error) {
	limits := map[string]float64{}
	for destination, b := range r.Exhausted(now) {
		limits[destination] = b.perSecond
	}
	encoded, err := json.Marshal(limits)
	return string(encoded), err
}
