package triggers

import (
	"encoding/json/jsontext"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// stateAtMost bounds the JSON of one state; it is some hundred bytes.
const stateAtMost = 8 << 10

// savedAtMost bounds one request.
const savedAtMost = 10_000

// Advance is what becomes of a trigger's state. Both epochs have to be those that hold: the evaluator's lease, and the state
// that the decision was made on.
type Advance struct {
	Trigger    string         `json:"trigger"`
	Epoch      int64          `json:"epoch"`
	StateEpoch int64          `json:"state_epoch"`
	State      jsontext.Value `json:"state"`
}

const holdsEpoch = `SELECT EXISTS (SELECT 1 FROM evaluator WHERE id = 1 AND epoch = ?)`

const insertState = `INSERT INTO trigger_state (trigger, epoch, state, updated) VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING`

const advanceState = `UPDATE trigger_state SET epoch = epoch + 1, state = ?, updated = ? WHERE trigger = ? AND epoch = ?`

// Write moves the state on; false: another evaluator has taken over, or the state has moved on already.
func (a Advance) Write(tx *store.Transaction, now time.Time) (bool, error) {
	if a.Trigger == "" || len(a.Trigger) > 15 || a.State.Kind() != '{' || len(a.State) > stateAtMost {
		return false, fault.BadItem("the state of a trigger needs its id, and a JSON object of at most 8 KiB")
	}
	var holds bool
	if _, err := tx.Row(holdsEpoch, []any{a.Epoch}, &holds); err != nil || !holds {
		return false, err
	}
	if a.StateEpoch == 0 {
		written, err := tx.Exec(insertState, a.Trigger, string(a.State), now.UnixMilli())
		return written == 1, err
	}
	written, err := tx.Exec(advanceState, string(a.State), now.UnixMilli(), a.Trigger, a.StateEpoch)
	return written == 1, err
}

// Bind deletes the state of a trigger together with it.
func Bind(app core.App) {
	app.OnRecordDeleteExecute("triggers").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		_, err := e.App.DB().NewQuery("DELETE FROM trigger_state WHERE trigger = {:id}").Bind(dbx.Params{"id": e.Record.Id}).Execute()
		return err
	})
}

// SaveRequest moves states on of which nothing is told.
type SaveRequest struct {
	Items []Advance `json:"items"`
}

// Saved says of each item whether it was written.
type Saved struct {
	store.Versions
	Results []bool `json:"results"`
}

// Save writes in one transaction; an item under an older epoch changes nothing and costs the others nothing.
func (t *Triggers) Save(request SaveRequest) (answer Saved, err error) {
	if len(request.Items) > savedAtMost {
		return Saved{}, fault.BadRequest("at most 10000 states are saved at once.")
	}
	answer.Results = make([]bool, 0, len(request.Items))
	err = t.Write(func(tx *store.Transaction) error {
		now := t.Now()
		for _, item := range request.Items {
			written, err := item.Write(tx, now)
			if err != nil {
				return err
			}
			answer.Results = append(answer.Results, written)
		}
		var err error
		answer.Versions, err = store.ReadVersions(tx)
		return err
	})
	return answer, err
}

// State is where a trigger stands.
type State struct {
	Trigger string         `json:"trigger"`
	Epoch   int64          `json:"epoch"`
	State   jsontext.Value `json:"state"`
}

// States are all of them, or those of some triggers.
type States struct {
	States []State `json:"states"`
}

// StatesRequest names triggers; none: all.
type StatesRequest struct {
	Triggers []string `json:"triggers"`
}

// States reads only: it never waits for writes.
func (t *Triggers) States(request StatesRequest) (answer States, err error) {
	query := t.App.ConcurrentDB().Select("trigger", "epoch", "state").From("trigger_state")
	if len(request.Triggers) > 0 {
		ids := make([]any, len(request.Triggers))
		for i, id := range request.Triggers {
			ids[i] = id
		}
		query.Where(dbx.In("trigger", ids...))
	}
	rows, err := query.Rows()
	if err != nil {
		return States{}, err
	}
	defer rows.Close()
	answer.States = []State{}
	for rows.Next() {
		var one State
		var state string
		if err := rows.Scan(&one.Trigger, &one.Epoch, &state); err != nil {
			return States{}, err
		}
		one.State = jsontext.Value(state)
		answer.States = append(answer.States, one)
	}
	return answer, rows.Err()
}
