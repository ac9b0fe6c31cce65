package access

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"pockethook/internal/audit"
	"pockethook/internal/store"
)

// refusedAnHour bounds what strangers who guess passwords can make the audit grow: further ones of the hour are answered
// the same and have no row.
const refusedAnHour = 500

const countRefused = `SELECT count(*) FROM (SELECT 1 FROM audit INDEXED BY idx_audit_created
	WHERE created > {:after} AND action = 'session.refuse' LIMIT {:most})`

// loginOfAPI is the key under which a request that came by the API service's login route carries it. Only code of this
// service can set it.
const loginOfAPI = "pockethookLogin"

// BindLogins writes a row of the audit log for each login, by whatever way, in a transaction with the session of the
// browser, if it is one.
func BindLogins(app core.App, now func() time.Time) {
	app.OnRecordAuthRequest(loginCollections...).BindFunc(func(e *core.RecordAuthRequestEvent) error {
		if e.AuthMethod == "" {
			return e.Next() // a token is renewed
		}
		login, _ := e.Get(loginOfAPI).(*loginRequest)
		direct := e.App
		defer func() { e.App = direct }()
		return direct.RunInTransaction(func(tx core.App) error {
			e.App = tx
			by := audit.Caller{Actor: ActorName(e.Record), Via: audit.ViaDashboard}
			if login != nil {
				by.Via, by.CorrelationID = login.Via, login.CorrelationID
				if err := openSession(tx.DB(), now(), e.Record, *login); err != nil {
					return err
				}
			}
			if err := audit.WriteIn(tx.DB(), now(), sessionEntry("session.open", by, e.Record)); err != nil {
				return err
			}
			// Answers once the transaction is committed, and not at all if a second factor is wanted.
			return e.Next()
		})
	})
	app.OnRecordAuthWithPasswordRequest(loginCollections...).BindFunc(func(e *core.RecordAuthWithPasswordRequestEvent) error {
		err := e.Next()
		if isRefusal(err) {
			if failure := noteRefused(e.App, now(), audit.Caller{Via: audit.ViaDashboard}, e.Identity, e.Record); failure != nil {
				return failure
			}
		}
		return err
	})
}

// isRefusal tells a wrong password, or a rule that keeps the person out, from faults and the wish for a second factor.
func isRefusal(err error) bool {
	var refusal *router.ApiError
	return errors.As(err, &refusal) && (refusal.Status == http.StatusBadRequest || refusal.Status == http.StatusForbidden)
}

// noteRefused writes a row for a login with a wrong password. Person is nil if nobody has the e-mail; that takes as long.
func noteRefused(app core.App, now time.Time, by audit.Caller, email string, person *core.Record) error {
	var already int
	params := dbx.Params{"after": store.FormatTime(now.Add(-time.Hour)), "most": refusedAnHour}
	if err := app.ConcurrentDB().NewQuery(countRefused).Bind(params).Row(&already); err != nil || already >= refusedAnHour {
		return err
	}
	by.Actor = cmp.Or(by.Actor, ActorName(nil))
	entry := sessionEntry("session.refuse", by, person)
	entry.Detail = map[string]any{"name": asEmail(email)}
	return audit.WriteIn(app.NonconcurrentDB(), now, entry)
}

// asEmail leaves out what is no e-mail address: people type passwords into the wrong field.
func asEmail(text string) string {
	if len(text) > 255 || !strings.Contains(text, "@") {
		return ""
	}
	return text
}

func sessionEntry(action string, by audit.Caller, person *core.Record) audit.Entry {
	if person == nil {
		return audit.Entry{Action: action, By: by}
	}
	return audit.Entry{
		Account: person.GetString("account"), Action: action, By: by, SubjectType: personKind(person), Subject: person.Id,
		Detail: map[string]any{"name": person.Email()},
	}
}
