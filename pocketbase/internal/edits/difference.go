package edits

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"reflect"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/rules"
	"pockethook/internal/secrets"
)

// shownAtMost bounds each value in an audit row, in bytes of JSON, so that all of a record's fit into the column.
const shownAtMost = 1500

// difference is the detail of an audit row: the record's name, and each changed field before and after, secrets masked.
// Nil if nothing changed. Before is nil for a created record, after for a deleted one.
func (c *changes) difference(app core.App, before, after *core.Record) (map[string]any, error) {
	was, err := c.describe(app, before)
	if err != nil {
		return nil, err
	}
	is, err := c.describe(app, after)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	for name := range maps.Keys(was) {
		if _, stays := is[name]; !stays {
			fields[name] = map[string]any{"from": shortened(was[name].shown)}
		}
	}
	for name, value := range is {
		old, stood := was[name]
		switch {
		case !stood && before == nil && value.compared == "false":
			// the default of a new record
		case !stood:
			fields[name] = map[string]any{"to": shortened(value.shown)}
		case !reflect.DeepEqual(old.compared, value.compared):
			fields[name] = map[string]any{"from": shortened(old.shown), "to": shortened(value.shown)}
		}
	}
	if before != nil && after != nil {
		kind, _ := rules.KindOf(after.Collection().Name)
		for _, field := range kind.AuditedApart {
			delete(fields, field)
		}
	}
	if before != nil && after != nil && len(fields) == 0 {
		return nil, nil
	}
	detail := map[string]any{"changes": fields}
	if name := nameIn(before, after); name != "" {
		detail["name"] = name
	}
	return detail, nil
}

func nameIn(records ...*core.Record) (name string) {
	for _, record := range records {
		if record == nil {
			continue
		}
		for _, field := range []string{"name", "email"} {
			if text := record.GetString(field); text != "" {
				name = text
				break
			}
		}
	}
	return name
}

// described is a field's value in two forms: masked, to be shown, and plain, to be compared.
type described struct {
	shown    any
	compared string
}

// describe leaves out empty fields, which most are.
func (c *changes) describe(app core.App, record *core.Record) (map[string]described, error) {
	fields := map[string]described{}
	if record == nil {
		return fields, nil
	}
	stored, err := record.DBExport(app)
	if err != nil {
		return nil, err
	}
	for _, field := range record.Collection().Fields {
		name := field.GetName()
		if !isAudited(field) {
			continue
		}
		compared, err := json.Marshal(stored[name], json.Deterministic(true))
		if err != nil {
			return nil, err
		}
		text := string(compared)
		switch text {
		case `null`, `""`, `[]`, `{}`, `0`:
			continue
		}
		if field.GetHidden() {
			fields[name] = described{secrets.Masked, text}
		} else {
			fields[name] = described{stored[name], text}
		}
	}
	for _, secret := range c.secrets.Show(record) {
		if _, filled := fields[secret.Field]; filled {
			fields[secret.Field] = described{secret.Value, secret.Compared}
		}
	}
	return fields, nil
}

// shortened cuts a long value, and appends its length.
func shortened(value any) any {
	text, isText := value.(string)
	if !isText {
		whole, err := json.Marshal(value, json.Deterministic(true))
		if err != nil || len(whole) <= shownAtMost {
			return value
		}
		text = string(whole)
	}
	if len(text) <= shownAtMost {
		return text
	}
	end := shownAtMost
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… (%d bytes in all)", text[:end], len(text))
}
