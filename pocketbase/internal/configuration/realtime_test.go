package configuration_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"

	"pockethook/internal/configuration"
	"pockethook/internal/secrets"
	"pockethook/internal/store"
	. "pockethook/internal/testkit"
)

// subscribe opens a realtime connection; each message comes as "<topic> <data>".
func subscribe(s *Service, token string, topics ...string) <-chan string {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/api/realtime", nil)
	s.Must(err)
	response, err := http.DefaultClient.Do(request)
	s.Must(err)
	s.Cleanup(func() { cancel(); response.Body.Close() })
	messages := make(chan string, 100)
	go func() {
		defer close(messages)
		lines, topic := bufio.NewScanner(response.Body), ""
		for lines.Scan() {
			if name, found := strings.CutPrefix(lines.Text(), "event:"); found {
				topic = name
			} else if data, found := strings.CutPrefix(lines.Text(), "data:"); found {
				messages <- topic + " " + data
			}
		}
	}()
	_, connected, _ := strings.Cut(<-messages, " ")
	client := Decoded(connected).(Object)["clientId"]
	status, body := s.Call(token, "POST", "/api/realtime", Object{"clientId": client, "subscriptions": topics})
	if status != 204 {
		s.Fatalf("%d %s", status, body)
	}
	return messages
}

func TestRealtimeTellsSuperusersOfAChange(t *testing.T) {
	s := Serve(t)
	user := s.User(s.Account, "user@example.com")
	d := s.Destination(Object{"secrets": []string{SecretOne}})
	operator, other := subscribe(s, s.Operator, configuration.Topic), subscribe(s, user, configuration.Topic, "destinations/*")
	s.Update("destinations", d, Object{"name": "renamed"})
	s.Equal(<-operator, configuration.Topic+` {"config_version":`+string(Raw(s.Count(store.SelectConfigVersion)))+`}`)
	// What the user hears is the record, masked, and nothing before it.
	message := <-other
	if !strings.HasPrefix(message, "destinations/*") || !strings.Contains(message, "renamed") || strings.Contains(message, secrets.SealedPrefix) || strings.Contains(message, "whsec_") {
		t.Error(message)
	}

	// A destination that a settlement disables is told of as well.
	planned := s.Planned(d, Object{"lease": true})
	s.Call(s.Operator, "POST", "/api/pockethook/accept", Object{"owner": "a", "lease_ms": LeaseMs, "items": []Object{Item(s.Event(nil), planned)}})
	s.Call(s.Operator, "POST", "/api/pockethook/settle", Object{"owner": "a", "results": []Object{{
		"delivery": planned["id"], "lease_token": 1, "next": Object{"state": "dead", "retry_in_ms": 0, "used_try": true, "disable_destination": "gone"},
		"attempt": s.Tried("gone", nil),
	}}})
	s.Equal(<-operator, configuration.Topic+` {"config_version":`+string(Raw(s.Count(store.SelectConfigVersion)))+`}`)
	if message := <-other; !strings.Contains(message, `"enabled":false`) {
		t.Error(message)
	}
}
