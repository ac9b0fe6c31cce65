package rules

import (
	"errors"
	"fmt"
	"strings"

	"pockethook/internal/secrets"
)

// checkMove refuses a URL edit that would send stored secrets to another server, where whoever made the edit could read
// them although they are masked here. The edit must set the secrets too. Dropping them instead would send unsigned requests.
func (s save) checkMove(url, before string, p problems) error {
	record := s.record
	if record.IsNew() || p[url] != nil {
		return nil
	}
	after := s.plainText(record, url)
	if after == "" {
		return nil // an unreadable URL is reported already; without a URL nothing is sent
	}
	if before != "" && !leadsElsewhere(before, after) {
		return nil
	}
	for _, field := range s.secrets {
		if field.Name == url {
			continue
		}
		entries, err := field.Read(record)
		if err != nil {
			continue // reported already
		}
		if kept := keptNames(entries); len(kept) > 0 {
			p.add(field.Name, errors.New(rewriteAdvice(field.Name, kept)))
		}
	}
	return nil
}

// keptNames lists the entries that keep their stored values, by header name; signing secrets have empty names.
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
	if field == "statistics_key" {
		return why + "write it anew in the same edit"
	}
	if field == "headers" {
		return fmt.Sprintf("%swrite the value of %s anew in the same edit, or leave it out", why, strings.Join(kept, ", "))
	}
	return why + "write them anew in the same edit, or set others; [] sends unsigned"
}

// leadsElsewhere is true for another host, another port (another program may listen there), or https to http; also if a URL
// can't be parsed. An unchanged URL is never a move, even if current settings refuse it.
func leadsElsewhere(before, after string) bool {
	if before == after {
		return false
	}
	fromScheme, fromHost, fromPort, err := readURL(withoutExpressions(before))
	if err != nil {
		return true
	}
	toScheme, toHost, toPort, err := readURL(withoutExpressions(after))
	if err != nil {
		return true
	}
	if strings.TrimSuffix(fromHost, ".") != strings.TrimSuffix(toHost, ".") || fromScheme == "https" && toScheme != "https" {
		return true
	}
	upgraded := fromScheme == "http" && toScheme == "https" && fromPort == 80 && toPort == 443
	return fromPort != toPort && !upgraded
}
