package main

import "slices"

// commandRequest is DeliveryCommand of api/src/store/queue.ts.
type commandRequest struct {
	Delivery string `json:"delivery"`
	Command  string `json:"command"`
	caller
}

// commandAnswer: State is missing when the delivery is unknown.
type commandAnswer struct {
	repeated
	ConfigVersion int64  `json:"config_version"`
	Status        string `json:"status"`
	State         string `json:"state,omitzero"`
}

// commands: from which states, and how. A retry starts over: new tries, and time if it had run out. Where the breaker is open
// it becomes the next probe, and goes without waiting for the probe's time.
var commands = map[string]struct {
	from   []string
	action string
	update string
}{
	"retry": {[]string{"pending", "held", "dead", "expired", "cancelled"}, "delivery.retry",
		`UPDATE deliveries SET state = ` + afterPending + `, next_attempt_at = ?1, tries_used = 0, claims = 0,
		expires_at = CASE WHEN expires_at <= ?1 THEN ?2 ELSE expires_at END, updated = ?1
		WHERE id = ?3 AND destination IN (SELECT id FROM destinations) RETURNING state`},
	"cancel": {[]string{"pending", "held"}, "delivery.cancel",
		`UPDATE deliveries SET state = 'cancelled', last_error = 'cancelled by hand', updated = ?1 WHERE id = ?3 RETURNING state`},
}

const selectState = `SELECT account, state FROM deliveries WHERE id = ?`

// Command does what a person asks of one delivery, with an audit row.
func (q *queue) Command(request commandRequest) (commandAnswer, error) {
	command, known := commands[request.Command]
	if !known {
		return commandAnswer{}, requestError("command must be retry or cancel.")
	}
	if err := request.caller.Check(); err != nil {
		return commandAnswer{}, err
	}
	var answer commandAnswer
	err := writeOnce(q.store, request.caller, &answer, func(tx *transaction) (changed bool, err error) {
		now := q.Now()
		if answer.ConfigVersion, err = configVersion(tx); err != nil {
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
		args := []any{storeTime(now), storeTime(now.Add(renewedExpiry)), request.Delivery}
		done, err := tx.Row(command.update, args, &answer.State)
		if err != nil || !done {
			return false, err // refused: the destination was deleted
		}
		answer.Status = "done"
		if request.Command == "retry" && answer.State == "pending" {
			if _, err := tx.Exec(chooseProbe, request.Delivery, storeTime(now)); err != nil {
				return false, err
			}
		}
		return true, writeAudit(tx, now, auditEntry{
			Account: account, By: request.caller, Action: command.action, SubjectType: "delivery",
			Subject: request.Delivery, Detail: map[string]any{"from": before, "to": answer.State},
		})
	})
	return answer, err
}
