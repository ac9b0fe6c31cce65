package testkit

import (
	"regexp"

	"github.com/pocketbase/dbx"
)

// grows finds steps that take longer the longer the history or the queue: whole tables, sorting, the index of states.
var grows = regexp.MustCompile(`SCAN (deliveries|d|e|events|attempts|destinations|t)$|TEMP B-TREE FOR ORDER|AUTOMATIC|idx_deliveries_(state|seq|account|destination)\b`)

// Growing lists the steps of a query that take longer the longer the history or the queue.
func (b *Bench) Growing(query string) (steps []string) {
	b.Helper()
	rows, err := b.App.NonconcurrentDB().(*dbx.DB).DB().Query("EXPLAIN QUERY PLAN "+named.ReplaceAllString(query, "?"), make([]any, 20)...)
	b.Must(err)
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		b.Must(rows.Scan(&id, &parent, &unused, &step))
		if grows.MatchString(step) {
			steps = append(steps, step)
		}
	}
	return steps
}

// named are the parameters of dbx.
var named = regexp.MustCompile(`\{:\w+\}`)
