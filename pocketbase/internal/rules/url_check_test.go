package rules

import (
	"fmt"
	"slices"
	"testing"

	"pockethook/internal/testfiles"
)

// TestSharedURLs runs the cases that tests/unit/delivery/urls.test.ts runs with what is checked at send.
func TestSharedURLs(t *testing.T) {
	var shared struct {
		Settings map[string]struct {
			AllowHTTP bool     `json:"allow_http"`
			Networks  []string `json:"networks"`
			Ports     []string `json:"ports"`
		} `json:"settings"`
		Cases []map[string]any `json:"cases"`
	}
	testfiles.SharedCases(t, "urls.json", &shared)
	checked := 0
	for name, settings := range shared.Settings {
		rules := URLs{AllowHTTP: settings.AllowHTTP, PrivateNetworks: prefixes(settings.Networks...), Ports: ranges(settings.Ports)}
		for _, one := range shared.Cases {
			want, given := one[name].([]any)
			if !given {
				continue
			}
			checked++
			got := []any{}
			for _, problem := range rules.problems(one["url"].(string)) {
				got = append(got, problem.kind)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q has %v, not %v", name, one["url"], got, want)
			}
		}
	}
	if checked < len(shared.Cases) {
		t.Errorf("only %d of %d cases were checked", checked, len(shared.Cases))
	}
}

// ranges reads ports as 443 and 8000-8999.
func ranges(texts []string) (all []PortRange) {
	for _, text := range texts {
		var one PortRange
		if count, _ := fmt.Sscanf(text, "%d-%d", &one.First, &one.Last); count == 1 {
			one.Last = one.First
		}
		all = append(all, one)
	}
	return all
}
