// Package configuration reads the configuration as of one moment, counts its versions and tells of new ones.
package configuration

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/rules"
	"pockethook/internal/store"
)

// Snapshot holds records as they are stored, secrets as ciphertext. A record with fields that hold no value of
// their type names them in `malformed`: it must not cost the others.
type Snapshot struct {
	ConfigVersion int64 `json:"config_version"`
	// Schema is the newest applied migration file of pb_migrations.
	Schema string `json:"schema"`
	// Records are those of each kind, by its collection.
	Records map[string][]map[string]any `json:"records"`
}

// Read reads everything that decides where events go, as of one moment.
func Read(app core.App) (answer Snapshot, err error) {
	reader, ok := app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return answer, store.ErrNoDatabase
	}
	err = reader.TransactionalContext(context.Background(), &sql.TxOptions{ReadOnly: true}, func(tx *dbx.Tx) error {
		if err := tx.NewQuery(store.SelectConfigVersion).Row(&answer.ConfigVersion); err != nil {
			return err
		}
		err := tx.NewQuery("SELECT coalesce(max(file), '') FROM _migrations WHERE file LIKE '%.js'").Row(&answer.Schema)
		if err != nil {
			return err
		}
		answer.Records = map[string][]map[string]any{}
		for _, name := range rules.Collections() {
			if answer.Records[name], err = readRaw(app, tx, name); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

func readRaw(app core.App, tx *dbx.Tx, name string) ([]map[string]any, error) {
	collection, err := app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return nil, err
	}
	var rows []dbx.NullStringMap
	if err := tx.Select("*").From(name).OrderBy("id").All(&rows); err != nil {
		return nil, err
	}
	records := make([]map[string]any, len(rows))
	for i, row := range rows {
		records[i] = rawRecord(collection, row)
	}
	return records, nil
}

func rawRecord(collection *core.Collection, row dbx.NullStringMap) map[string]any {
	record := map[string]any{}
	var malformed []string
	for _, field := range collection.Fields {
		value, err := rawValue(field, row[field.GetName()])
		if err != nil {
			malformed = append(malformed, field.GetName())
		}
		record[field.GetName()] = value
	}
	if malformed != nil {
		record["malformed"] = malformed
	}
	return record
}

var errMalformed = errors.New("holds no value of its type")

// rawValue gives null for what is no value of the field's type.
func rawValue(field core.Field, stored sql.NullString) (any, error) {
	several, _ := field.(core.MultiValuer)
	switch {
	case field.Type() == core.FieldTypeJSON, several != nil && several.IsMultiple():
		if !stored.Valid || stored.String == "" {
			return nil, nil
		}
		if value := jsontext.Value(stored.String); value.IsValid(jsontext.AllowDuplicateNames(true)) {
			return value, nil
		}
	case field.Type() == core.FieldTypeBool:
		if value, err := strconv.ParseBool(stored.String); err == nil {
			return value, nil
		}
	case field.Type() == core.FieldTypeNumber:
		if value, err := strconv.ParseFloat(stored.String, 64); err == nil && !math.IsInf(value, 0) && !math.IsNaN(value) {
			return value, nil
		}
	default:
		if utf8.ValidString(stored.String) {
			return stored.String, nil
		}
	}
	return nil, errMalformed
}
