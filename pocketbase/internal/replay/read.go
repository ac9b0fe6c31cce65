package replay

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"pockethook/internal/fault"
)

const (
	// replayedAtMost bounds the bodies of one event's deliveries together, since they are stored in one commit.
	replayedAtMost = 32 << 20
	// rowLength is what each row counts in addition to its body.
	rowLength = 256
)

// ReadRequest asks for the content that a replay sends again. The answer ends when its bodies reach MaxLength bytes, the
// last one included.
type ReadRequest struct {
	// Account is the account that the events must belong to; empty: any.
	Account   string        `json:"account"`
	Mode      string        `json:"mode"`
	MaxLength int           `json:"max_length"`
	Events    []WantedEvent `json:"events"`
}

// WantedEvent names an event, and those of its deliveries whose bodies are wanted.
type WantedEvent struct {
	ID         string   `json:"id"`
	Deliveries []string `json:"deliveries"`
}

// Contents has one entry for each wanted event, in the same order; the last ones may be left out, but never all.
type Contents struct {
	Events []PastContent `json:"events"`
}

// PastContent has one of the statuses read (with Event and Deliveries), gone (deleted, or another account's) and too_large.
type PastContent struct {
	Status     string         `json:"status"`
	Event      *EventContent  `json:"event,omitzero"`
	Deliveries []DeliveryBody `json:"deliveries,omitzero"`
}

// EventContent has an empty body unless a wanted delivery passes it through, or the event is to be planned again.
type EventContent struct {
	ID            string        `db:"id" json:"id"`
	Account       string        `db:"account" json:"account"`
	Source        string        `db:"source" json:"source"`
	Trigger       string        `db:"trigger" json:"trigger"`
	Type          string        `db:"type" json:"type"`
	CorrelationID string        `db:"correlation_id" json:"correlation_id"`
	Traceparent   string        `db:"traceparent" json:"traceparent"`
	Hops          int64         `db:"hops" json:"hops"`
	Method        string        `db:"method" json:"method"`
	Query         string        `db:"query" json:"query"`
	Headers       types.JSONRaw `db:"headers" json:"headers"`
	// SignatureHeaders are null or a list.
	SignatureHeaders types.JSONRaw `db:"signature_headers" json:"signature_headers"`
	ContentType      string        `db:"content_type" json:"content_type"`
	Item             int64         `db:"item" json:"item"`
	ReceivedAt       string        `db:"received_at" json:"received_at"`
	Body             string        `db:"body" json:"body"`
	BodyEncoding     string        `db:"body_encoding" json:"body_encoding"`
}

// DeliveryBody is the body of a delivery; with Passthrough it is the event's.
type DeliveryBody struct {
	Mapping            string `db:"mapping" json:"mapping"`
	Destination        string `db:"destination" json:"destination"`
	Passthrough        bool   `db:"passthrough" json:"passthrough"`
	RequestBody        string `db:"request_body" json:"request_body"`
	RequestContentType string `db:"request_content_type" json:"request_content_type"`
	// RequestValues are null or an object.
	RequestValues types.JSONRaw `db:"request_values" json:"request_values"`
}

const (
	selectReplayedEvent = `SELECT id, account, source, trigger, type, correlation_id, traceparent, hops, method, query, headers,
		CASE signature_headers WHEN '' THEN 'null' ELSE signature_headers END AS signature_headers, content_type, item, received_at, '' AS body, 'utf8' AS body_encoding FROM events WHERE id = {:id} AND {:account} IN ('', account)`
	selectReplayedBody     = `SELECT body, body_encoding FROM event_bodies WHERE id = {:event}`
	selectReplayedDelivery = `SELECT mapping, destination, passthrough, request_body, request_content_type,
		CASE request_values WHEN '' THEN 'null' ELSE request_values END AS request_values FROM deliveries
		WHERE id = {:id} AND event = {:event}`
)

// contentReader holds statements that are prepared once for all events of a request.
type contentReader struct {
	ReadRequest
	event, body, delivery *dbx.Query
}

// Read only reads, so it never waits for writes; its answer is bounded.
func (r *Replays) Read(request ReadRequest) (answer Contents, err error) {
	if len(request.Events) > pageAtMost {
		return Contents{}, fault.BadRequest("at most 500 events are read at once.")
	}
	db := r.App.ConcurrentDB()
	reader := contentReader{
		request, db.NewQuery(selectReplayedEvent).Prepare(), db.NewQuery(selectReplayedBody).Prepare(),
		db.NewQuery(selectReplayedDelivery).Prepare(),
	}
	defer func() { err = errors.Join(err, reader.event.Close(), reader.body.Close(), reader.delivery.Close()) }()
	answer.Events = []PastContent{}
	for length, next := 0, 0; next < len(request.Events) && (next == 0 || length < request.MaxLength); next++ {
		content, err := reader.read(request.Events[next])
		if err != nil {
			return Contents{}, err
		}
		answer.Events = append(answer.Events, content)
		length += content.length()
	}
	return answer, nil
}

// read reads the deliveries first, because they decide whether the event's body is needed.
func (r contentReader) read(wanted WantedEvent) (PastContent, error) {
	content := PastContent{Status: "read", Event: &EventContent{}, Deliveries: []DeliveryBody{}}
	err := r.event.Bind(dbx.Params{"id": wanted.ID, "account": r.Account}).One(content.Event)
	if err != nil {
		return goneUnless(err)
	}
	needsBody := r.Mode == "current"
	for _, id := range wanted.Deliveries {
		var delivery DeliveryBody
		if err := r.delivery.Bind(dbx.Params{"id": id, "event": wanted.ID}).One(&delivery); err != nil {
			return goneUnless(err)
		}
		needsBody = needsBody || delivery.Passthrough
		content.Deliveries = append(content.Deliveries, delivery)
		if content.length() > replayedAtMost {
			return PastContent{Status: "too_large"}, nil
		}
	}
	if needsBody {
		err := r.body.Bind(dbx.Params{"event": wanted.ID}).Row(&content.Event.Body, &content.Event.BodyEncoding)
		if err != nil {
			return goneUnless(err)
		}
	}
	return content, nil
}

func goneUnless(err error) (PastContent, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return PastContent{Status: "gone"}, nil
	}
	return PastContent{}, err
}

func (c PastContent) length() int {
	length := rowLength
	if c.Event != nil {
		length += len(c.Event.Body) + len(c.Event.Headers)
	}
	for _, delivery := range c.Deliveries {
		length += len(delivery.RequestBody) + rowLength
	}
	return length
}
