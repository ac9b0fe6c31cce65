package hits_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

// BenchmarkRecord stores batches of 64 hits of 10,000 sites, half of whose visitors are known, each batch in one durable commit.
func BenchmarkRecord(tb *testing.B) {
	b := NewBench(tb)
	b.Time = time.Now()
	h := hits.New(b.Store, nil)
	random := rand.New(rand.NewPCG(1, 1))
	count := int64(0)
	for batch := int64(1); tb.Loop(); batch++ {
		request := hits.RecordRequest{Sender: "a", Batch: batch, Day: b.Time.UTC().Format(time.DateOnly)}
		for range 64 {
			visitor := make([]byte, 16)
			binary.LittleEndian.PutUint64(visitor, random.Uint64N(100_000))
			request.Items = append(request.Items, hits.Hit{
				Site: fmt.Sprintf("site%011d", random.IntN(10_000)), Visitor: visitor, Previous: []byte("previous previou"), Page: "/", Source: "example.org",
			})
		}
		_, err := h.Record(request)
		b.Must(err)
		count += 64
	}
	tb.ReportMetric(float64(count)/tb.Elapsed().Seconds(), "hits/s")
}

// BenchmarkReadings reads 20,000 windows, two of each site, over a million visitors of the last 12 hours.
func BenchmarkReadings(tb *testing.B) {
	b := NewBench(tb)
	h := hits.New(b.Store, nil)
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 1000000)
		INSERT INTO visitors SELECT printf('site%011d', i % 10000), randomblob(16), {:now} - abs(random()) % 43200000, '' FROM n`,
		Object{"now": b.Time.UnixMilli()})
	var request hits.ReadingsRequest
	for site := range 10_000 {
		for _, seconds := range []int64{300, 12 * 3600} {
			request.Windows = append(request.Windows, hits.Window{Site: fmt.Sprintf("site%011d", site), Seconds: seconds})
		}
	}
	for tb.Loop() {
		answer, err := h.Readings(request)
		b.Must(err)
		b.Equal(answer.Values[1], 100)
	}
}

// BenchmarkPurge forgets half a million visitors of 1,000 sites.
func BenchmarkPurge(tb *testing.B) {
	b := NewBench(tb)
	h := hits.New(b.Store, nil)
	const visitors = 500_000
	for tb.Loop() {
		tb.StopTimer()
		b.Execute(`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {:count})
			INSERT INTO visitors SELECT printf('site%011d', i % 1000), randomblob(16), {:old}, '' FROM n`,
			Object{"count": visitors, "old": b.Time.Add(-49 * time.Hour).UnixMilli()})
		b.Execute("INSERT OR IGNORE INTO site_hits SELECT DISTINCT site, 0, 0 FROM visitors", nil)
		tb.StartTimer()
		deleted, err := h.Purge()
		b.Must(err)
		if deleted < visitors {
			tb.Fatal(deleted)
		}
	}
	tb.ReportMetric(float64(visitors*tb.N)/tb.Elapsed().Seconds(), "rows/s")
}
