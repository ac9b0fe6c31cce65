package rules

import (
	"database/sql"
	"errors"

	"pockethook/internal/fault"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

const defaultAccount = "default"

var ownedCollections = []string{"sources", "destinations", "mappings"}

// bindAccounts gives every configuration record an account, once and for all, and keeps those of two accounts apart.
func bindAccounts(app core.App) {
	app.OnRecordCreate(ownedCollections...).BindFunc(fillAccount)
	app.OnRecordUpdate(ownedCollections...).BindFunc(fillAccount)
	for _, collection := range ownedCollections {
		bindCheck(app, collection, checkAccount)
	}
	bindCheck(app, "mappings", checkMappingEnds)
}

func fillAccount(e *core.RecordEvent) error {
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

// checkAccount: history, and the other end of a mapping, belong to the account that a record had from the beginning.
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

func checkMappingEnds(app core.App, record *core.Record, p problems) error {
	for field, collection := range map[string]string{"source": "sources", "destination": "destinations"} {
		end, err := app.FindRecordById(collection, record.GetString(field))
		if err != nil {
			continue // missing: the field itself says so
		}
		if end.GetString("account") != record.GetString("account") {
			p.add(field, errors.New("belongs to another account"))
		}
	}
	return nil
}
