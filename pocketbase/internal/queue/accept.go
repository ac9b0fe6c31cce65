package queue

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"errors"
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
	"pockethook/internal/triggers"
)

// AcceptRequest is a batch of AcceptItems of api/src/store/queue.ts. Items are parsed one by one: a malformed one fails alone.
type AcceptRequest struct {
	Owner   string           `json:"owner"`
	LeaseMs int64            `json:"lease_ms"`
	Items   []jsontext.Value `json:"items"`
}

type acceptItem struct {
	Event *acceptEvent `json:"event"`
	// Firing: a trigger raised the event, whose state moves on with it.
	Firing     *triggers.Advance `json:"firing"`
	Replay     *acceptReplay     `json:"replay"`
	Deliveries []plannedDelivery `json:"deliveries"`
	// Batch: the events of one request, which are stored together or not at all.
	Batch []batchedEvent `json:"batch"`
}

type batchedEvent struct {
	Event      acceptEvent       `json:"event"`
	Deliveries []plannedDelivery `json:"deliveries"`
}

type acceptEvent struct {
	ID            string         `json:"id"`
	Account       string         `json:"account"`
	Source        string         `json:"source"`
	Trigger       string         `json:"trigger"`
	Type          string         `json:"type"`
	CorrelationID string         `json:"correlation_id"`
	Traceparent   string         `json:"traceparent"`
	Hops          int64          `json:"hops"`
	DedupeKey     string         `json:"dedupe_key"`
	Method        string         `json:"method"`
	Query         string         `json:"query"`
	Headers       jsontext.Value `json:"headers"`
	// SignatureHeaders are null or absent unless a destination relays them.
	SignatureHeaders jsontext.Value `json:"signature_headers"`
	ContentType      string         `json:"content_type"`
	// Item is the position in a request that was split, from 1; 0: the event is the whole request.
	Item         int64          `json:"item"`
	Body         string         `json:"body"`
	BodyEncoding string         `json:"body_encoding"`
	Extracted    jsontext.Value `json:"extracted"`
	Decisions    jsontext.Value `json:"decisions"`
	ReceivedAt   string         `json:"received_at"`
}

type acceptReplay struct {
	Event string `json:"event"`
	Mode  string `json:"mode"`
	audit.Caller
	// Job is the id of the bulk replay that this belongs to, if any.
	Job string `json:"job"`
}

type plannedDelivery struct {
	ID                 string `json:"id"`
	Mapping            string `json:"mapping"`
	Destination        string `json:"destination"`
	Passthrough        bool   `json:"passthrough"`
	RequestBody        string `json:"request_body"`
	RequestContentType string `json:"request_content_type"`
	// RequestValues are the results of the expressions in the destination's URL and headers; absent or null: there are none.
	RequestValues jsontext.Value `json:"request_values"`
	ExpiresInMs   int64          `json:"expires_in_ms"`
	Lease         bool           `json:"lease"`
}

// Lenient, since payloads may contain lone surrogates and repeated names; refusing those here would lose the event.
var Lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// AcceptResult is one of accepted (Seq, Leased), duplicate (ID), stale (of a firing), failed (Message) and batch (Results).
type AcceptResult struct {
	Status  string   `json:"status"`
	Seq     int64    `json:"seq,omitzero"`
	Leased  []string `json:"leased,omitzero"`
	ID      string   `json:"id,omitzero"`
	Message string   `json:"message,omitzero"`
	// Results of a batch are accepted or duplicate, in the order of its events.
	Results []AcceptResult `json:"results,omitzero"`
	// KeyReused: the replay failed because its key was used for another request.
	KeyReused bool `json:"key_reused,omitzero"`
	// Made are the deliveries made before, if this replay is a repetition.
	Made []madeDelivery `json:"made,omitzero"`
	audit.Repetition
}

// madeDelivery is a delivery made by a replay.
type madeDelivery struct {
	ID          string `json:"id"`
	Mapping     string `json:"mapping"`
	Destination string `json:"destination"`
}

// AcceptAnswer has a result for each item, in their order.
type AcceptAnswer struct {
	store.Versions
	Results []AcceptResult `json:"results"`
}

// acceptance is one accept under way.
type acceptance struct {
	q          *Queue
	tx         *store.Transaction
	owner      string
	now        time.Time
	leaseUntil string
	nextSeq    int64
	accounts   map[string]bool
	capacities map[string]*capacity
	// savepoints: each item is written in one. Else an item that fails fails the transaction, with errHalfWritten.
	savepoints bool
}

// errHalfWritten: an item failed that may have written something, and has to be undone alone.
var errHalfWritten = errors.New("an item failed")

// Accept stores events with their deliveries, and deliveries of replays, in one durable commit; an item that fails fails alone.
// That takes a savepoint for each, for which SQLite copies every page that is written, a third of the whole work. So there
// are none at first, and if an item fails all is done again, with them.
func (q *Queue) Accept(request AcceptRequest) (AcceptAnswer, error) {
	if err := store.CheckLease(request.Owner, request.LeaseMs); err != nil {
		return AcceptAnswer{}, err
	}
	items, problems := decodeItems(request.Items)
	answer, err := q.acceptAll(request, items, problems, false)
	if errors.Is(err, errHalfWritten) {
		return q.acceptAll(request, items, problems, true)
	}
	return answer, err
}

