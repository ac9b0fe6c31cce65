package policy

import (
	"encoding/json/v2"
	"math"
	"time"
)

// collectAtLeast keeps a high rate limit from causing a claim for every token.
const collectAtLeast = 50 * time.Millisecond

// Rates are the token buckets of the destinations that have a rate limit. This process is the only one that gives leases, so
// its memory is the truth for all API processes; a restart fills the buckets. Only used inside write. A lease that is rolled
// back or given back keeps its token: too slow for a moment is better than too fast.
type Rates map[string]*Bucket

// Bucket holds what may be sent now: at most what one second brings, and at least one.
type Bucket struct {
	perSecond, tokens float64
	filledAt          time.Time
}

// Of is the bucket of a destination as of now; nil: it has no limit.
func (r Rates) Of(destination string, perSecond float64, now time.Time) *Bucket {
	if perSecond <= 0 {
		delete(r, destination)
		return nil
	}
	b := r[destination]
	if b == nil {
		b = &Bucket{perSecond: perSecond, tokens: math.Max(1, perSecond), filledAt: now}
		r[destination] = b
	}
	b.perSecond = perSecond
	b.fill(now)
	return b
}

func (b *Bucket) fill(now time.Time) {
	passed := math.Max(0, now.Sub(b.filledAt).Seconds())
	b.tokens = math.Min(b.tokens+passed*b.perSecond, math.Max(1, b.perSecond))
	b.filledAt = now
}

// Whole is how many deliveries may go now; parts of a second add up to a token that is a rounding error short of one.
func (b *Bucket) Whole() int { return int(b.tokens + 1e-9) }

// Take uses up one delivery.
func (b *Bucket) Take() { b.tokens-- }

// RefillIn is how long it takes until something may go again.
func (b *Bucket) RefillIn() time.Duration {
	wait := time.Duration((1 - b.tokens) / b.perSecond * float64(time.Second))
	return max(wait, collectAtLeast)
}

// Exhausted are the buckets with nothing left.
func (r Rates) Exhausted(now time.Time) map[string]*Bucket {
	empty := map[string]*Bucket{}
	for destination, b := range r {
		b.fill(now)
		if b.Whole() < 1 {
			empty[destination] = b
		}
	}
	return empty
}

// ForgetFull keeps the map small: a full bucket is the same as none. Nobody may hold one meanwhile.
func (r Rates) ForgetFull(now time.Time) {
	for destination, b := range r {
		b.fill(now)
		if b.tokens >= math.Max(1, b.perSecond) {
			delete(r, destination)
		}
	}
}

// ExhaustedJSON names them for SQL, each with the limit under which it is exhausted: an edit of the limit counts at once.
func (r Rates) ExhaustedJSON(now time.Time) (string, error) {
	limits := map[string]float64{}
	for destination, b := range r.Exhausted(now) {
		limits[destination] = b.perSecond
	}
	encoded, err := json.Marshal(limits)
	return string(encoded), err
}
