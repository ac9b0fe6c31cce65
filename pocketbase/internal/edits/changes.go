// Package edits handles every edit of a record through PocketBase's API: it writes the audit log, or refuses the edit.
package edits

import (
	"encoding/json/v2"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"pockethook/internal/access"
	"pockethook/internal/audit"
	"pockethook/internal/configuration"
	"pockethook/internal/fault"
	"pockethook/internal/rules"
	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// auditedCollections are the collections that people edit; every change of them has a row in the audit log.
var auditedCollections = append([]string{core.CollectionNameSuperusers}, writtenByPeople...)

// changes carries the caller of a change from the request into the transaction that saves it.
type changes struct {
	now     func() time.Time
	secrets *secrets.Vault
	// transactions holds the caller by transaction, for records deleted by a cascade.
	transactions sync.Map
}

// BindAudit writes an audit row for each change of a record by a caller, in the transaction of the change.
func BindAudit(app core.App, s *secrets.Vault, now func() time.Time) {
	c := &changes{now: now, secrets: s}
	for _, request := range []interface {
		BindFunc(func(*core.RecordRequestEvent) error) string
	}{
		app.OnRecordCreateRequest(auditedCollections...),
		app.OnRecordUpdateRequest(auditedCollections...),
		app.OnRecordDeleteRequest(auditedCollections...),
	} {
		request.BindFunc(c.request)
	}
	app.OnRecordConfirmPasswordResetRequest(auditedCollections...).BindFunc(func(e *core.RecordConfirmPasswordResetRequestEvent) error {
		return c.byThemselves(e.Record, e.Next)
	})
	app.OnRecordConfirmEmailChangeRequest(auditedCollections...).BindFunc(func(e *core.RecordConfirmEmailChangeRequestEvent) error {
		return c.byThemselves(e.Record, e.Next)
	})
	for action, execute := range map[string]interface {
		Bind(*hook.Handler[*core.RecordEvent]) string
	}{
		"create": app.OnRecordCreateExecute(auditedCollections...),
		"update": app.OnRecordUpdateExecute(auditedCollections...),
		"delete": app.OnRecordDeleteExecute(auditedCollections...),
	} {
		execute.Bind(&hook.Handler[*core.RecordEvent]{
			Priority: configuration.Outermost,
			Func:     func(e *core.RecordEvent) error { return c.execute(e, action) },
		})
	}
	bindVersions(app)
	c.bindOperations(app)
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.BindFunc(c.answerAgain)
		e.Router.BindFunc(c.noteBackup)
		return e.Next()
	})
}

// recordDone is the answer to a repeated change of a record.
type recordDone struct {
	audit.Repetition
	ID string `json:"id"`
}

// send bypasses PocketBase's own JSON response, which applies the request's `fields` query parameter.
func (d recordDone) send(e *core.RequestEvent) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return e.Blob(http.StatusOK, "application/json", text)
}

// answerAgain answers a repeated request before PocketBase looks up the record, which may have been deleted by it.
func (c *changes) answerAgain(e *core.RequestEvent) error {
	if e.Request.Header.Get(CallerHeader) == "" {
		return e.Next()
	}
	by, err := callerOf(e)
	if err != nil {
		return fault.ToAPI(err)
	}
	var done recordDone
	if known, err := by.Once.Recall(e.App.ConcurrentDB(), c.now(), &done); err != nil {
		return fault.ToAPI(err)
	} else if known {
		return done.send(e)
	}
	return e.Next()
}

