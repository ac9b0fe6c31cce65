package search

import (
	"context"
	"encoding/json/v2"

	"github.com/pocketbase/dbx"

	"pockethook/internal/live"
)

// DeliveriesAnswer has up to Limit deliveries, fewer also when looking took too long.
type DeliveriesAnswer struct {
	Deliveries []live.Delivery `json:"deliveries"`
	// Next is where to go on; 0: there are no more.
	Next int64 `json:"next"`
	// TooMany events have words that begin as the last one does: putting them together takes too long.
	TooMany bool `json:"too_many,omitzero"`
}

type foundDelivery struct{ live.Delivery }

func (d foundDelivery) position() int64 { return d.Seq }

// fewEvents are so many that their deliveries are looked up; of more, the deliveries are gone through.
const fewEvents = 2000

// Deliveries lists deliveries by their own fields, and by those of their events.
func (s *Search) Deliveries(f Filter) (answer DeliveriesAnswer, err error) {
	ctx, cancel := lookFor(f)
	defer cancel()
	if answer, err = s.deliveries(ctx, f); ctx.Err() != nil {
		return DeliveriesAnswer{Deliveries: []live.Delivery{}, TooMany: true}, nil
	}
	return answer, err
}

func (s *Search) deliveries(ctx context.Context, f Filter) (answer DeliveriesAnswer, err error) {
	answer.Deliveries = []live.Delivery{}
	if err := f.check(); err != nil {
		return answer, err
	}
	few := []string{}
	if f.asksForEvent() {
		query, params := eventIDsQuery(f)
		if query == "" {
			return answer, nil
		}
		if err := s.App.ConcurrentDB().NewQuery(query).WithContext(ctx).Bind(params).Column(&few); err != nil {
			return answer, err
		}
	}
	query, params, err := deliveriesQuery(f, few)
	if err != nil {
		return answer, err
	}
	found, next, err := walk[foundDelivery](s, ctx, f, query, params)
	for _, delivery := range found {
		answer.Deliveries = append(answer.Deliveries, delivery.Delivery)
	}
	answer.Next = next
	return answer, err
}

// eventIDsQuery is that of the newest events that fit, one more than few; empty if no event can have these words.
func eventIDsQuery(f Filter) (string, dbx.Params) {
	q := question{params: dbx.Params{"most": fewEvents + 1}}
	q.equal(f.ofEvent())
	q.equal(map[string]string{"e.account": f.Account})
	from, position, possible := q.events(f)
	if !possible {
		return "", nil
	}
	return `SELECT e.id FROM ` + from + q.where() + ` ORDER BY ` + position + ` DESC LIMIT {:most}`, q.params
}

func deliveriesQuery(f Filter, few []string) (string, dbx.Params, error) {
	q := question{params: dbx.Params{}}
	q.and(f.ofDelivery("d"))
	q.equal(map[string]string{"d.account": f.Account})
	q.during("d.created", f)
	from := f.deliveries()
	switch {
	case !f.asksForEvent():
	case len(few) <= fewEvents:
		list, err := json.Marshal(few)
		if err != nil {
			return "", nil, err
		}
		from = `json_each({:few}) CROSS JOIN deliveries d INDEXED BY idx_deliveries_event ON d.event = json_each.value`
		q.params["few"] = string(list)
	default:
		from += ` CROSS JOIN events e ON e.id = d.event`
		q.equal(f.ofEvent())
		if f.Query != "" {
			q.and([]string{`EXISTS (SELECT 1 FROM events_text WHERE events_text MATCH {:match} AND rowid = e.seq)`},
				dbx.Params{"match": matchOf("", f.Query)})
		}
	}
	q.conditions = append(q.conditions, `d.seq >= {:low}`, `d.seq < {:high}`)
	return `SELECT ` + live.DeliveryColumns("d") + ` FROM ` + from + q.where() + ` ORDER BY d.seq DESC LIMIT {:room}`, q.params, nil
}
