package rules

import (
	"database/sql"
	"errors"

	"pockethook/internal/fault"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

const defaultAccount = "default"

// bindAccounts gives every configuration record an account that never changes, and refuses references between accounts.
func bindAccounts(app core.App) {
	for _, kind := range Kinds {
		app.OnRecordCreate(kind.Collection).BindFunc(kind.fillAccount)
		app.OnRecordUpdate(kind.Collection).BindFunc(kind.fillAccount)
		bindCheck(app, kind.Collection, checkAccount)
		if len(kind.References) > 0 {
			bindCheck(app, kind.Collection, kind.checkReferences)
		}
	}
}

func (k Kind) fillAccount(e *core.RecordEvent) error {
	if k.Within != "" && e.Record.GetString("account") == "" {
		owners, err := e.App.FindRecordsByIds(k.References[k.Within], []string{e.Record.GetString(k.Within)})
		if err != nil {
			return err
		}
		for _, owner := range owners {
			e.Record.Set("account", owner.GetString("account"))
		}
	}
	if e.Record.GetString("account") == "" {
		account, err := e.App.FindFirstRecordByData("accounts", "name", defaultAccount)
		if errors.Is(err, sql.ErrNoRows) {
			return validation.Errors{"account": fault.AtField(errors.New("is needed: there is no account named default any more"))}
		}
		if err != nil {
			return err
		}
		e.Record.Set("account", account.Id)
	}
	return e.Next()
}

// checkAccount refuses a change of the account: history and referring records belong to the account set at creation.
func checkAccount(app core.App, record *core.Record, p problems) error {
	if record.IsNew() {
		return nil
	}
	stored, err := app.FindRecordById(record.Collection(), record.Id)
	if err != nil {
		return err
	}
	if stored.GetString("account") != record.GetString("account") {
		p.add("account", errors.New("can't be changed: make a new record in the other account"))
	}
	return nil
}

// checkReferences checks that referenced records, one or several per field, are of the same account. Missing ones are
// reported by PocketBase's check of the field.
func (k Kind) checkReferences(app core.App, record *core.Record, p problems) error {
	for field, collection := range k.References {
		ends, err := app.FindRecordsByIds(collection, record.GetStringSlice(field))
		if err != nil {
			return err
		}
		for _, end := range ends {
			if end.GetString("account") != record.GetString("account") {
				p.add(field, errors.New("belongs to another account"))
			}
		}
	}
	return nil
}