// request stores the caller in the record that is changed.
func (c *changes) request(e *core.RecordRequestEvent) error {
	by, err := callerOf(e.RequestEvent)
	if err != nil {
		return fault.ToAPI(err)
	}
	if by.Scope != "" && !e.Record.IsNew() && e.Record.Original().GetString("account") != by.Scope {
		return e.NotFoundError("", nil)
	}
	by.Asks(e.Record)
	err = e.Next()
	if err == nil {
		return nil
	}
	// The same request may have been carried out while this one waited; then that is why this one failed.
	var done recordDone
	if known, _ := by.Once.Recall(e.App.ConcurrentDB(), c.now(), &done); known {
		return done.send(e.RequestEvent)
	}
	// Without this, PocketBase would answer 400, as if the request were wrong.
	if problem := store.StorageProblem(err); problem != "" {
		return e.Error(http.StatusServiceUnavailable, "Nothing can be stored: "+problem+".", err)
	}
	return err
}

func (c *changes) byThemselves(record *core.Record, next func() error) error {
	(&audit.Caller{Actor: access.ActorName(record), Via: audit.ViaDashboard}).Asks(record)
	return next()
}

var errDoneBefore = errors.New("the same request was carried out before")

// execute saves a change, its audit row and its idempotency key in one transaction.
func (c *changes) execute(e *core.RecordEvent, action string) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		by := audit.AskedBy(e.Record)
		direct := by != nil
		if !direct {
			if along, found := c.transactions.Load(tx.TxInfo()); found {
				by = along.(*audit.Caller)
			}
		}
		if by == nil {
			return e.Next() // changed by the service itself
		}
		if direct {
			c.transactions.Store(tx.TxInfo(), by)
			defer c.transactions.Delete(tx.TxInfo())
			if known, err := by.Once.Recall(tx.DB(), c.now(), &recordDone{}); err != nil || known {
				return errors.Join(errDoneBefore, err)
			}
		}
		if err := c.saveAudited(e, by, action, direct); err != nil {
			return err
		}
		if !direct {
			return nil
		}
		if err := by.Once.Remember(tx.DB(), c.now(), recordDone{ID: e.Record.Id}); err != nil {
			return err
		}
		return by.StillThere()
	})
}

// saveAudited saves a change and its audit row. Only a direct one is of the record whose versions the caller names.
func (c *changes) saveAudited(e *core.RecordEvent, by *audit.Caller, action string, direct bool) error {
	before, after := (*core.Record)(nil), e.Record
	if action != "create" {
		stored, err := e.App.FindRecordById(e.Record.Collection(), e.Record.Id)
		if err != nil {
			return err
		}
		before = stored
		if direct && by.IfMatch != nil && !slices.Contains(by.IfMatch, version(stored)) {
			return errStale
		}
	}
	if err := e.Next(); err != nil {
		return err
	}
	if action == "delete" {
		after = nil
	}
	detail, err := c.difference(e.App, before, after)
	if err != nil || detail == nil {
		return err
	}
	kind := singular(e.Record.Collection().Name)
	return audit.WriteIn(e.App.DB(), c.now(), audit.Entry{
		Account: accountOf(e.Record), By: *by, SubjectType: kind, Subject: e.Record.Id, Detail: detail,
		Action: kind + "." + actionName(kind, action),
	})
}

// accountOf is the account that a change belongs to; changes of operators belong to none.
func accountOf(record *core.Record) string {
	if record.Collection().Name == "accounts" {
		return record.Id
	}
	return record.GetString("account")
}

var singulars = map[string]string{
	"accounts": "account", "users": "user", "api_keys": "api_key", core.CollectionNameSuperusers: "operator",
}

func singular(collection string) string {
	if kind, found := rules.KindOf(collection); found {
		return kind.Singular
	}
	return singulars[collection]
}

// actionName is the action in the audit log; deleting an API key is called "revoke", as in the API.
func actionName(kind, action string) string {
	if kind == "api_key" && action == "delete" {
		return "revoke"
	}
	return action
}

// unaudited fields are set automatically.
var unaudited = []string{"id", "created", "updated", "last_used_at", "tokenKey"}

func isAudited(field core.Field) bool {
	return field.Type() != core.FieldTypeAutodate && !slices.Contains(unaudited, field.GetName())
}
