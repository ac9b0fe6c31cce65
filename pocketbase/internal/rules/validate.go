package rules

import (
	"errors"
	"maps"
	"slices"

	"pockethook/internal/fault"
	"pockethook/internal/secrets"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// problems are the validation errors of one record, by field.
type problems map[string]error

func (p problems) add(field string, err error) {
	if err != nil && p[field] == nil {
		p[field] = fault.AtField(err)
	}
}

// bindCheck adds a check to every save of a collection; all its problems are reported at once, each at its field.
func bindCheck(app core.App, collection string, check func(app core.App, record *core.Record, p problems) error) {
	bindCheckOfEvent(app, collection, func(e *core.RecordEvent, p problems) error { return check(e.App, e.Record, p) })
}

func bindCheckOfEvent(app core.App, collection string, check func(e *core.RecordEvent, p problems) error) {
	app.OnRecordValidate(collection).BindFunc(func(e *core.RecordEvent) error {
		found := problems{}
		if err := check(e, found); err != nil {
			return err
		}
		all := validation.Errors(found)
		err := e.Next()
		var others validation.Errors
		if errors.As(err, &others) {
			maps.Copy(all, others)
		} else if err != nil {
			return err
		}
		if changed := changedFields(e.Record); !slices.ContainsFunc(changed, isNotPutAside) && !isSwitchedOn(e.Record) {
			maps.DeleteFunc(all, func(field string, _ error) bool { return !slices.Contains(changed, field) })
		}
		if len(all) > 0 {
			return all
		}
		return nil
	})
}

// putAside are the fields that change when a record is renamed, disabled or paused. Such an edit must not fail because of
// values stored in other fields, such as a secret of a lost key, or a value that newer rules refuse.
var putAside = []string{"name", "enabled", "disabled_reason", "paused", "updated"}

func isNotPutAside(field string) bool { return !slices.Contains(putAside, field) }

func isSwitchedOn(record *core.Record) bool {
	return record.IsNew() || record.GetBool("enabled") && !record.Original().GetBool("enabled")
}

func changedFields(record *core.Record) (names []string) {
	for _, name := range record.Collection().Fields.FieldNames() {
		if !secrets.IsUnchanged(record, name) {
			names = append(names, name)
		}
	}
	return names
}
