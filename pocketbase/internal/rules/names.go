package rules

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// checkNameIsFree refuses a name that another record has: files, the command line and people refer to records by name. The
// unique indexes would refuse it as well, but without saying where the name is used.
func (k Kind) checkNameIsFree(app core.App, record *core.Record, p problems) error {
	if k.NameFrom != "" && record.GetString("name") == record.GetString(k.NameFrom) {
		return nil
	}
	same := dbx.HashExp{"name": record.GetString("name")}
	taken := fmt.Errorf("is the name of another %s of this account already: choose another", k.Singular)
	switch {
	case k.Within != "":
		same[k.Within] = record.GetString(k.Within)
		taken = fmt.Errorf("is the name of another %s of this %s already: choose another", k.Singular, k.Within)
	case k.OneNameEverywhere == "":
		same["account"] = record.GetString("account")
	default:
		taken = fmt.Errorf("is the name of another %s already, maybe of another account: %s, so choose another", k.Singular, k.OneNameEverywhere)
	}
	var others int
	err := app.RecordQuery(k.Collection).Select("count(*)").
		AndWhere(same).AndWhere(dbx.Not(dbx.HashExp{"id": record.Id})).Row(&others)
	if others > 0 {
		p.add("name", taken)
	}
	return err
}
