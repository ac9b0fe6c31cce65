package main

import (
	"encoding/json/v2"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// auditEntry is one row of the audit; an empty account: it concerns every account, and only operators see it.
type auditEntry struct {
	account, action, subjectType, subject string
	by                                    caller
	detail                                map[string]any
}

var auditColumns = []string{"id", "account", "actor", "via", "correlation_id", "action", "subject_type", "subject", "detail", "created"}

var insertAudit = "INSERT INTO audit (" + strings.Join(auditColumns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(auditColumns)-1) + ")"

func (e auditEntry) values(now time.Time) ([]any, error) {
	detail, err := json.Marshal(e.detail, json.Deterministic(true))
	return []any{
		core.GenerateDefaultRandomId(), e.account, e.by.Actor, e.by.Via, e.by.CorrelationID, e.action, e.subjectType,
		e.subject, string(detail), storeTime(now),
	}, err
}

func writeAudit(tx *transaction, now time.Time, entry auditEntry) error {
	values, err := entry.values(now)
	if err != nil {
		return err
	}
	_, err = tx.exec(insertAudit, values...)
	return err
}

// writeAuditOf is writeAudit for the transaction of a hook.
func writeAuditOf(db dbx.Builder, now time.Time, entry auditEntry) error {
	values, err := entry.values(now)
	if err != nil {
		return err
	}
	params := dbx.Params{}
	for i, column := range auditColumns {
		params[column] = values[i]
	}
	_, err = db.Insert("audit", params).Execute()
	return err
}
