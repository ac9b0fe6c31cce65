package queue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/policy"
	"pockethook/internal/store"
)

// Selection selects deliveries in one state, in the order of acceptance. Empty fields don't filter.
type Selection struct {
	Account     string `json:"account"`
	State       string `json:"state"`
	From        string `json:"from"`
	To          string `json:"to"`
	Event       string `json:"event"`
	Destination string `json:"destination"`
	Mapping     string `json:"mapping"`
	// After is the position (seq) after which the selection starts.
	After int64 `json:"after"`
}

// ManyRequest is ManyCommand of api/src/store/queue.ts.
type ManyRequest struct {
	Command   string    `json:"command"`
	Selection Selection `json:"selection"`
	// Limit is how many deliveries one call handles.
	Limit int64 `json:"limit"`
	// Rate spreads retried deliveries over time, in deliveries per second; 0: all due at once.
	Rate float64 `json:"rate"`
	// DueAt is when the first delivery is due; empty or past: now.
	DueAt string `json:"due_at"`
	// DryRun counts the outcomes without changing anything.
	DryRun bool `json:"dry_run"`
	audit.Caller
}

// ManyOutcome counts the deliveries to one destination that had the same outcome: their new state, `destination_deleted`,
// or `changed` for those that had left the selected state in the meantime.
type ManyOutcome struct {
	Destination string `json:"destination" db:"destination"`
	Outcome     string `json:"outcome" db:"outcome"`
	Deliveries  int64  `json:"deliveries" db:"deliveries"`
}

// ManyAnswer is the result of one call. Position and DueAt are where the next call continues; Done: there are no more.
type ManyAnswer struct {
	audit.Repetition
	ConfigVersion int64         `json:"config_version"`
	Outcomes      []ManyOutcome `json:"outcomes"`
	Position      int64         `json:"position"`
	DueAt         string        `json:"due_at"`
	Done          bool          `json:"done"`
}

const (
	// changedAtMost bounds how long one call holds the writing connection, to about 50 ms.
	changedAtMost = 500
	// countedAtMost is the bound for a dry run, which only reads.
	countedAtMost = 200_000

	outcomeDeleted = "destination_deleted"
	outcomeChanged = "changed"
)

func (r ManyRequest) check() error {
	command, known := commands[r.Command]
	if !known {
		return fault.BadRequest("command must be retry or cancel.")
	}
	if !slices.Contains(command.from, r.Selection.State) {
		return fault.BadRequest(fmt.Sprintf("state must be one of %s.", strings.Join(command.from, ", ")))
	}
	for _, text := range []string{r.Selection.From, r.Selection.To, r.DueAt} {
		if _, err := store.ParseTime(text); text != "" && err != nil {
			return fault.BadRequest("from, to and due_at must be times like 2026-01-31 12:00:00.000Z.")
		}
	}
	if most := r.limitAtMost(); r.Limit < 1 || r.Limit > most {
		return fault.BadRequest(fmt.Sprintf("limit must be from 1 to %d.", most))
	}
	if r.Rate < 0 || r.Rate > 1000 {
		return fault.BadRequest("rate must be from 0 (all at once) to 1000 deliveries per second.")
	}
	return r.Caller.Check()
}

func (r ManyRequest) limitAtMost() int64 {
	if r.DryRun {
		return countedAtMost
	}
	return changedAtMost
}

// CommandMany retries or cancels the next deliveries of a selection, with one audit row for all of them.
func (q *Queue) CommandMany(request ManyRequest) (answer ManyAnswer, err error) {
	if err := request.check(); err != nil {
		return ManyAnswer{}, err
	}
	if request.DryRun {
		return q.countMany(request)
	}
	// Select on a reading connection: it may have to scan many rows that don't match.
	chosen, err := q.choose(request.Selection, request.Limit)
	if err != nil {
		return ManyAnswer{}, err
	}
	err = audit.WriteOnce(q.Store, request.Caller, &answer, func(tx *store.Transaction) (bool, error) {
		var err error
		if answer, err = commandEach(tx, request, chosen, q.Now()); err != nil {
			return false, err
		}
		answer.ConfigVersion, err = store.ConfigVersion(tx)
		return answer.changed() > 0, err
	})
	return answer, err
}

type chosenDelivery struct {
	ID          string `db:"id"`
	Seq         int64  `db:"seq"`
	Destination string `db:"destination"`
	Known       bool   `db:"known"`
}

func (q *Queue) choose(selection Selection, limit int64) (chosen []chosenDelivery, err error) {
	from, params := selection.query()
	params["limit"] = limit
	err = q.App.ConcurrentDB().NewQuery(`SELECT id, seq, destination, destination IN (SELECT id FROM destinations) AS known` +
		from + ` ORDER BY seq LIMIT {:limit}`).Bind(params).All(&chosen)
	return chosen, err
}

