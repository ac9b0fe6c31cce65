// Package configuration reads consistent snapshots of the configuration, and counts and announces its versions.
package configuration

import (
	"database/sql"
	"encoding/json/jsontext"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/rules"
	"pockethook/internal/store"
)

// Snapshot holds records as stored, secrets as ciphertext. A record with fields of the wrong type names those in
// `malformed`, so that the other records stay usable.
type Snapshot struct {
	ConfigVersion int64 `json:"config_version"`
	// Since is the version whose changes since then the answer holds; nil: it holds every record.
	Since *int64 `json:"since"`
	// Schema is the newest applied migration file of pb_migrations.
	Schema string `json:"schema"`
	// Records are the records of each kind, by collection.
	Records map[string][]map[string]any `json:"records"`
	// Deleted are the ids of the records deleted since then, by collection.
	Deleted map[string][]string `json:"deleted"`
}

// Read reads a view in one consistent transaction: what changed since a version, or everything if those changes are not
// known any more. Versions are greater than 0.
func Read(app core.App, view store.View, since int64) (answer Snapshot, err error) {
	err = store.ReadOnly(app, func(tx *dbx.Tx) error {
		if answer.ConfigVersion, err = view.Version(tx); err != nil {
			return err
		}
		err := tx.NewQuery("SELECT coalesce(max(file), '') FROM _migrations WHERE file LIKE '%.js'").Row(&answer.Schema)
		if err != nil {
			return err
		}
		changed, known, err := changedSince(tx, view, since, answer.ConfigVersion)
		if err != nil {
			return err
		}
		if known {
			answer.Since = &since
		}
		answer.Records, answer.Deleted = map[string][]map[string]any{}, map[string][]string{}
		for _, kind := range rules.Kinds {
			if kind.View != view {
				continue
			}
			if err := answer.readKind(app, tx, kind.Collection, changed); err != nil {
				return err
			}
		}
		return nil
	})
	return answer, err
}

// changedSince returns the ids of the changed records, by collection.
func changedSince(tx *dbx.Tx, view store.View, since, version int64) (ids map[string]map[string]bool, known bool, err error) {
	changes, known, err := view.ChangedSince(tx, since, version)
	if err != nil || !known || since <= 0 {
		return nil, false, err
	}
	ids = map[string]map[string]bool{}
	for _, change := range changes {
		if ids[change.Collection] == nil {
			ids[change.Collection] = map[string]bool{}
		}
		ids[change.Collection][change.Record] = true
	}
	return ids, true, nil
}

// readKind reads every record of a collection, or those that changed.
func (s *Snapshot) readKind(app core.App, tx *dbx.Tx, collection string, changed map[string]map[string]bool) (err error) {
	s.Deleted[collection] = []string{}
	if s.Since == nil {
		s.Records[collection], err = readRaw(app, tx, collection, nil)
		return err
	}
	gone := maps.Clone(changed[collection])
	ids := []any{}
	for id := range gone {
		ids = append(ids, id)
	}
	if s.Records[collection], err = readRaw(app, tx, collection, dbx.In("id", ids...)); err != nil {
		return err
	}
	for _, record := range s.Records[collection] {
		delete(gone, record["id"].(string))
	}
	s.Deleted[collection] = slices.AppendSeq(s.Deleted[collection], maps.Keys(gone))
	return nil
}

func readRaw(app core.App, tx *dbx.Tx, name string, which dbx.Expression) ([]map[string]any, error) {
	collection, err := app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return nil, err
	}
	var rows []dbx.NullStringMap
	if err := tx.Select("*").From(name).Where(which).OrderBy("id").All(&rows); err != nil {
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

// rawValue returns null for a value that doesn't have the field's type.
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
