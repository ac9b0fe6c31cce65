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
	Account, Action, SubjectType, Subject string
	By                                    caller
	Detail                                map[string]any
}

var auditColumns = []string{"id", "account", "actor", "via", "correlation_id", "action", "subject_type", "subject", "detail", "created"}

var insertAudit = "INSERT INTO audit (" + strings.Join(auditColumns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(auditColumns)-1) + ")"

func (e auditEntry) values(now time.Time) ([]any, error) {
	detail, err := json.Marshal(e.Detail, json.Deterministic(true))
	return []any{
		core.GenerateDefaultRandomId(), e.Account, e.By.Actor, e.By.Via, e.By.CorrelationID, e.Action, e.SubjectType,
		e.Subject, string(detail), storeTime(now),
	}, err
}

func writeAudit(tx *transaction, now time.Time, entry auditEntry) error {
	values, err := entry.values(now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(insertAudit, values...)
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
