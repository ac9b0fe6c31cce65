package main

import (
	"errors"
	"maps"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
)

// problems are what is wrong with the fields of one record, by field.
type problems map[string]error

func (p problems) add(field string, err error) {
	if err != nil && p[field] == nil {
		p[field] = fieldError(err)
	}
}

// bindCheck adds a check to every save of a collection, with all its problems told at once, each at its field.
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
		if len(all) > 0 {
			return all
		}
		return nil
	})
}
