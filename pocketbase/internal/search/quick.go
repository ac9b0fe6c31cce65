package search

import (
	"context"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
)

// QuickRequest asks for what somebody may mean by a few characters.
type QuickRequest struct {
	Query   string `json:"q"`
	Account string `json:"account"`
}

// Found is one record.
type Found struct {
	Kind    string `db:"kind" json:"kind"`
	ID      string `db:"id" json:"id"`
	Account string `db:"account" json:"account"`
	// Name of a record; the type of an event; the state of a delivery.
	Name string `db:"name" json:"name"`
	// Detail tells it from others of the name.
	Detail string `db:"detail" json:"detail"`
}

// QuickAnswer has a few of each kind: records first, then what fits by its id or correlation id, then by its words.
type QuickAnswer struct {
	Found []Found `json:"found"`
}

const quickEach = 5

const (
	namesLike  = ` LIKE {:like} ESCAPE '\' AND {:account} IN ('', account) ORDER BY name, id LIMIT 5)`
	beginsWith = ` >= {:q} AND %s < {:end} AND {:account} IN ('', account) ORDER BY %s LIMIT 5)`
)

// selectNamed looks at the configuration, which is small.
var selectNamed = strings.Join([]string{
	`SELECT * FROM (SELECT 'source' AS kind, id, account, name, '' AS detail FROM sources WHERE name` + namesLike,
	`SELECT * FROM (SELECT iif(notifications, 'webhook', 'destination'), id, account, name, type FROM destinations WHERE (name || ' ' || description)` + namesLike,
	`SELECT * FROM (SELECT 'mapping', id, account, name, '' FROM mappings WHERE name` + namesLike,
	`SELECT * FROM (SELECT 'site', id, account, name, domain FROM sites WHERE (name || ' ' || domain)` + namesLike,
	`SELECT * FROM (SELECT 'goal', id, account, name, '' FROM goals WHERE name` + namesLike,
	`SELECT * FROM (SELECT 'trigger', id, account, name, type FROM triggers WHERE name` + namesLike,
}, " UNION ALL ")

// selectByID goes by indexes: ids and correlation ids that begin with what was typed.
var selectByID = strings.Join([]string{
	`SELECT * FROM (SELECT 'event' AS kind, id, account, type AS name, correlation_id AS detail FROM events WHERE id` + begins("id"),
	`SELECT * FROM (SELECT 'event', id, account, type, correlation_id FROM events INDEXED BY idx_events_correlation WHERE correlation_id` + begins("correlation_id"),
	`SELECT * FROM (SELECT 'delivery', id, account, state, event FROM deliveries WHERE id` + begins("id"),
}, " UNION ALL ")

func begins(column string) string { return strings.ReplaceAll(beginsWith, "%s", column) }

// idAtLeast: fewer characters say too little.
const idAtLeast = 4

// Quick looks for records by name, and for events and deliveries by id, correlation id and words.
func (s *Search) Quick(request QuickRequest) (answer QuickAnswer, err error) {
	query := strings.TrimSpace(request.Query)
	answer.Found = []Found{}
	if query == "" {
		return answer, nil
	}
	db := s.App.ConcurrentDB()
	escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(query)
	params := dbx.Params{"account": request.Account, "like": "%" + escaped + "%", "q": query, "end": query + "\U0010FFFF"}
	queries := []string{selectNamed}
	if len(query) >= idAtLeast && !strings.ContainsAny(query, " \t") {
		queries = append(queries, selectByID)
	}
	seen := map[string]bool{}
	add := func(found []Found) {
		for _, one := range found {
			if !seen[one.ID] {
				seen[one.ID], answer.Found = true, append(answer.Found, one)
			}
		}
	}
	for _, query := range queries {
		var found []Found
		if err := db.NewQuery(query).Bind(params).All(&found); err != nil {
			return answer, err
		}
		add(found)
	}
	ctx, cancel := context.WithTimeout(context.Background(), wordsTime)
	defer cancel()
	// Whole words first; then all that begin with the last one, unless those are too many to look at now.
	for _, words := range []string{query, query + "*"} {
		events, err := s.events(ctx, Filter{Query: words, Account: request.Account, Limit: quickEach})
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return answer, err
		}
		for _, event := range events.Events {
			add([]Found{{Kind: "event", ID: event.ID, Account: event.Account, Name: event.Type, Detail: event.CorrelationID}})
		}
		if len(events.Events) == quickEach {
			break
		}
	}
	return answer, nil
}

// wordsTime is how long words are looked for while somebody types.
const wordsTime = 40 * time.Millisecond
