// Package statistics keeps how reading the statistics of sites goes that somebody else counts.
package statistics

import (
	"encoding/json/jsontext"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/fault"
	"pockethook/internal/store"
)

const (
	// problemAtMost bounds the JSON of one problem.
	problemAtMost = 4 << 10
	// atOnce bounds one request.
	atOnce = 10_000
)

// Statistics implements the routes.
type Statistics struct{ *store.Store }

// New makes Statistics on an open store.
func New(s *store.Store) *Statistics { return &Statistics{s} }

// Health is how reading one site goes. ReadAt is in milliseconds, 0 for never; Problem is an object, or null.
type Health struct {
	Site    string         `json:"site"`
	ReadAt  int64          `json:"read_at"`
	Problem jsontext.Value `json:"problem"`
}

// SaveRequest replaces what was known of these sites.
type SaveRequest struct {
	Items []Health `json:"items"`
}

// One of a site that was deleted meanwhile is not kept.
const saveHealth = `INSERT INTO statistics_health (site, read_at, problem) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM sites WHERE id = ?1)
	ON CONFLICT (site) DO UPDATE SET read_at = max(read_at, excluded.read_at), problem = excluded.problem`

// Save is for the process that reads; the last one wins.
func (s *Statistics) Save(request SaveRequest) (store.Written, error) {
	if len(request.Items) > atOnce {
		return store.Written{}, fault.BadRequest("at most 10000 sites are saved at once.")
	}
	for _, item := range request.Items {
		kind := item.Problem.Kind()
		if item.Site == "" || item.ReadAt < 0 || len(item.Problem) > problemAtMost || kind != '{' && kind != 'n' {
			return store.Written{}, fault.BadRequest("An item needs the id of a site, a time, and a problem: an object, or null.")
		}
	}
	return s.WriteAnd(func(tx *store.Transaction) error {
		for _, item := range request.Items {
			if _, err := tx.Exec(saveHealth, item.Site, item.ReadAt, string(item.Problem)); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadRequest names sites.
type ReadRequest struct {
	Sites []string `json:"sites"`
}

// ReadAnswer holds those of which something is known.
type ReadAnswer struct {
	Items []Health `json:"items"`
}

// Read only reads: it never waits for writes.
func (s *Statistics) Read(request ReadRequest) (ReadAnswer, error) {
	if len(request.Sites) > atOnce {
		return ReadAnswer{}, fault.BadRequest("at most 10000 sites are read at once.")
	}
	answer := ReadAnswer{Items: []Health{}}
	ids := make([]any, len(request.Sites))
	for i, site := range request.Sites {
		ids[i] = site
	}
	rows, err := s.App.ConcurrentDB().Select("site", "read_at", "problem").From("statistics_health").Where(dbx.In("site", ids...)).Rows()
	if err != nil {
		return answer, err
	}
	defer rows.Close()
	for rows.Next() {
		var one Health
		var problem string
		if err := rows.Scan(&one.Site, &one.ReadAt, &problem); err != nil {
			return answer, err
		}
		one.Problem = jsontext.Value(problem)
		answer.Items = append(answer.Items, one)
	}
	return answer, rows.Err()
}

// Bind forgets a site together with it.
func Bind(app core.App) {
	app.OnRecordDeleteExecute("sites").BindFunc(func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil {
			return err
		}
		_, err := e.App.DB().NewQuery("DELETE FROM statistics_health WHERE site = {:id}").Bind(dbx.Params{"id": e.Record.Id}).Execute()
		return err
	})
}
