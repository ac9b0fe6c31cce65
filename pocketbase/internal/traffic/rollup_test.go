package traffic_test

import (
	"testing"
	"time"

	. "pockethook/internal/testkit"
	"pockethook/internal/traffic"
)

func TestReadsOnlyWhatIsNew(t *testing.T) {
	b := NewBench(t)
	for _, query := range traffic.Queries() {
		if steps := b.Growing(query); len(steps) > 0 {
			t.Errorf("%s\n%v", query, steps)
		}
	}
}

func TestTheServiceRollsUpByItself(t *testing.T) {
	s := Serve(t)
	s.Equal(s.Accept(Item(s.Event(nil)))[0].Status, "accepted")
	for deadline := time.Now().Add(time.Minute); s.Count("SELECT count(*) FROM traffic WHERE metric = 1") == 0; {
		if time.Now().After(deadline) {
			t.Fatal("not counted")
		}
		time.Sleep(5 * time.Millisecond)
	}
}
