package main

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const urlAtMost = 2048

// urlRules say where destinations may point. The API service checks the resolved address again, inside the connection.
type urlRules struct {
	allowHTTP       bool
	privateNetworks []netip.Prefix
}

// notPublic lists what lies inside the public ranges without being a public machine: ways to embed an IPv4 address,
// documentation, benchmarks, shared and reserved space (IANA special-purpose registries).
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	// metadata services that look public
	"168.63.129.16/32",
	"2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)

var publicIPv6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// numericHost is every spelling of an IPv4 address that C libraries take and netip doesn't: 2130706433, 0x7f.1, 0177.0.0.1.
var numericHost = regexp.MustCompile(`(?i)^(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?$`)

// check says what is wrong with a destination's URL, and which setting would allow it.
func (r urlRules) check(text string) error {
	if len(text) > urlAtMost {
		return fmt.Errorf("is longer than %d characters", urlAtMost)
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsAny(text, " \\\t\r\n") {
		return errors.New("must be an absolute URL, such as https://example.com/hooks")
	}
	if u.User != nil {
		return errors.New("must not hold a user name or password: use an authorization header")
	}
	if strings.Contains(text, "#") {
		return errors.New("must not hold a fragment (#…): it is never sent")
	}
	// Both at once: whoever tries http://localhost:3000 needs to hear of both settings.
	var problems []string
	if u.Scheme == "http" && !r.allowHTTP {
		problems = append(problems, "must use https (ALLOW_HTTP_DESTINATIONS=true allows http)")
	}
	if err := r.checkHost(strings.ToLower(u.Hostname())); err != nil {
		problems = append(problems, err.Error())
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "; "))
	}
	return nil
}

func (r urlRules) checkHost(host string) error {
	if address, err := netip.ParseAddr(host); err == nil {
		return r.checkAddress(address)
	}
	name := strings.TrimSuffix(host, ".")
	switch {
	case host == "":
		return errors.New("has no host")
	case numericHost.MatchString(host):
		return errors.New("writes an address in an unusual way: use four decimal numbers, such as 203.0.113.9")
	case strings.ContainsFunc(host, func(r rune) bool { return r > '~' }):
		return errors.New("has a host with characters beyond ASCII: write it in punycode (xn--…)")
	case strings.ContainsAny(host, ":%[]"):
		return errors.New("has a host that is neither a name nor an address")
	case name == "localhost" || strings.HasSuffix(name, ".localhost"):
		if !r.allows(netip.MustParseAddr("127.0.0.1")) && !r.allows(netip.MustParseAddr("::1")) {
			return errors.New("points to this machine; ALLOWED_PRIVATE_NETWORKS=127.0.0.0/8 allows it")
		}
	}
	return nil
}

func (r urlRules) checkAddress(address netip.Addr) error {
	plain := address.WithZone("")
	if address.Zone() == "" && (isPublic(plain) || r.allows(plain)) {
		return nil
	}
	return fmt.Errorf("points to %s, which is not a public address; ALLOWED_PRIVATE_NETWORKS can allow its network", plain)
}

func isPublic(address netip.Addr) bool {
	if address.Is6() && !publicIPv6.Contains(address) {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(address) })
}

func (r urlRules) allows(address netip.Addr) bool {
	return slices.ContainsFunc(r.privateNetworks, func(p netip.Prefix) bool { return p.Contains(address) })
}
