package queue

import (
	"encoding/json/jsontext"
	"fmt"
	"slices"
	"time"

	"pockethook/internal/audit"
	"pockethook/internal/fault"
	"pockethook/internal/store"
)

// eventOf holds the fields that a delivery copies from its event.
type eventOf struct{ id, account string }

type stored int

const (
	// storedAlready: a delivery with this id exists; nothing was written.
	storedAlready stored = iota
	storedWaiting
	storedLeased
)

const insertDelivery = `INSERT INTO deliveries (id, account, event, mapping, destination, state, passthrough, request_body,
	request_content_type, request_values, next_attempt_at, expires_at, lease_owner, lease_until, lease_token, claims, last_error, replay,
	replay_id, seq, created, updated)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`

// storeDelivery stores one planned delivery, leased to the caller if the caller asked for that and the destination has
// capacity. It checks the destination again, since the plan may be older than its last edit. The replay of a first delivery is empty.
func (a *acceptance) storeDelivery(planned plannedDelivery, event eventOf, replay acceptReplay) (stored, error) {
	capacity, err := a.capacity(planned.Destination)
	if err != nil {
		return storedAlready, err
	}
	state, owner, until, token, lastError := "pending", "", "", 0, ""
	switch {
	case !capacity.exists:
		state, lastError = "cancelled", store.DestinationDeleted
	case !capacity.open:
		state = "held"
	case planned.Lease && capacity.allows():
		state, owner, until, token = "delivering", a.owner, a.leaseUntil, 1
	}
	now := store.FormatTime(a.now)
	inserted, err := a.tx.Exec(insertDelivery,
		planned.ID, event.account, event.id, planned.Mapping, planned.Destination, state, planned.Passthrough,
		planned.RequestBody, planned.RequestContentType, valuesText(planned.RequestValues), now,
		store.FormatTime(a.now.Add(time.Duration(planned.ExpiresInMs)*time.Millisecond)),
		owner, until, token, token, lastError, replay.Mode, replay.Job, a.takeSeq(), now, now)
	if err != nil || inserted == 0 {
		return storedAlready, err
	}
	capacity.add(state)
	if state == "delivering" {
		return storedLeased, nil
	}
	return storedWaiting, nil
}

// valuesText is empty if there are none, as for nearly all deliveries.
func valuesText(values jsontext.Value) string {
	if text := string(values); text != "null" {
		return text
	}
	return ""
}

func (a *acceptance) checkDelivery(planned plannedDelivery) error {
	c := a.q.Limits.Of("deliveries")
	c.ID("id", planned.ID).Text("mapping", planned.Mapping).ID("destination", planned.Destination).
		Text("request_body", planned.RequestBody).Text("request_content_type", planned.RequestContentType).
		Text("request_values", valuesText(planned.RequestValues)).
		Between("expires_in_ms", planned.ExpiresInMs, 1, expiresAtMost.Milliseconds())
	return c.Err
}

const extendLease = `UPDATE deliveries INDEXED BY idx_deliveries_event SET lease_until = ?
	WHERE event = ? AND state = 'delivering' AND lease_owner = ? AND lease_token = 1 AND lease_until > ? RETURNING id`

// stillLeased answers a repeated accept: the caller didn't get the first answer and may hold a lease without knowing.
func (a *acceptance) stillLeased(event string, deliveries []plannedDelivery) ([]string, error) {
	leased, err := a.tx.Texts(extendLease, a.leaseUntil, event, a.owner, store.FormatTime(a.now))
	return slices.DeleteFunc(leased, func(id string) bool {
		return !slices.ContainsFunc(deliveries, func(d plannedDelivery) bool { return d.ID == id })
	}), err
}

const selectReplayed = `SELECT account, seq FROM events WHERE id = ?`

const selectForeign = `SELECT EXISTS (SELECT 1 FROM deliveries WHERE id = ? AND event != ?)`

// storeReplay adds deliveries to a stored event. Deliveries that exist were added by the same call before. A repeated
// request (same Idempotency-Key) adds nothing, even if the current rules would plan something else.
func (a *acceptance) storeReplay(replay acceptReplay, deliveries []plannedDelivery) (AcceptResult, error) {
	c := a.q.Limits.Of("audit")
	if c.OneOf("mode", replay.Mode, "original", "current"); c.Err != nil {
		return AcceptResult{}, c.Err
	}
	if replay.Job != "" {
		if c := a.q.Limits.Of("deliveries"); c.ID("job", replay.Job).Err != nil {
			return AcceptResult{}, c.Err
		}
	}
	if err := replay.Caller.Check(); err != nil {
		return AcceptResult{}, fault.BadItem(err.Error())
	}
	db := a.tx.Builder()
	event := eventOf{id: replay.Event}
	var seq int64
	known, err := a.tx.Row(selectReplayed, []any{replay.Event}, &event.account, &seq)
	if err != nil {
		return AcceptResult{}, err
	}
	if !known {
		return AcceptResult{}, fault.BadItem(fmt.Sprintf("there is no event %q", replay.Event))
	}
	result := AcceptResult{Status: "accepted"}
	done, err := replay.Once.Recall(db, a.now, &result)
	if err != nil {
		return AcceptResult{}, err
	}
	if !done {
		made, err := a.addDeliveries(replay, event, deliveries)
		if err != nil {
			return AcceptResult{}, err
		}
		if err := replay.Once.Remember(db, a.now, AcceptResult{Status: "accepted", Made: made}); err != nil {
			return AcceptResult{}, err
		}
	}
	result.Seq = seq
	result.Leased, err = a.stillLeased(event.id, deliveries)
	return result, err
}

func (a *acceptance) addDeliveries(replay acceptReplay, event eventOf, deliveries []plannedDelivery) ([]madeDelivery, error) {
	made, added := []madeDelivery{}, []string{}
	for _, delivery := range deliveries {
		got, err := a.storeDelivery(delivery, event, replay)
		if err != nil {
			return nil, err
		}
		made = append(made, madeDelivery{delivery.ID, delivery.Mapping, delivery.Destination})
		if got != storedAlready {
			added = append(added, delivery.ID)
			continue
		}
		var foreign bool
		if _, err := a.tx.Row(selectForeign, []any{delivery.ID, event.id}, &foreign); err != nil {
			return nil, err
		}
		if foreign {
			return nil, fault.BadItem(fmt.Sprintf("the delivery %s belongs to another event", delivery.ID))
		}
	}
	if len(added) == 0 {
		return made, nil
	}
	detail := map[string]any{"mode": replay.Mode, "deliveries": added}
	if replay.Job != "" {
		detail["replay"] = replay.Job
	}
	return made, audit.Write(a.tx, a.now, audit.Entry{
		Account: event.account, By: replay.Caller, Action: "event.replay", SubjectType: "event", Subject: event.id,
		Detail: detail,
	})
}
