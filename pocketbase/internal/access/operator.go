package access

import (
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
)

// EnsureOperator creates the first operator of an installation. After that, starts never change operators: passwords are
// changed in the dashboard, or with `superuser upsert` when they are lost.
func EnsureOperator(app core.App, email, password string) error {
	others := dbx.NewExp("email != {:installer}", dbx.Params{"installer": core.DefaultInstallerEmail})
	operators, err := app.CountRecords(core.CollectionNameSuperusers, others)
	if err != nil {
		return err
	}
	if operators > 0 {
		return tellUnusedVariables(app, email, password)
	}
	if email == "" || password == "" {
		return fault.Refusal("there is no operator yet: set POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD for this start, which makes one")
	}
	collection, err := app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.SetEmail(email)
	record.SetPassword(password)
	if err := app.Save(record); err != nil {
		return fault.Refusal(fmt.Sprintf("POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD can't be used for an operator: %v", err))
	}
	return nil
}

// tellUnusedVariables logs that the variables don't change the password of an existing operator.
func tellUnusedVariables(app core.App, email, password string) error {
	if email == "" || password == "" {
		return nil
	}
	record, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, email)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err != nil || !record.ValidatePassword(password) {
		log.Print("POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD are no operator's login. They make the first operator " +
			"only, so nothing was changed. A lost password: see docs/runbooks.")
	}
	return nil
}
