package main

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// ensureSuperuser makes the superuser that the API service logs in as. One that is right already is left alone:
// saving it would end its sessions.
func ensureSuperuser(app core.App, email, password string) error {
	record, err := app.FindAuthRecordByEmail(core.CollectionNameSuperusers, email)
	if errors.Is(err, sql.ErrNoRows) {
		collection, err := app.FindCachedCollectionByNameOrId(core.CollectionNameSuperusers)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.SetEmail(email)
	} else if err != nil {
		return err
	} else if record.ValidatePassword(password) {
		return nil
	}
	record.SetPassword(password)
	if err := app.Save(record); err != nil {
		return refusal{fmt.Sprintf("POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD can't be used for a superuser: %v", err)}
	}
	return nil
}
