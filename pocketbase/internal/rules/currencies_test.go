package rules

import (
	"slices"
	"strings"
	"testing"

	"pockethook/internal/testfiles"
)

// TestSharedCurrencies holds the list to the one that tests/unit/model/currencies.test.ts holds that of the API service to.
func TestSharedCurrencies(t *testing.T) {
	var shared struct {
		Money   string
		Refused []string
	}
	testfiles.SharedCases(t, "currencies.json", &shared)
	if !slices.Equal(currencies, strings.Fields(shared.Money)) {
		t.Errorf("the lists differ:\n%v\n%v", currencies, shared.Money)
	}
	for _, code := range shared.Refused {
		if isCurrency(code) {
			t.Errorf("%q was taken", code)
		}
	}
}
