package hits_test

import (
	"crypto/sha256"
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
