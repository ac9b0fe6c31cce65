package rules

import (
	"errors"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
)

const (
	countsHits  = "hits"
	byPlausible = "plausible"
	// hostedPlausible is where most of its users are.
	hostedPlausible = "https://plausible.io"
)

// tidyStatistics writes out who counts a site's visitors, and where. A site that counts hits again forgets the key.
func tidyStatistics(record *core.Record) {
	if record.GetString("counted_by") == "" {
		record.Set("counted_by", countsHits)
	}
	url := strings.TrimRight(strings.TrimSpace(record.GetString("statistics_url")), "/")
	if url == "" && record.GetString("counted_by") == byPlausible {
		url = hostedPlausible
	}
	record.Set("statistics_url", url)
	record.Set("statistics_key", trimSpace(record.GetString("statistics_key")))
	before := record.Original()
	if record.IsNew() || record.GetString("counted_by") != countsHits || before.GetString("counted_by") == countsHits {
		return
	}
	for _, field := range []string{"statistics_url", "statistics_key"} {
		if record.GetString(field) == before.GetString(field) {
			record.Set(field, "")
		}
	}
}

func checkStatistics(s save, p problems) error {
	record := s.record
	url, key := record.GetString("statistics_url"), record.GetString("statistics_key")
	if record.GetString("counted_by") != byPlausible {
		const others = "is for sites that plausible counts: leave it out, or set counted_by to plausible"
		if url != "" {
			p.add("statistics_url", errors.New(others))
		}
		if key != "" {
			p.add("statistics_key", errors.New(others))
		}
		return nil
	}
	before, err := s.storedURL("statistics_url")
	if err != nil {
		return err
	}
	// If settings refuse it by now, asking does; people must still be able to change other fields.
	if url != before {
		p.add("statistics_url", s.urls.Check(url))
	}
	if strings.Contains(url, "?") {
		p.add("statistics_url", errors.New("must be the address of the installation alone, such as https://plausible.io: without a query"))
	}
	entries, err := s.vault.Plain(record, "statistics_key")
	p.add("statistics_key", err)
	if err == nil && len(entries) == 0 {
		p.add("statistics_key", errors.New("is needed: make a Stats API key in the settings of Plausible"))
	}
	for _, entry := range entries {
		if strings.ContainsFunc(entry.Text, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }) {
			p.add("statistics_key", errors.New("must be the key alone: it has a space inside, or a character that no key has"))
		}
	}
	return s.checkMove("statistics_url", before, p)
}
