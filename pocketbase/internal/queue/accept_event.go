package queue

import (
	"errors"
	"fmt"

	"pockethook/internal/fault"
	"pockethook/internal/triggers"
)

const insertEvent = `INSERT INTO events (id, account, source, trigger, type, correlation_id, traceparent, hops, dedupe_key, method, query,
	headers, signature_headers, content_type, item, extracted, decisions, duplicates, received_at, seq)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`

const insertBody = `INSERT INTO event_bodies (id, account, body, body_encoding) VALUES (?, ?, ?, ?)`

// errStale: the evaluator that fired is not the one any more, or the trigger's state has moved on. Nothing is stored.
var errStale = errors.New("the firing is stale")

// storeEvent stores an event, its body, and then its deliveries in their order; with a firing also what becomes of its trigger.
func (a *acceptance) storeEvent(event acceptEvent, firing *triggers.Advance, deliveries []plannedDelivery) (AcceptResult, error) {
	seq := a.takeSeq()
	inserted, err := a.tx.Exec(insertEvent,
		event.ID, event.Account, event.Source, event.Trigger, event.Type, event.CorrelationID, event.Traceparent, event.Hops,
		event.DedupeKey, event.Method, event.Query, string(event.Headers), valuesText(event.SignatureHeaders), event.ContentType, event.Item, string(event.Extracted),
		string(event.Decisions), event.ReceivedAt, seq)
	if err != nil {
		return AcceptResult{}, err
	}
	if inserted == 0 {
		return a.storedBefore(event, deliveries)
	}
	if firing != nil {
		if written, err := firing.Write(a.tx, a.now); err != nil {
			return AcceptResult{}, err
		} else if !written {
			return AcceptResult{}, errStale
		}
	}
	if _, err := a.tx.Exec(insertBody, event.ID, event.Account, event.Body, event.BodyEncoding); err != nil {
		return AcceptResult{}, err
	}
	leased := []string{}
	for _, delivery := range deliveries {
		got, err := a.storeDelivery(delivery, eventOf{event.ID, event.Account}, acceptReplay{})
		if err != nil {
			return AcceptResult{}, err
		}
		if got == storedAlready {
			return AcceptResult{}, fault.BadItem(fmt.Sprintf("the delivery %s belongs to another event", delivery.ID))
		}
		if got == storedLeased {
			leased = append(leased, delivery.ID)
		}
	}
	return AcceptResult{Status: "accepted", Seq: seq, Leased: leased}, nil
}

// storeBatch stores the events of one request, each with its deliveries. One that can't be stored fails them all.
func (a *acceptance) storeBatch(batch []batchedEvent) (AcceptResult, error) {
	result := AcceptResult{Status: "batch", Results: make([]AcceptResult, 0, len(batch))}
	for i, one := range batch {
		stored, err := a.storeEvent(one.Event, nil, one.Deliveries)
		if err != nil {
			return AcceptResult{}, inBatch(err, i, batch)
		}
		result.Results = append(result.Results, stored)
	}
	return result, nil
}

// inBatch says which event of a request is wrong.
func inBatch(err error, i int, batch []batchedEvent) error {
	var wrong fault.BadItem
	if errors.As(err, &wrong) {
		return fault.BadItem(fmt.Sprintf("in event %d of %d, %s", i+1, len(batch), string(wrong)))
	}
	return err
}

const selectEventSeq = `SELECT seq FROM events WHERE id = ?`

const countDuplicate = `UPDATE events SET duplicates = duplicates + 1 WHERE source = ? AND dedupe_key = ? AND dedupe_key != '' RETURNING id`

// storedBefore tells a repeated accept of this event from a different event with the same dedupe key.
func (a *acceptance) storedBefore(event acceptEvent, deliveries []plannedDelivery) (AcceptResult, error) {
	var seq int64
	repeated, err := a.tx.Row(selectEventSeq, []any{event.ID}, &seq)
	if err != nil {
		return AcceptResult{}, err
	}
	if repeated {
		leased, err := a.stillLeased(event.ID, deliveries)
		return AcceptResult{Status: "accepted", Seq: seq, Leased: leased}, err
	}
	var first string
	duplicate, err := a.tx.Row(countDuplicate, []any{event.Source, event.DedupeKey}, &first)
	if err != nil {
		return AcceptResult{}, err
	}
	if !duplicate {
		return AcceptResult{}, fmt.Errorf("the position given to event %s is taken: meta.seq is behind", event.ID)
	}
	return AcceptResult{Status: "duplicate", ID: first}, nil
}

const selectAccount = `SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?)`

func (a *acceptance) checkEvent(event acceptEvent) error {
	c := a.q.Limits.Of("events")
	c.ID("id", event.ID).Text("account", event.Account).Text("source", event.Source).Text("trigger", event.Trigger).
		Text("type", event.Type).
		Text("correlation_id", event.CorrelationID).Text("traceparent", event.Traceparent).
		Between("hops", event.Hops, 0, 1_000).Between("item", event.Item, 0, 1_000_000).Text("dedupe_key", event.DedupeKey).
		Text("method", event.Method).Text("query", event.Query).Text("content_type", event.ContentType).
		JSON("headers", event.Headers, '[').JSON("extracted", event.Extracted, '{').JSON("decisions", event.Decisions, '[').
		Time("received_at", event.ReceivedAt)
	if c.Err != nil {
		return c.Err
	}
	c.Text("signature_headers", valuesText(event.SignatureHeaders))
	if c.Err != nil {
		return c.Err
	}
	body := a.q.Limits.Of("event_bodies")
	body.Text("body", event.Body).OneOf("body_encoding", event.BodyEncoding, "utf8", "base64")
	if body.Err != nil {
		return body.Err
	}
	exists, known := a.accounts[event.Account]
	if !known {
		if _, err := a.tx.Row(selectAccount, []any{event.Account}, &exists); err != nil {
			return err
		}
		a.accounts[event.Account] = exists
	}
	if !exists {
		return fault.BadItem("there is no account " + event.Account)
	}
	return nil
}
