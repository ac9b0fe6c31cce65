package secrets_test

import (
	"encoding/base64"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"pockethook/internal/secrets"
	"pockethook/internal/testfiles"
	. "pockethook/internal/testkit"
)

func TestSecretsAreReadAsByTheAPI(t *testing.T) {
	var cases struct {
		Key    string `json:"key"`
		Place  string `json:"place"`
		Stored []struct {
			What  string  `json:"what"`
			Text  string  `json:"text"`
			Plain *string `json:"plain"`
		} `json:"stored"`
		Lists []struct {
			What  string `json:"what"`
			JSON  string `json:"json"`
			Count int    `json:"count"`
		} `json:"lists"`
	}
	testfiles.SharedCases(t, "secrets.json", &cases)
	key, err := base64.StdEncoding.DecodeString(cases.Key)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := secrets.NewKeyring([][]byte{key})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases.Stored {
		plain, err := ring.Open(c.Text, cases.Place)
		if (err != nil) != (c.Plain == nil) || c.Plain != nil && plain != *c.Plain {
			t.Errorf("%s: %q %v", c.What, plain, err)
		}
	}
	b := NewBench(t)
	for _, c := range cases.Lists {
		record := core.NewRecord(b.Get("sources", b.Source).Collection())
		record.Set("secrets", types.JSONRaw(c.JSON))
		entries, err := secrets.List("secrets").Read(record)
		if err != nil || len(entries) != c.Count {
			t.Errorf("%s: %v %v", c.What, entries, err)
		}
	}
}
