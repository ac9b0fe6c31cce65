package main

import (
	"context"
	"database/sql"
	"encoding/json/jsontext"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// configurationAnswer holds records as they are stored, secrets as ciphertext.
type configurationAnswer struct {
	ConfigVersion int64 `json:"config_version"`
	// Schema is the newest applied migration file of pb_migrations.
	Schema       string           `json:"schema"`
	Sources      []map[string]any `json:"sources"`
	Destinations []map[string]any `json:"destinations"`
	Mappings     []map[string]any `json:"mappings"`
}

// configuration reads everything that decides where events go, as of one moment.
func (q *queue) configuration() (answer configurationAnswer, err error) {
	reader, ok := q.app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return answer, errNoDatabase
	}
	err = reader.TransactionalContext(context.Background(), &sql.TxOptions{ReadOnly: true}, func(tx *dbx.Tx) error {
		if err := tx.NewQuery(selectConfigVersion).Row(&answer.ConfigVersion); err != nil {
			return err
		}
		err := tx.NewQuery("SELECT coalesce(max(file), '') FROM _migrations WHERE file LIKE '%.js'").Row(&answer.Schema)
		if err != nil {
			return err
		}
		for name, into := range map[string]*[]map[string]any{
			"sources": &answer.Sources, "destinations": &answer.Destinations, "mappings": &answer.Mappings,
		} {
			if *into, err = readRaw(q.app, tx, name); err != nil {
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
		records[i] = map[string]any{}
		for _, field := range collection.Fields {
			if records[i][field.GetName()], err = rawValue(field, row); err != nil {
				return nil, err
			}
		}
	}
	return records, nil
}

func rawValue(field core.Field, row dbx.NullStringMap) (any, error) {
	stored := row[field.GetName()]
	switch field.Type() {
	case core.FieldTypeJSON:
		if !stored.Valid || stored.String == "" {
			return nil, nil
		}
		return jsontext.Value(stored.String), nil
	case core.FieldTypeBool:
		return strconv.ParseBool(stored.String)
	case core.FieldTypeNumber:
		return strconv.ParseFloat(stored.String, 64)
	default:
		return stored.String, nil
	}
}