func (q *Queue) acceptAll(request AcceptRequest, items []acceptItem, problems []error, savepoints bool) (AcceptAnswer, error) {
	answer := AcceptAnswer{Results: make([]AcceptResult, 0, len(items))}
	err := q.Write(func(tx *store.Transaction) error {
		now := q.Now()
		a := &acceptance{
			q: q, tx: tx, owner: request.Owner, now: now,
			leaseUntil: store.FormatTime(now.Add(time.Duration(request.LeaseMs) * time.Millisecond)),
			accounts:   map[string]bool{}, capacities: map[string]*capacity{}, savepoints: savepoints,
		}
		if err := a.reserveSeq(items); err != nil {
			return err
		}
		for i, item := range items {
			result, err := a.store(item, problems[i])
			if err != nil {
				return err
			}
			answer.Results = append(answer.Results, result)
		}
		versions, err := store.ReadVersions(tx)
		answer.Versions = versions
		return err
	})
	return answer, err
}

func decodeItems(raw []jsontext.Value) (items []acceptItem, problems []error) {
	items, problems = make([]acceptItem, len(raw)), make([]error, len(raw))
	for i, value := range raw {
		if json.Unmarshal(value, &items[i], Lenient) != nil {
			problems[i] = fault.BadItem("the item is not of the form {event, deliveries}, {replay, deliveries} or {batch}")
		} else if items[i].kinds() != 1 {
			problems[i] = fault.BadItem("the item needs either an event or a replay, or is a batch")
		}
	}
	return items, problems
}

func (i acceptItem) kinds() int {
	kinds := 0
	for _, is := range []bool{i.Event != nil, i.Replay != nil, len(i.Batch) > 0} {
		if is {
			kinds++
		}
	}
	return kinds
}

const reserveSeq = `UPDATE meta SET value = value + ? WHERE key = 'seq' RETURNING value`

// reserveSeq reserves sequence numbers for all events and deliveries of the batch; those of failed items stay unused.
func (a *acceptance) reserveSeq(items []acceptItem) error {
	count := int64(len(items))
	for _, item := range items {
		count += int64(len(item.Deliveries) + len(item.Batch))
		for _, one := range item.Batch {
			count += int64(len(one.Deliveries))
		}
	}
	var last int64
	if _, err := a.tx.Row(reserveSeq, []any{count}, &last); err != nil {
		return err
	}
	a.nextSeq = last - count + 1
	return nil
}

func (a *acceptance) takeSeq() int64 {
	seq := a.nextSeq
	a.nextSeq++
	return seq
}

// store stores one item and returns its result; an error means that the store failed, and fails the whole batch.
func (a *acceptance) store(item acceptItem, problem error) (result AcceptResult, err error) {
	if problem == nil {
		problem = a.check(item)
	}
	if problem == nil {
		result, problem = a.write(item)
		if _, failed := failureOf(problem); failed && !a.savepoints {
			return result, errHalfWritten
		}
	}
	if failure, failed := failureOf(problem); failed {
		return failure, nil
	}
	return result, problem
}

// failureOf is the result of an item that failed by itself; false: it didn't, though the store may have.
func failureOf(problem error) (AcceptResult, bool) {
	var wrong fault.BadItem
	switch {
	case errors.Is(problem, audit.ErrKeyReused):
		return AcceptResult{Status: "failed", Message: audit.ErrKeyReused.Message, KeyReused: true}, true
	case errors.Is(problem, errStale):
		return AcceptResult{Status: "stale"}, true
	case errors.As(problem, &wrong):
		return AcceptResult{Status: "failed", Message: string(wrong)}, true
	}
	return AcceptResult{}, false
}

// check finds what is wrong with an item by itself, before anything is written.
func (a *acceptance) check(item acceptItem) error {
	for i, one := range item.Batch {
		if err := a.checkParts(&one.Event, one.Deliveries); err != nil {
			return inBatch(err, i, item.Batch)
		}
	}
	return a.checkParts(item.Event, item.Deliveries)
}

func (a *acceptance) checkParts(event *acceptEvent, deliveries []plannedDelivery) error {
	if event != nil {
		if err := a.checkEvent(*event); err != nil {
			return err
		}
	}
	for _, delivery := range deliveries {
		if err := a.checkDelivery(delivery); err != nil {
			return err
		}
	}
	return nil
}

func (a *acceptance) write(item acceptItem) (result AcceptResult, err error) {
	write := func() error {
		switch {
		case item.Event != nil:
			result, err = a.storeEvent(*item.Event, item.Firing, item.Deliveries)
		case item.Replay != nil:
			result, err = a.storeReplay(*item.Replay, item.Deliveries)
		default:
			result, err = a.storeBatch(item.Batch)
		}
		return err
	}
	if !a.savepoints {
		err = write()
		return result, err
	}
	if err = a.tx.InSavepoint(write); err != nil {
		// The savepoint undid the item's writes, so undo its counts as well.
		clear(a.capacities)
	}
	return result, err
}