// query has conditions for the set fields only. It uses the index of states, except for the deliveries of one event: fewer
// are in one state than belong to one destination, most of which are delivered.
func (s Selection) query() (string, dbx.Params) {
	// The state, which check knows, is written out: SQLite takes a partial index only for a value that it sees.
	index, conditions := "idx_deliveries_state", []string{"state = '" + s.State + "'", "seq > {:after}"}
	if s.Event != "" {
		index = "idx_deliveries_event"
	}
	for _, one := range []struct{ value, condition string }{
		{s.Account, "account = {:account}"}, {s.From, "created >= {:from}"}, {s.To, "created < {:to}"},
		{s.Event, "event = {:event}"}, {s.Destination, "destination = {:destination}"}, {s.Mapping, "mapping = {:mapping}"},
	} {
		if one.value != "" {
			conditions = append(conditions, one.condition)
		}
	}
	return ` FROM deliveries INDEXED BY ` + index + ` WHERE ` + strings.Join(conditions, " AND "), dbx.Params{
		"after": s.After, "account": s.Account, "from": s.From, "to": s.To,
		"event": s.Event, "destination": s.Destination, "mapping": s.Mapping,
	}
}

func commandEach(tx *store.Transaction, request ManyRequest, chosen []chosenDelivery, now time.Time) (ManyAnswer, error) {
	command, due := commands[request.Command], now
	if planned, err := store.ParseTime(request.DueAt); err == nil && planned.After(now) {
		due = planned
	}
	answer := ManyAnswer{Outcomes: []ManyOutcome{}, Position: request.Selection.After, Done: int64(len(chosen)) < request.Limit}
	probed := map[string]bool{}
	for _, one := range chosen {
		answer.Position = one.Seq
		var state string
		done, err := tx.Row(command.update, commandArgs(one.ID, request.Selection.State, now, due), &state)
		if err != nil {
			return answer, err
		}
		switch {
		case !done && !one.Known:
			state = outcomeDeleted
		case !done:
			state = outcomeChanged
		case state == "pending" && !due.After(now) && !probed[one.Destination]:
			probed[one.Destination] = true
			if _, err := tx.Exec(policy.ChooseProbe, one.ID, store.FormatTime(now)); err != nil {
				return answer, err
			}
		}
		answer.count(one.Destination, state)
		if done && request.Rate > 0 {
			due = due.Add(time.Duration(float64(time.Second) / request.Rate))
		}
	}
	answer.DueAt = store.FormatTime(due)
	if answer.changed() == 0 {
		return answer, nil
	}
	return answer, audit.Write(tx, now, audit.Entry{
		Account: request.Selection.Account, By: request.Caller, Action: command.action + "_many", SubjectType: "deliveries",
		Detail: map[string]any{"selection": request.Selection, "until": answer.Position, "rate": request.Rate, "outcomes": answer.Outcomes},
	})
}

func (a *ManyAnswer) count(destination, outcome string) {
	for i := range a.Outcomes {
		if a.Outcomes[i].Destination == destination && a.Outcomes[i].Outcome == outcome {
			a.Outcomes[i].Deliveries++
			return
		}
	}
	a.Outcomes = append(a.Outcomes, ManyOutcome{destination, outcome, 1})
}

func (a *ManyAnswer) changed() (deliveries int64) {
	for _, one := range a.Outcomes {
		if one.Outcome != outcomeDeleted && one.Outcome != outcomeChanged {
			deliveries += one.Deliveries
		}
	}
	return deliveries
}

// expected is the SQL for a command's outcome, given the current state of the destination; it refers to `chosen`.
var expected = map[string]string{
	"retry": `CASE (SELECT enabled AND NOT paused FROM destinations WHERE id = chosen.destination)
		WHEN TRUE THEN 'pending' WHEN FALSE THEN 'held' ELSE '` + outcomeDeleted + `' END`,
	"cancel": `'cancelled'`,
}

func (q *Queue) countMany(request ManyRequest) (answer ManyAnswer, err error) {
	from, params := request.Selection.query()
	params["limit"] = request.Limit
	chosen := `WITH chosen AS MATERIALIZED (SELECT destination, seq` + from + ` ORDER BY seq LIMIT {:limit}) `
	db := q.App.ConcurrentDB()
	var looked int64
	answer.DueAt = store.FormatTime(q.Now())
	err = db.NewQuery(chosen+`SELECT count(*), coalesce(max(seq), 0), (SELECT value FROM meta WHERE key = 'config_version') FROM chosen`).
		Bind(params).Row(&looked, &answer.Position, &answer.ConfigVersion)
	if err != nil {
		return answer, err
	}
	answer.Done = looked < request.Limit
	answer.Outcomes = []ManyOutcome{}
	err = db.NewQuery(chosen + `SELECT destination, ` + expected[request.Command] + ` AS outcome, count(*) AS deliveries
		FROM chosen GROUP BY destination ORDER BY min(seq)`).Bind(params).All(&answer.Outcomes)
	return answer, err
}
