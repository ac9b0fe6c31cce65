package rules

import (
	"errors"
	"fmt"
	"strings"

	"pockethook/internal/secrets"
)

// checkMove refuses an edit that would send secrets which nobody sees any more to another server: whoever may change a
// URL could read them there. They have to be in the same edit. Dropping them instead would let deliveries go out unsigned.
func (s save) checkMove(before string, p problems) error {
	record := s.record
	if record.IsNew() || p["url"] != nil {
		return nil
	}
	after, err := s.vault.Plain(record, "url")
	if err != nil || len(after) == 0 {
		return nil // a URL that can't be read is told already; without one nothing is sent
	}
	if before != "" && !leadsElsewhere(before, after[0].Text) {
		return nil
	}
	for _, field := range destinationSecrets {
		if field.Name == "url" {
			continue
		}
		entries, err := field.Read(record)
		if err != nil {
			continue // told already
		}
		if kept := keptNames(entries); len(kept) > 0 {
			p.add(field.Name, errors.New(rewriteAdvice(field.Name, kept)))
		}
	}
	return nil
}

// keptNames lists the headers whose stored values would stay; a signing secret has no name.
func keptNames(entries []secrets.Entry) (names []string) {
	for _, entry := range entries {
		if secrets.IsSealed(entry.Text) {
			names = append(names, entry.Key)
		}
	}
	return names
}

func rewriteAdvice(field string, kept []string) string {
	const why = "would go to another server with this URL: "
	if field == "headers" {
		return fmt.Sprintf("%swrite the value of %s anew in the same edit, or leave it out", why, strings.Join(kept, ", "))
	}
	return why + "write them anew in the same edit, or set others; [] sends unsigned"
}

// leadsElsewhere: another host, another port (another program may listen there), or no TLS any more. What can't be read is elsewhere.
// The same URL is no move, also where settings refuse to read it by now.
func leadsElsewhere(before, after string) bool {
	if before == after {
		return false
	}
	fromScheme, fromHost, fromPort, err := readURL(before)
	if err != nil {
		return true
	}
	toScheme, toHost, toPort, err := readURL(after)
	if err != nil {
		return true
	}
	if strings.TrimSuffix(fromHost, ".") != strings.TrimSuffix(toHost, ".") || fromScheme == "https" && toScheme != "https" {
		return true
	}
	upgraded := fromScheme == "http" && toScheme == "https" && fromPort == 80 && toPort == 443
	return fromPort != toPort && !upgraded
}
