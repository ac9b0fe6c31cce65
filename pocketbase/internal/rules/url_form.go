package rules

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

const urlAtMost = 2048

// urlProblem is one problem of a URL; the kinds are those of UrlProblem in api/src/delivery/url.ts.
type urlProblem struct{ kind, message string }

func (p urlProblem) Error() string { return p.message }

// Only plain forms of URLs are accepted: with one spelling per host, this check and Node can't disagree about the host.
var (
	origin      = regexp.MustCompile(`^([Hh][Tt][Tt][Pp][Ss]?)://([^/?]+)`)
	hostAndPort = regexp.MustCompile(`^(?:\[([^\]]*)\]|([^:\[\]%]+))(:.*)?$`)
	urlPort     = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
	labelForm   = regexp.MustCompile(`^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$`)
	// numberLast matches hosts that URL parsers take for IPv4 addresses (WHATWG URL, "ends in a number checker").
	numberLast = regexp.MustCompile(`(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\.?$`)
)

var notAURL = urlProblem{"form", "must be an absolute URL, such as https://example.com/hooks"}

// readURL returns scheme, host and port of a URL; the host in lower case, without brackets.
func readURL(text string) (scheme, host string, port int, err error) {
	if len(text) > urlAtMost {
		return "", "", 0, urlProblem{"form", fmt.Sprintf("is longer than %d characters", urlAtMost)}
	}
	match := origin.FindStringSubmatch(text)
	// Parsers disagree about these: some drop spaces and control characters, and some read a backslash as a slash.
	if match == nil || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return "", "", 0, notAURL
	}
	scheme = strings.ToLower(match[1])
	switch authority := match[2]; {
	case strings.Contains(text, "#"):
		return "", "", 0, urlProblem{"fragment", "must not hold a fragment (#…): it is never sent"}
	case strings.Contains(authority, "@"):
		return "", "", 0, urlProblem{"credentials", "must not hold a user name or password: use an authorization header"}
	}
	match = hostAndPort.FindStringSubmatch(match[2])
	if match == nil {
		return "", "", 0, notAURL
	}
	literal, name, portPart := match[1], match[2], match[3]
	if name == "" {
		err = checkLiteral(literal)
	} else {
		err = checkName(name)
	}
	if err != nil {
		return "", "", 0, err
	}
	port, err = readPort(scheme, portPart)
	return scheme, strings.ToLower(literal + name), port, err
}

func readPort(scheme, part string) (int, error) {
	if part == "" {
		return map[string]int{"http": 80, "https": 443}[scheme], nil
	}
	port, _ := strconv.Atoi(part[1:])
	if !urlPort.MatchString(part[1:]) || port > 65535 {
		return 0, urlProblem{"port", "must have a port from 1 to 65535"}
	}
	return port, nil
}

func checkLiteral(text string) error {
	address, err := netip.ParseAddr(text)
	if err != nil || address.Is4() {
		return notAURL
	}
	if address.Zone() != "" || address.Is4In6() {
		return urlProblem{"address", "has an IPv6 address with a zone or an IPv4 address inside, which is not a public address: write the plain address, whose network ALLOWED_PRIVATE_NETWORKS can allow"}
	}
	return nil
}

func checkName(text string) error {
	// Check before lower-casing, which would turn İ and the Kelvin sign into ASCII letters.
	if strings.ContainsFunc(text, func(r rune) bool { return r > '~' }) {
		return urlProblem{"host", "has a host with characters beyond ASCII: write it in punycode (xn--…)"}
	}
	host := strings.ToLower(text)
	name := strings.TrimSuffix(host, ".")
	labels := strings.Split(name, ".")
	switch {
	case numberLast.MatchString(host):
		if address, err := netip.ParseAddr(host); err != nil || !address.Is4() {
			return urlProblem{"host", "writes an address in an unusual way: use four decimal numbers, such as 203.0.113.9"}
		}
		return nil
	case len(name) > 253 || slices.ContainsFunc(labels, func(label string) bool { return !labelForm.MatchString(label) }):
		return urlProblem{"host", "has a host that is neither a name nor an address"}
	case slices.ContainsFunc(labels, func(label string) bool { return strings.HasPrefix(label, "xn--") && !isPunycode(label) }):
		return urlProblem{"host", "has a host with a label that is no valid punycode (xn--…)"}
	}
	return nil
}

// isPunycode may differ from Node's parser for characters of new Unicode versions; such names are refused when sending.
func isPunycode(label string) bool {
	unicode, err := idna.Lookup.ToUnicode(label)
	if err != nil {
		return false
	}
	again, err := idna.Lookup.ToASCII(unicode)
	return err == nil && again == label
}
