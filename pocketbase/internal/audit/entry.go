// Package audit writes the audit log in the same transaction as each change, and recognises repeated requests.
package audit

import (
	"encoding/json/v2"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/store"
)

// Entry is one row of the audit log. An empty account means that it concerns all accounts; only operators see those.
type Entry struct {
	Account, Action, SubjectType, Subject string
	By                                    Caller
	Detail                                map[string]any
}

var auditColumns = []string{"id", "account", "actor", "via", "correlation_id", "action", "subject_type", "subject", "detail", "created"}

var insertAudit = "INSERT INTO audit (" + strings.Join(auditColumns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(auditColumns)-1) + ")"

func (e Entry) values(now time.Time) ([]any, error) {
	detail, err := json.Marshal(e.Detail, json.Deterministic(true))
	return []any{
		core.GenerateDefaultRandomId(), e.Account, e.By.Actor, e.By.Via, e.By.CorrelationID, e.Action, e.SubjectType,
		e.Subject, string(detail), store.FormatTime(now),
	}, err
}

// Write adds a row, in the transaction of the change that it describes.
func Write(tx *store.Transaction, now time.Time, entry Entry) error {
	values, err := entry.values(now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(insertAudit, values...)
	return err
}

// WriteIn is Write for transactions begun by PocketBase, as hooks have them.
func WriteIn(db dbx.Builder, now time.Time, entry Entry) error {
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
