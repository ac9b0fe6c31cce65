package replay_test

import (
	"strings"
	"testing"

	"pockethook/internal/replay"
	. "pockethook/internal/testkit"
)

func TestReplayReadsWhatIsSent(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	rendered, own := b.Planned(d, Object{"request_body": "rendered", "request_content_type": "text/plain"}), b.Planned(d, Object{"passthrough": true, "request_body": ""})
	event := b.Event(Object{"body": "AAE=", "body_encoding": "base64", "headers": [][]string{{"X-A", "1"}}})
	b.Accept(Item(event, rendered, own))
	read := func(mode, account string, ids ...any) replay.PastContent {
		b.Helper()
		wanted := replay.WantedEvent{ID: event["id"].(string)}
		for _, id := range ids {
			wanted.Deliveries = append(wanted.Deliveries, id.(string))
		}
		answer, err := replay.New(b.Store).Read(replay.ReadRequest{Account: account, Mode: mode, MaxLength: 1, Events: []replay.WantedEvent{wanted}})
		b.Must(err)
		b.Equal(len(answer.Events), 1)
		return answer.Events[0]
	}
	copied := read("original", "", rendered["id"])
	b.Equal(copied.Deliveries, []replay.DeliveryBody{{Mapping: "map000000000001", Destination: d, RequestBody: "rendered", RequestContentType: "text/plain"}})
	b.Equal([]any{copied.Event.Body, string(copied.Event.Headers)}, []any{"", `[["X-A","1"]]`})
	passed := read("original", event["account"].(string), rendered["id"], own["id"])
	b.Equal([]any{len(passed.Deliveries), passed.Event.Body, passed.Event.BodyEncoding}, []any{2, "AAE=", "base64"})
	b.Equal(read("current", "").Event.Body, "AAE=")
	b.Equal(read("current", "account00000xyz").Status, "gone")
	b.Equal(read("original", "", "delivery0000xyz").Status, "gone")
}

func TestReplayReadIsBounded(t *testing.T) {
	b := NewBench(t)
	d := b.Destination(nil)
	var wanted []replay.WantedEvent
	for range 5 {
		event, delivery := b.Event(nil), b.Planned(d, Object{"request_body": strings.Repeat("x", 1000)})
		b.Accept(Item(event, delivery))
		wanted = append(wanted, replay.WantedEvent{event["id"].(string), []string{delivery["id"].(string)}})
	}
	for maxLength, events := range map[int]int{0: 1, 1: 1, 2500: 2, 1 << 20: 5} {
		answer, err := replay.New(b.Store).Read(replay.ReadRequest{Mode: "original", MaxLength: maxLength, Events: wanted})
		b.Must(err)
		b.Equal(len(answer.Events), events)
	}
	event, deliveries := b.Event(nil), []Object{}
	large := replay.WantedEvent{ID: event["id"].(string)}
	for range 34 {
		delivery := b.Planned(d, Object{"request_body": strings.Repeat("x", 1<<20-1)})
		deliveries = append(deliveries, delivery)
		large.Deliveries = append(large.Deliveries, delivery["id"].(string))
	}
	b.Accept(Item(event, deliveries...))
	answer, err := replay.New(b.Store).Read(replay.ReadRequest{Mode: "original", MaxLength: 1 << 20, Events: []replay.WantedEvent{large}})
	b.Must(err)
	b.Equal(answer.Events, []replay.PastContent{{Status: "too_large"}})
	if _, err := replay.New(b.Store).Read(replay.ReadRequest{Events: make([]replay.WantedEvent, 501)}); err == nil {
		t.Error("more events than a page has were read at once")
	}
}
