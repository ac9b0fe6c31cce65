package hits_test

import (
	"testing"
	"time"

	"pockethook/internal/hits"
	. "pockethook/internal/testkit"
)

func (b *bench) complete(goal, page, amount, currency string) {
	b.Helper()
	hit := b.hit(siteA, "ann", 0)
	hit.Completions = []hits.Completion{{Goal: goal, Page: page, Amount: amount, Currency: currency}}
	b.record(hit)
}

func (b *bench) goals(items ...hits.GoalWanted) []hits.GoalReading {
	b.Helper()
	answer, err := b.Goals(hits.GoalsRequest{Items: items})
	b.Must(err)
	return answer.Items
}

func TestGoalsAreCountedFromAPositionOn(t *testing.T) {
	b := newBench(t)
	const other = "goal00000000002"
	b.Equal(b.goals(hits.GoalWanted{Goal: goal, After: -1}), []Object{{"count": 0, "revenue": "", "last_seq": 0, "next": nil}})
	b.complete(goal, "/a", "9.90", "EUR")
	b.complete(other, "/b", "1", "EUR")
	b.complete(goal, "/c", "0.2", "EUR")
	b.complete(goal, "/d", "100", "USD")
	at := b.Time.UnixMilli()

	b.Equal(b.goals(
		hits.GoalWanted{Goal: goal, Currency: "EUR"},
		hits.GoalWanted{Goal: goal, After: 1, Offset: 1},
		hits.GoalWanted{Goal: goal, After: 4, Offset: 1, Currency: "EUR"},
		hits.GoalWanted{Goal: other, Offset: 5, Currency: "USD"},
		hits.GoalWanted{Goal: other, After: -1},
	), []Object{
		{"count": 3, "revenue": "10.10", "last_seq": 4, "next": Object{"seq": 1, "at": at, "page": "/a", "amount": "9.90", "currency": "EUR"}},
		{"count": 2, "revenue": "", "last_seq": 4, "next": Object{"seq": 4, "at": at, "page": "/d", "amount": "100", "currency": "USD"}},
		{"count": 0, "revenue": "", "last_seq": 4, "next": nil},
		{"count": 1, "revenue": "", "last_seq": 2, "next": nil},
		{"count": 0, "revenue": "", "last_seq": 4, "next": nil},
	})
}

func TestGoalsKeepTheirPositionsWhenCompletionsAreForgotten(t *testing.T) {
	b := newBench(t)
	b.complete(goal, "/", "", "")
	b.Execute("DELETE FROM completions", nil)
	b.Equal(b.goals(hits.GoalWanted{Goal: goal, After: -1})[0].LastSeq, int64(1))
}

func TestGoalsAreCountedInPieces(t *testing.T) {
	b := newBench(t)
	b.Execute(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
		INSERT INTO completions (goal, site, at, page, amount, currency) SELECT {:goal}, {:site}, i, '', '', '' FROM n`,
		Object{"goal": goal, "site": siteA})
	first := b.goals(hits.GoalWanted{Goal: goal})[0]
	b.Equal([]int64{first.Count, first.LastSeq}, []int64{10_000, 10_000})
	b.Equal(b.goals(hits.GoalWanted{Goal: goal, After: first.LastSeq})[0].Count, int64(1))
}

func TestHoursOfManyWindows(t *testing.T) {
	b := newBench(t)
	slot := b.Time.UnixMilli() / (5 * time.Minute).Milliseconds()
	hour := slot - slot%12
	_, err := b.SaveValues(hits.SaveValuesRequest{Slot: hour, Items: []hits.SiteValue{{Window: hits.Window{Site: siteA, Seconds: 300}, Value: 7}}})
	b.Must(err)
	b.Time = b.Time.Add(10 * time.Minute)
	_, err = b.SaveValues(hits.SaveValuesRequest{Slot: hour + 2, Items: []hits.SiteValue{{Window: hits.Window{Site: siteA, Seconds: 300}, Value: 0}}})
	b.Must(err)
	answer, err := b.Hours(hits.HoursRequest{Items: []hits.HoursWanted{
		{Window: hits.Window{Site: siteA, Seconds: 300}, Hours: []int64{hour - 12, hour}},
		{Window: hits.Window{Site: siteB, Seconds: 300}, Hours: []int64{hour}},
	}})
	b.Must(err)
	b.Equal([]int{len(answer.Items[0]), len(answer.Items[1])}, []int{24, 12})
	var known []int64
	for i, value := range answer.Items[0] {
		if value != nil {
			known = append(known, int64(i), *value)
		}
	}
	b.Equal(known, []int64{12, 7, 14, 0})
}
