package hits

import (
	"encoding/json/v2"
	"math/big"
	"strings"

	"github.com/pocketbase/dbx"

	"pockethook/internal/fault"
)

const (
	goalsAtMost = 50_000
	// countedAtMost bounds the completions of one goal that one answer goes through; whoever has counted them asks for the next.
	countedAtMost = 10_000
)

// GoalsRequest asks for the completions of many goals, each from where the caller has counted so far.
type GoalsRequest struct {
	Items []GoalWanted `json:"items"`
}

// GoalWanted: After is the position of the last completion that was counted; below 0 asks only for the newest position there is.
// Amounts in another currency than Currency are not summed.
type GoalWanted struct {
	Goal     string `json:"goal"`
	After    int64  `json:"after"`
	Offset   int64  `json:"offset"`
	Currency string `json:"currency"`
}

// GoalsAnswer has a reading for each item, in their order.
type GoalsAnswer struct {
	Now   int64         `json:"now"`
	Items []GoalReading `json:"items"`
}

// GoalReading counts completions up to LastSeq. Next is the one at the offset that was asked for, if it is among them.
type GoalReading struct {
	Count   int64           `json:"count"`
	Revenue string          `json:"revenue"`
	LastSeq int64           `json:"last_seq"`
	Next    *GoalCompletion `json:"next"`
}

// GoalCompletion is one time that a goal was reached.
type GoalCompletion struct {
	Seq      int64  `json:"seq" db:"seq"`
	At       int64  `json:"at" db:"at"`
	Page     string `json:"page" db:"page"`
	Amount   string `json:"amount" db:"amount"`
	Currency string `json:"currency" db:"currency"`
}

// selectNew finds which goals have something new, in one statement: mostly few have.
const selectNew = `SELECT w.key FROM json_each({:goals}) w WHERE w.value ->> 'after' >= 0 AND EXISTS (
	SELECT 1 FROM completions INDEXED BY idx_completions_goal WHERE goal = w.value ->> 'goal' AND seq > w.value ->> 'after')`

const selectNewest = `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'completions'), 0)`

const selectCompletions = `SELECT seq, at, page, amount, currency FROM completions INDEXED BY idx_completions_goal
	WHERE goal = {:goal} AND seq > {:after} ORDER BY seq LIMIT {:limit}`

// Goals reads only: it never waits for writes, and its length is bounded.
func (h *Hits) Goals(request GoalsRequest) (GoalsAnswer, error) {
	if len(request.Items) > goalsAtMost {
		return GoalsAnswer{}, fault.BadRequest("Ask for at most 50000 goals at once.")
	}
	goals, err := json.Marshal(request.Items)
	if err != nil {
		return GoalsAnswer{}, err
	}
	db := h.App.ConcurrentDB()
	var newest int64
	if err := db.NewQuery(selectNewest).Row(&newest); err != nil {
		return GoalsAnswer{}, err
	}
	var changed []int
	if err := db.NewQuery(selectNew).Bind(dbx.Params{"goals": string(goals)}).Column(&changed); err != nil {
		return GoalsAnswer{}, err
	}
	answer := GoalsAnswer{Now: h.nowMs(), Items: make([]GoalReading, len(request.Items))}
	for i, wanted := range request.Items {
		answer.Items[i].LastSeq = wanted.After
		if wanted.After < 0 {
			answer.Items[i].LastSeq = newest
		}
	}
	for _, i := range changed {
		if answer.Items[i], err = readGoal(db, request.Items[i]); err != nil {
			return GoalsAnswer{}, err
		}
	}
	return answer, nil
}

func readGoal(db dbx.Builder, wanted GoalWanted) (GoalReading, error) {
	rows, err := db.NewQuery(selectCompletions).
		Bind(dbx.Params{"goal": wanted.Goal, "after": wanted.After, "limit": countedAtMost}).Rows()
	if err != nil {
		return GoalReading{}, err
	}
	defer rows.Close()
	reading := GoalReading{LastSeq: wanted.After}
	var revenue amounts
	for ; rows.Next(); reading.Count++ {
		var one GoalCompletion
		if err := rows.ScanStruct(&one); err != nil {
			return GoalReading{}, err
		}
		if reading.Count == wanted.Offset {
			next := one
			reading.Next = &next
		}
		if wanted.Currency != "" && one.Currency == wanted.Currency {
			revenue.add(one.Amount)
		}
		reading.LastSeq = one.Seq
	}
	reading.Revenue = revenue.String()
	return reading, rows.Err()
}

// amounts sums decimal numbers exactly, and shows as many places as the most precise of them had.
type amounts struct {
	sum    *big.Rat
	places int
}

func (a *amounts) add(text string) {
	amount, ok := new(big.Rat).SetString(text)
	if !ok {
		return
	}
	if a.sum == nil {
		a.sum = new(big.Rat)
	}
	a.sum.Add(a.sum, amount)
	if _, decimals, found := strings.Cut(text, "."); found {
		a.places = max(a.places, len(decimals))
	}
}

func (a *amounts) String() string {
	if a.sum == nil {
		return ""
	}
	return a.sum.FloatString(a.places)
}
