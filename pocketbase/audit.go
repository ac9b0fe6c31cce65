package main

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

type auditEntry struct {
	account, actor, action, subjectType, subject string
	detail                                       map[string]any
}

const insertAudit = `INSERT INTO audit (id, account, actor, action, subject_type, subject, detail, created)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

func writeAudit(tx *transaction, now time.Time, entry auditEntry) error {
	detail, err := json.Marshal(entry.detail, json.Deterministic(true))
	if err != nil {
		return err
	}
	_, err = tx.exec(insertAudit, core.GenerateDefaultRandomId(), entry.account, entry.actor, entry.action,
		entry.subjectType, entry.subject, string(detail), storeTime(now))
	return err
}

// auditRequest is AuditEntry of api/src/store/pocketbase/audit.ts. What concerns the whole installation has no account: it
// stands in the operators' own, `default`.
type auditRequest struct {
	ID          string         `json:"id"`
	Account     string         `json:"account"`
	Actor       string         `json:"actor"`
	Action      string         `json:"action"`
	SubjectType string         `json:"subject_type"`
	Subject     string         `json:"subject"`
	Detail      jsontext.Value `json:"detail"`
}

const selectDefaultAccount = `SELECT id FROM accounts WHERE name = '` + defaultAccount + `'`

const insertAudited = insertAudit + ` ON CONFLICT (id) DO NOTHING`

// audit writes down what the API service does by other ways than these routes. Repeating it changes nothing.
func (q *queue) audit(r auditRequest) (written, error) {
	c := q.limits.of("audit").id("id", r.ID).text("actor", r.Actor).text("action", r.Action).
		text("subject_type", r.SubjectType).text("subject", r.Subject).json("detail", r.Detail, '{')
	if c.err != nil {
		return written{}, requestError(c.err.Error())
	}
	return q.writeAnd(func(tx *transaction) error {
		if r.Account == "" {
			found, err := tx.row(selectDefaultAccount, nil, &r.Account)
			if err == nil && !found {
				err = requestError("There is no account named default any more, where this would be written down.")
			}
			if err != nil {
				return err
			}
		}
		_, err := tx.exec(insertAudited, r.ID, r.Account, r.Actor, r.Action, r.SubjectType, r.Subject, string(r.Detail), storeTime(q.now()))
		return err
	})
}
