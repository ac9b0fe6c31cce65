package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// ways are how people pause and resume a destination.
var ways = map[string]func(s *Service, destination, command string){
	"command": func(s *Service, destination, command string) {
		status, body := s.Call(s.Operator, "POST", "/api/pockethook/destination",
			Object{"destination": destination, "command": command, "actor": "operator:operator@example.com", "via": "dashboard"})
		s.Equal([]any{status, Decoded(body).(Object)["status"]}, []any{200, "done"})
	},
	"record": func(s *Service, destination, command string) {
		status, _ := s.Call(s.Operator, "PATCH", "/api/collections/destinations/records/"+destination, Object{"paused": command == "pause"})
		s.Equal(status, 200)
	},
}

func TestEveryWayOfPausingIsTheSame(t *testing.T) {
	after := map[string]string{}
	for way, order := range ways {
		s := Serve(t)
		for _, enabled := range []bool{true, false} {
			after[way] += outcomeOf(s, order, enabled)
		}
	}
	if after["command"] != after["record"] {
		t.Errorf("by command:\n%s\nin the dashboard:\n%s", after["command"], after["record"])
	}
	for _, want := range []string{`destination.pause {"deliveries":1}`, `destination.resume {"deliveries":1}`, `destination.resume {"deliveries":0}`} {
		if !strings.Contains(after["record"], want) {
			t.Errorf("%q is missing in %s", want, after["record"])
		}
	}
}

// outcomeOf pauses and resumes a destination whose breaker is open, and tells of what came of it.
func outcomeOf(s *Service, order func(s *Service, destination, command string), enabled bool) string {
	d := s.Destination(nil)
	delivery := s.Enqueue(d)[0]
	s.Update("destinations", d, Object{"enabled": enabled})
	long := "2020-01-01 00:00:00.000Z"
	s.Execute(`INSERT INTO destination_health (id, account, state, failures, failing_since, next_probe_at)
		VALUES ({:id}, {:account}, 'open', 10, {:long}, '2099-01-01 00:00:00.000Z')`, dbx.Params{"id": d, "account": s.Account, "long": long})
	version := s.Count(store.SelectConfigVersion)
	var seen strings.Builder
	for _, command := range []string{"pause", "resume"} {
		order(s, d, command)
		breaker := s.Get("destination_health", d)
		fmt.Fprintln(&seen, command, s.State(delivery), breaker.GetString("state"), breaker.GetString("failing_since") == long,
			breaker.GetDateTime("next_probe_at").Time().Before(time.Now().Add(time.Hour)))
	}
	fmt.Fprintln(&seen, s.Count(store.SelectConfigVersion)-version)
	var rows []string
	s.Must(s.App.DB().NewQuery(`SELECT actor || ' ' || via || ' ' || action || ' ' || detail FROM audit WHERE subject = {:id} ORDER BY rowid`).
		Bind(dbx.Params{"id": d}).Column(&rows))
	return seen.String() + strings.Join(rows, "\n") + "\n"
}
