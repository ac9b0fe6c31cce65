package queue

import (
	"slices"
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/policy"
	"pockethook/internal/store"
)

// CommandRequest is DeliveryCommand of api/src/store/queue.ts.
type CommandRequest struct {
	Delivery string `json:"delivery"`
	Command  string `json:"command"`
	audit.Caller
}

// CommandAnswer is the result of a command; State is empty when the delivery is unknown.
type CommandAnswer struct {
	audit.Repetition
	ConfigVersion int64  `json:"config_version"`
	Status        string `json:"status"`
	State         string `json:"state,omitzero"`
}

// commands lists for each command the states that it applies to, and its update; the arguments are id, state before, now,
// due time and new expiry. A retry resets the tries, and extends the expiry if that would come before the due time. If the
// breaker is open, the retried delivery becomes the next probe, due at once.
var commands = map[string]struct {
	from   []string
	action string
	update string
}{
	"retry": {[]string{"pending", "held", "dead", "expired", "cancelled"}, "delivery.retry",
		`UPDATE deliveries SET state = ` + store.AfterPending + `, next_attempt_at = ?4, tries_used = 0, claims = 0,
		expires_at = CASE WHEN expires_at <= ?4 THEN ?5 ELSE expires_at END, updated = ?3
		WHERE id = ?1 AND state = ?2 AND destination IN (SELECT id FROM destinations) RETURNING state`},
	"cancel": {[]string{"pending", "held"}, "delivery.cancel",
		`UPDATE deliveries SET state = 'cancelled', last_error = 'cancelled by hand', updated = ?3
		WHERE id = ?1 AND state = ?2 RETURNING state`},
}

const selectState = `SELECT account, state FROM deliveries WHERE id = ?`

// Command retries or cancels one delivery for a person, with an audit row.
func (q *Queue) Command(request CommandRequest) (CommandAnswer, error) {
	command, known := commands[request.Command]
	if !known {
		return CommandAnswer{}, fault.BadRequest("command must be retry or cancel.")
	}
	if err := request.Caller.Check(); err != nil {
		return CommandAnswer{}, err
	}
	var answer CommandAnswer
	err := audit.WriteOnce(q.Store, request.Caller, &answer, func(tx *store.Transaction) (changed bool, err error) {
		now := q.Now()
		if answer.ConfigVersion, err = store.ConfigVersion(tx); err != nil {
			return false, err
		}
		var account, before string
		found, err := tx.Row(selectState, []any{request.Delivery}, &account, &before)
		if err != nil {
			return false, err
		}
		answer.Status, answer.State = "unknown", ""
		if !found {
			return false, nil
		}
		answer.Status, answer.State = "refused", before
		if !slices.Contains(command.from, before) {
			return false, nil
		}
		done, err := tx.Row(command.update, commandArgs(request.Delivery, before, now, now), &answer.State)
		if err != nil || !done {
			return false, err // refused: the destination was deleted
		}
		answer.Status = "done"
		if request.Command == "retry" && answer.State == "pending" {
			if _, err := tx.Exec(policy.ChooseProbe, request.Delivery, store.FormatTime(now)); err != nil {
				return false, err
			}
		}
		return true, audit.Write(tx, now, audit.Entry{
			Account: account, By: request.Caller, Action: command.action, SubjectType: "delivery",
			Subject: request.Delivery, Detail: map[string]any{"from": before, "to": answer.State},
		})
	})
	return answer, err
}

func commandArgs(delivery, before string, now, due time.Time) []any {
	return []any{delivery, before, store.FormatTime(now), store.FormatTime(due), store.FormatTime(due.Add(renewedExpiry))}
}
