package main

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
)

// subscribe opens a realtime connection; each message comes as "<topic> <data>".
func subscribe(s *service, token string, topics ...string) <-chan string {
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
	client := decoded(connected).(object)["clientId"]
	status, body := s.Call(token, "POST", "/api/realtime", object{"clientId": client, "subscriptions": topics})
	if status != 204 {
		s.Fatalf("%d %s", status, body)
	}
	return messages
}

func TestRealtimeTellsSuperusersOfAChange(t *testing.T) {
	s := serve(t)
	user := s.User(s.Account, "user@example.com")
	d := s.Destination(object{"secrets": []string{secretOne}})
	operator, other := subscribe(s, s.Operator, configTopic), subscribe(s, user, configTopic, "destinations/*")
	s.Update("destinations", d, object{"name": "renamed"})
	s.Equal(<-operator, configTopic+` {"config_version":`+string(raw(s.Count(selectConfigVersion)))+`}`)
	// What the user hears is the record, masked, and nothing before it.
	message := <-other
	if !strings.HasPrefix(message, "destinations/*") || !strings.Contains(message, "renamed") || strings.Contains(message, sealedPrefix) || strings.Contains(message, "whsec_") {
		t.Error(message)
	}

	// A destination that a settlement disables is told of as well.
	planned := s.Planned(d, object{"lease": true})
	s.Call(s.Operator, "POST", "/api/pockethook/accept", object{"owner": "a", "lease_ms": leaseMs, "items": []object{item(s.Event(nil), planned)}})
	s.Call(s.Operator, "POST", "/api/pockethook/settle", object{"owner": "a", "results": []object{{
		"delivery": planned["id"], "lease_token": 1, "next": object{"state": "dead", "retry_in_ms": 0, "used_try": true, "disable_destination": "gone"},
		"attempt": s.Tried("gone", nil),
	}}})
	s.Equal(<-operator, configTopic+` {"config_version":`+string(raw(s.Count(selectConfigVersion)))+`}`)
	if message := <-other; !strings.Contains(message, `"enabled":false`) {
		t.Error(message)
	}
}
