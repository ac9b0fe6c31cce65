package rules_test

import (
	"strings"
	"testing"

	. "pockethook/internal/testkit"
)

func TestTheKeyOfStatistics(t *testing.T) {
	b := NewBench(t)
	fields := Object{"domain": "example.com", "enabled": true, "counted_by": "plausible", "statistics_key": "0123456789abcdef"}
	site := b.Save("sites", fields).Id
	b.Equal(b.Get("sites", site).GetString("statistics_url"), "https://plausible.io")

	stored := b.Get("sites", site).GetString("statistics_key")
	if !strings.HasPrefix(stored, "enc:v1:") {
		t.Errorf("stored as %q", stored)
	}
	b.Equal(b.Opened("sites", site, "statistics_key"), []string{"0123456789abcdef"})
	b.Equal(b.Shown("sites", site).GetString("statistics_key"), "••••cdef")

	b.Must(b.TryUpdate("sites", site, Object{"statistics_key": "••••cdef", "timezone": "Europe/Berlin"}))
	b.Equal(b.Opened("sites", site, "statistics_key"), []string{"0123456789abcdef"})

	moved := b.TryUpdate("sites", site, Object{"statistics_url": "https://plausible.example.org"})
	if problem := FieldOf(moved, "statistics_key"); !strings.Contains(problem, "another server") {
		t.Errorf("the key goes to another server: %q", problem)
	}
	b.Must(b.TryUpdate("sites", site, Object{"statistics_url": "https://plausible.example.org", "statistics_key": " another-key-of-it\n"}))
	b.Equal(b.Opened("sites", site, "statistics_key"), []string{"another-key-of-it"})

	b.Must(b.TryUpdate("sites", site, Object{"counted_by": "hits"}))
	record := b.Get("sites", site)
	b.Equal([]string{record.GetString("statistics_url"), record.GetString("statistics_key")}, []string{"", ""})
}
