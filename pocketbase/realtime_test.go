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
	request, err := http.NewRequestWithContext(ctx, "GET", s.url+"/api/realtime", nil)
	s.must(err)
	response, err := http.DefaultClient.Do(request)
	s.must(err)
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
	status, body := s.call(token, "POST", "/api/realtime", object{"clientId": client, "subscriptions": topics})
	if status != 204 {
		s.Fatalf("%d %s", status, body)
	}
	return messages
}

func TestRealtimeTellsSuperusersOfAChange(t *testing.T) {
	s := serve(t)
	user := s.user(s.account, "user@example.com")
	d := s.destination(object{"secrets": []string{secretOne}})
	operator, other := subscribe(s, s.operator, configTopic), subscribe(s, user, configTopic, "destinations/*")
	s.update("destinations", d, object{"name": "renamed"})
	s.equal(<-operator, configTopic+` {"config_version":`+string(raw(s.count(selectConfigVersion)))+`}`)
	// What the user hears is the record, masked, and nothing before it.
	message := <-other
	if !strings.HasPrefix(message, "destinations/*") || !strings.Contains(message, "renamed") || strings.Contains(message, sealedPrefix) || strings.Contains(message, "whsec_") {
		t.Error(message)
	}

	// A destination that a settlement disables is told of as well.
	planned := s.planned(d, object{"lease": true})
	s.call(s.operator, "POST", "/api/pockethook/accept", object{"owner": "a", "lease_ms": leaseMs, "items": []object{item(s.event(nil), planned)}})
	s.call(s.operator, "POST", "/api/pockethook/settle", object{"owner": "a", "results": []object{{
		"delivery": planned["id"], "lease_token": 1, "next": object{"state": "dead", "retry_in_ms": 0, "used_try": true, "disable_destination": "gone"},
		"attempt": s.tried("gone", nil),
	}}})
	s.equal(<-operator, configTopic+` {"config_version":`+string(raw(s.count(selectConfigVersion)))+`}`)
	if message := <-other; !strings.Contains(message, `"enabled":false`) {
		t.Error(message)
	}
}
