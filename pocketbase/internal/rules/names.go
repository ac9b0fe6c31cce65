package rules

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// taken says what to do about a name that another record has already. The unique indexes would say only that it is.
var taken = map[string]error{
	"sources":      errors.New("is the name of another source already, maybe of another account: it is part of the ingest URL, so choose another"),
	"destinations": errors.New("is the name of another destination of this account already: choose another"),
	"mappings":     errors.New("is the name of another mapping of this account already: choose another"),
}

// checkNameIsFree keeps names apart, by which files, the command line and people know records.
func checkNameIsFree(app core.App, record *core.Record, p problems) error {
	collection := record.Collection().Name
	same := dbx.HashExp{"name": record.GetString("name")}
	if collection != "sources" {
		same["account"] = record.GetString("account")
	}
	var others int
	err := app.RecordQuery(collection).Select("count(*)").
		AndWhere(same).AndWhere(dbx.Not(dbx.HashExp{"id": record.Id})).Row(&others)
	if others > 0 {
		p.add("name", taken[collection])
	}
	return err
}
