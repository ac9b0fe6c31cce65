package access

import (
	"database/sql"
	"errors"

	"pockethook/internal/announce"
	"pockethook/internal/audit"
	"pockethook/internal/fault"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

const usersCollection = "users"

// BindUsers keeps the rules of users for every change of one, by whatever way: what ends with a deactivation, who may take
// the last admin from an account, and that nobody moves to another account.
func BindUsers(app core.App) {
	app.OnRecordCreate(usersCollection).BindFunc(refuseTakenEmail)
	app.OnRecordUpdate(usersCollection).BindFunc(endWithChange)
	app.OnRecordUpdateExecute(usersCollection).BindFunc(func(e *core.RecordEvent) error {
		return guardUser(e, e.Record)
	})
	app.OnRecordDeleteExecute(usersCollection).BindFunc(func(e *core.RecordEvent) error {
		return guardUser(e, nil)
	})
	for _, changed := range []interface {
		BindFunc(func(*core.RecordEvent) error) string
	}{
		app.OnRecordAfterUpdateSuccess(usersCollection, "api_keys", core.CollectionNameSuperusers),
		app.OnRecordAfterDeleteSuccess(usersCollection, "api_keys", core.CollectionNameSuperusers),
	} {
		changed.BindFunc(tellServices)
	}
	app.OnRecordDeleteExecute(core.CollectionNameSuperusers).BindFunc(func(e *core.RecordEvent) error {
		return errors.Join(endKeys(e.App, e.Record.Id, nil), e.Next())
	})
}

// Topic is the realtime topic that tells API processes to forget who holds which token or key.
const Topic = "pockethook/access"

func tellServices(e *core.RecordEvent) error {
	// The use of a key is noted once a minute, and changes nothing about it.
	if e.Record.GetString("last_used_at") == e.Record.Original().GetString("last_used_at") {
		announce.ToServices(e.App, Topic, []byte("{}"))
	}
	return e.Next()
}

// refuseTakenEmail says what the unique index only refuses. It doesn't say whose it is: that may be another account's user.
func refuseTakenEmail(e *core.RecordEvent) error {
	_, err := e.App.FindAuthRecordByEmail(usersCollection, e.Record.Email())
	if err == nil {
		return validation.Errors{"email": fault.Conflict(
			"Somebody has this e-mail address already. It can belong to one user of the whole installation only; operators see whose it is.")}
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return e.Next()
}

// endWithChange ends tokens, sessions and links that a change makes worthless. PocketBase itself ends tokens when the
// password or the e-mail address is changed, and sessions go with the token key.
func endWithChange(e *core.RecordEvent) error {
	was := e.Record.Original()
	if e.Record.GetString("account") != was.GetString("account") {
		return validation.Errors{"account": fault.AtField(errors.New("can't be changed: make a new user in the other account"))}
	}
	deactivated := e.Record.GetBool("deactivated")
	if deactivated && !was.GetBool("deactivated") {
		e.Record.RefreshTokenKey()
	}
	if deactivated || e.Record.GetString("password:hash") != was.GetString("password:hash") || e.Record.Email() != was.Email() {
		e.Record.Set("link_hash", "")
	}
	if e.Record.GetString("link_hash") == "" {
		e.Record.Set("link_expires_at", "")
	}
	return e.Next()
}

// guardUser runs in the transaction of the change, so that two admins can't demote each other at the same time. After is
// nil when the user is deleted.
func guardUser(e *core.RecordEvent, after *core.Record) error {
	before, err := e.App.FindRecordById(usersCollection, e.Record.Id)
	if err != nil {
		return err
	}
	if isActiveAdmin(before) && !isActiveAdmin(after) {
		if err := refuseLastAdmin(e.App, before, audit.AskedBy(e.Record)); err != nil {
			return err
		}
	}
	switch {
	case after == nil || after.GetBool("deactivated"):
		err = endKeys(e.App, before.Id, nil)
	case after.GetString("role") != "admin":
		err = endKeys(e.App, before.Id, dbx.HashExp{"role": "admin"})
	}
	return errors.Join(err, e.Next())
}

func isActiveAdmin(user *core.Record) bool {
	return user != nil && user.GetString("role") == "admin" && !user.GetBool("deactivated")
}

// refuseLastAdmin lets operators, who have no scope, do it: they can make another admin at any time.
func refuseLastAdmin(app core.App, user *core.Record, by *audit.Caller) error {
	if by == nil || by.Scope == "" {
		return nil
	}
	account := user.GetString("account")
	others, err := app.CountRecords(usersCollection,
		dbx.HashExp{"account": account, "role": "admin", "deactivated": false}, dbx.Not(dbx.HashExp{"id": user.Id}))
	if err != nil || others > 0 {
		return err
	}
	return validation.Errors{"role": fault.Conflict(
		"This is the last active admin of the account. Make somebody else an admin first, or ask an operator.")}
}

// endKeys deletes the API keys that somebody made, those of which holds, in the transaction and on behalf of whoever
// changes the person.
func endKeys(app core.App, person string, which dbx.Expression) error {
	keys, err := app.FindAllRecords("api_keys", dbx.HashExp{"made_by": person}, which)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := app.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
