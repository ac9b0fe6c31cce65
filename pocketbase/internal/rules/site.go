package rules

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // the container has no time zones of its own

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/net/idna"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Sites are the websites whose visitors are counted.
var Sites = Kind{
	Collection: "sites",
	Singular:   "site",
	View:       store.Notifications,
	NameFrom:   "domain",
	Secrets:    []secrets.Field{secrets.Text("statistics_key")},
	Tidy:       tidySite,
	Check:      checkSite,
}

// tidySite writes out what stands for nothing, so that nobody has to know it.
func tidySite(record *core.Record) {
	record.Set("domain", tidyDomain(record.GetString("domain")))
	if record.GetString("timezone") == "" {
		record.Set("timezone", "UTC")
	}
	tidyStatistics(record)
}

// tidyDomain normalises a domain, so that it belongs to one account however it was typed. The form is the one that trackers
// send: lower case, without `www.`, internationalised names in ASCII (Punycode). Invalid domains are left as they are.
func tidyDomain(text string) string {
	domain := strings.ToLower(strings.TrimSpace(text))
	domain = strings.TrimPrefix(domain, "www.")
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return ascii
	}
	return domain
}

// domainForm matches at least two labels of RFC 1123, or a local name for trying it out.
var domainForm = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)

func checkSite(s save, p problems) error {
	record := s.record
	domain := record.GetString("domain")
	if !record.IsNew() && domain != record.Original().GetString("domain") {
		p.add("domain", errors.New("can't be changed: make a new site for the other domain, since what was counted is of this one"))
	}
	switch {
	case domain == "":
	case strings.Contains(domain, "/"):
		p.add("domain", errors.New("must be the domain alone, such as example.com: without https:// and without a path"))
	case net.ParseIP(domain) != nil:
		p.add("domain", errors.New("must be a name such as example.com, not an address"))
	case !domainForm.MatchString(domain):
		p.add("domain", errors.New("must be a domain such as example.com or shop.example.com"))
	}
	if strings.Contains(record.GetString("name"), "/") {
		p.add("name", errors.New("must not hold a slash: files call a goal site/goal"))
	}
	p.add("timezone", checkTimeZone(record.GetString("timezone")))
	if err := checkStatistics(s, p); err != nil {
		return err
	}
	var others int
	err := s.app.RecordQuery("sites").Select("count(*)").
		AndWhere(dbx.HashExp{"domain": domain}).AndWhere(dbx.Not(dbx.HashExp{"id": record.Id})).Row(&others)
	if others > 0 {
		p.add("domain", errors.New("is a site already, maybe of another account: its hits can be counted for one only"))
	}
	return err
}

// noZone matches what Go loads and JavaScript does not have: this machine's own time zone, and files that are no names of zones.
var noZone = regexp.MustCompile(`^(?:Local|localtime|Factory|posixrules|posix/.*|right/.*)$`)

func checkTimeZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || noZone.MatchString(name) {
		return fmt.Errorf("must be a time zone such as Europe/Berlin or UTC: there is none named %.40q", name)
	}
	return nil
}
