// Package overview answers what the console shows first: how much came and went, what waits, what is wrong.
package overview

import (
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
	"pockethook/internal/store"
	"pockethook/internal/traffic"
)

// Overview only reads, on reading connections.
type Overview struct{ *store.Store }

// New makes Overview on an open store.
func New(s *store.Store) *Overview { return &Overview{s} }

// Request: an empty account asks for all of them together.
type Request struct {
	Account string `json:"account"`
	Range   string `json:"range"`
}

// Answer is Overview of api/src/store/overview.ts, with times as stored.
type Answer struct {
	From     string         `json:"from"`
	To       string         `json:"to"`
	BucketS  int64          `json:"bucket_s"`
	Totals   traffic.Counts `json:"totals"`
	Previous traffic.Counts `json:"previous"`
	Series   []Bucket       `json:"series"`
	Backlog  Backlog        `json:"backlog"`
	Failing  []Failing      `json:"failing_destinations"`
	Silent   []Silent       `json:"silent_sites"`
}

// Bucket is one point of the charts.
type Bucket struct {
	At string `json:"at"`
	traffic.Counts
}

// ranges are what can be asked for: so many buckets of so many seconds.
var ranges = map[string]struct{ seconds, buckets int64 }{"hour": {60, 60}, "day": {900, 96}}

// Read answers within milliseconds, however long the history is, in one transaction.
func (o *Overview) Read(request Request) (answer Answer, err error) {
	err = store.ReadOnly(o.App, func(tx *dbx.Tx) (err error) {
		answer, err = read(tx, request, o.Now())
		return err
	})
	return answer, err
}

func read(db dbx.Builder, request Request, now time.Time) (answer Answer, err error) {
	asked, known := ranges[request.Range]
	if !known {
		return answer, fault.BadRequest("range must be hour or day.")
	}
	to := now.Unix()/asked.seconds + 1
	from := to - asked.buckets
	at := func(slot int64) string { return store.FormatTime(time.Unix(slot*asked.seconds, 0)) }
	answer.BucketS, answer.From, answer.To = asked.seconds, at(from), at(to)
	slots, totals, err := traffic.Read(db, request.Account, asked.seconds, from, to, now)
	if err != nil {
		return answer, err
	}
	answer.Totals = totals
	for i, counts := range slots {
		answer.Series = append(answer.Series, Bucket{at(from + int64(i)), counts})
	}
	if _, answer.Previous, err = traffic.Read(db, request.Account, asked.seconds, from-asked.buckets, from, now); err != nil {
		return answer, err
	}
	if answer.Backlog, err = readBacklog(db, request.Account); err != nil {
		return answer, err
	}
	if err := db.NewQuery(selectFailing).Bind(dbx.Params{"account": request.Account}).All(&answer.Failing); err != nil {
		return answer, err
	}
	return answer, db.NewQuery(selectSilent).Bind(dbx.Params{
		"account": request.Account, "before": now.Add(-silence).UnixMilli(),
	}).All(&answer.Silent)
}
