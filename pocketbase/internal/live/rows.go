package live

import (
	"encoding/json/v2"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Event is EventSummary of api/src/store/records.ts, with times as stored.
type Event struct {
	RowID         int64         `db:"rowid" json:"-"`
	ID            string        `db:"id" json:"id"`
	Account       string        `db:"account" json:"account"`
	Source        string        `db:"source" json:"source"`
	Trigger       string        `db:"trigger" json:"trigger"`
	Type          string        `db:"type" json:"type"`
	CorrelationID string        `db:"correlation_id" json:"correlation_id"`
	Traceparent   string        `db:"traceparent" json:"traceparent"`
	Hops          int64         `db:"hops" json:"hops"`
	DedupeKey     string        `db:"dedupe_key" json:"dedupe_key"`
	Method        string        `db:"method" json:"method"`
	Query         string        `db:"query" json:"query"`
	ContentType   string        `db:"content_type" json:"content_type"`
	Item          int64         `db:"item" json:"item"`
	Extracted     types.JSONRaw `db:"extracted" json:"extracted"`
	Decisions     types.JSONRaw `db:"decisions" json:"decisions"`
	ReceivedAt    string        `db:"received_at" json:"received_at"`
	Seq           int64         `db:"seq" json:"seq"`
	Duplicates    int64         `db:"duplicates" json:"duplicates"`
}

// Delivery is DeliverySummary of api/src/store/records.ts, with times as stored.
type Delivery struct {
	RowID              int64  `db:"rowid" json:"-"`
	ID                 string `db:"id" json:"id"`
	Account            string `db:"account" json:"account"`
	Event              string `db:"event" json:"event"`
	Mapping            string `db:"mapping" json:"mapping"`
	Destination        string `db:"destination" json:"destination"`
	State              string `db:"state" json:"state"`
	Seq                int64  `db:"seq" json:"seq"`
	AttemptsMade       int64  `db:"attempts_made" json:"attempts_made"`
	NextAttemptAt      string `db:"next_attempt_at" json:"next_attempt_at"`
	ExpiresAt          string `db:"expires_at" json:"expires_at"`
	LastStatus         int64  `db:"last_status" json:"last_status"`
	LastError          string `db:"last_error" json:"last_error"`
	Replay             string `db:"replay" json:"replay"`
	ReplayID           string `db:"replay_id" json:"replay_id"`
	Passthrough        bool   `db:"passthrough" json:"passthrough"`
	RequestContentType string `db:"request_content_type" json:"request_content_type"`
	Created            string `db:"created" json:"created"`
	Updated            string `db:"updated" json:"updated"`
}

func (e Event) row() int64    { return e.RowID }
func (d Delivery) row() int64 { return d.RowID }

// rowLength stands for the short fields of a row.
const rowLength = 500

func (r Row) length() int {
	if r.Event != nil {
		return rowLength + len(r.Event.Extracted) + len(r.Event.Decisions) + len(r.Event.Query)
	}
	return rowLength + len(r.Delivery.LastError)
}

// EventColumns are those of Event, of a table with this alias.
func EventColumns(alias string) string {
	return alias + "." + strings.Join([]string{"rowid", "id", "account", "source", "trigger", "type", "correlation_id", "traceparent",
		"hops", "dedupe_key", "method", "query", "content_type", "item", "extracted", "decisions", "received_at", "seq", "duplicates"}, ", "+alias+".")
}

var selectEvents = `SELECT ` + EventColumns("events") + ` FROM events WHERE rowid IN (SELECT value FROM json_each({:rows}))`

// DeliveryColumns are those of Delivery, of a table with this alias.
func DeliveryColumns(alias string) string {
	return alias + "." + strings.Join([]string{"rowid", "id", "account", "event", "mapping", "destination", "state", "seq", "attempts_made",
		"next_attempt_at", "expires_at", "last_status", "last_error", "replay", "replay_id", "passthrough", "request_content_type", "created", "updated"}, ", "+alias+".")
}

var selectDeliveries = `SELECT ` + DeliveryColumns("deliveries") + ` FROM deliveries WHERE rowid IN (SELECT value FROM json_each({:rows}))`

// EventOf is what a delivery may be chosen by that only its event has.
type EventOf struct {
	ID            string `db:"id" json:"-"`
	Source        string `db:"source" json:"source"`
	Trigger       string `db:"trigger" json:"trigger"`
	Type          string `db:"type" json:"type"`
	CorrelationID string `db:"correlation_id" json:"correlation_id"`
}

const selectEventsOf = `SELECT id, source, trigger, type, correlation_id FROM events WHERE id IN (SELECT value FROM json_each({:ids}))`

func readEventsOf(db dbx.Builder, deliveries map[int64]*Delivery) (map[string]*EventOf, error) {
	if len(deliveries) == 0 {
		return nil, nil
	}
	ids := make([]string, 0, len(deliveries))
	for _, delivery := range deliveries {
		ids = append(ids, delivery.Event)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var found []EventOf
	if err := db.NewQuery(selectEventsOf).Bind(dbx.Params{"ids": string(list)}).All(&found); err != nil {
		return nil, err
	}
	byID := make(map[string]*EventOf, len(found))
	for i := range found {
		byID[found[i].ID] = &found[i]
	}
	return byID, nil
}

// readRows reads rows by their SQLite row ids. Rows that are gone are left out.
func readRows[T interface{ row() int64 }](db dbx.Builder, query string, rows []int64) (map[int64]*T, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	var found []T
	if err := db.NewQuery(query).Bind(dbx.Params{"rows": string(ids)}).All(&found); err != nil {
		return nil, err
	}
	byRow := make(map[int64]*T, len(found))
	for i := range found {
		byRow[found[i].row()] = &found[i]
	}
	return byRow, nil
}
