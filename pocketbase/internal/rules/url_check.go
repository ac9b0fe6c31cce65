package rules

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// URLs are the rules for destination URLs. The API service applies the same ones before sending (api/src/delivery/url.ts,
// guard.ts), and also checks the addresses that a name resolves to when it connects. Both are tested against
// tests/shared/urls.json.
type URLs struct {
	AllowHTTP       bool
	PrivateNetworks []netip.Prefix
	// Ports: empty means defaultPorts.
	Ports []PortRange
}

// PortRange includes both ends.
type PortRange struct{ First, Last int }

var defaultPorts = []PortRange{{80, 80}, {443, 443}, {1024, 65535}}

// notPublic lists ranges inside the public address space that aren't public: embedded IPv4 addresses, documentation,
// benchmarking, shared and reserved space (IANA special-purpose registries).
var notPublic = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	// metadata services at public addresses
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

// Check returns the problems of a destination's URL, with the settings that would allow it.
func (r URLs) Check(text string) error {
	var messages []string
	for _, problem := range r.problems(text) {
		messages = append(messages, problem.message)
	}
	if len(messages) > 0 {
		return errors.New(strings.Join(messages, "; "))
	}
	return nil
}

// problems returns all problems at once: http://localhost:22, for example, needs three settings.
func (r URLs) problems(text string) []urlProblem {
	scheme, host, port, err := readURL(text)
	if problem, ok := errors.AsType[urlProblem](err); ok {
		return []urlProblem{problem}
	}
	var found []urlProblem
	if scheme == "http" && !r.AllowHTTP {
		found = append(found, urlProblem{"scheme", "must use https (ALLOW_HTTP_DESTINATIONS=true allows http)"})
	}
	if problem := r.hostProblem(host); problem.kind != "" {
		found = append(found, problem)
	}
	if !r.allowsPort(port) {
		found = append(found, urlProblem{"port", fmt.Sprintf("uses port %d, which is not allowed; ALLOWED_PORTS can allow it", port)})
	}
	return found
}

func (r URLs) allowsPort(port int) bool {
	ports := r.Ports
	if len(ports) == 0 {
		ports = defaultPorts
	}
	return slices.ContainsFunc(ports, func(p PortRange) bool { return p.First <= port && port <= p.Last })
}

// Names that are never public, as in api/src/delivery/private-names.ts: RFC 6762 (local, and the names that its appendix G
// found in use), RFC 8375 (home.arpa), ICANN's private-use internal, and every name without a dot.
var (
	machineName  = regexp.MustCompile(`^(?:ip6-)?(?:localhost|loopback)[46]?(?:\.localdomain[46]?)?$|\.localhost$`)
	metadataName = regexp.MustCompile(`^(?:metadata|instance-data)(?:\.|$)`)
	insideName   = regexp.MustCompile(`(?:^|\.)(?:local|localdomain[46]?|internal|intranet|private|corp|home|lan|home\.arpa)$`)
)

// hostProblem returns a problem without a kind if the host may be used, as far as is known before resolving it.
func (r URLs) hostProblem(host string) urlProblem {
	if address, err := netip.ParseAddr(host); err == nil {
		if isPublic(address) || r.allows(address) {
			return urlProblem{}
		}
		return urlProblem{"address", fmt.Sprintf("points to %s, which is not a public address; ALLOWED_PRIVATE_NETWORKS can allow its network", address)}
	}
	name := strings.TrimSuffix(host, ".")
	switch {
	case machineName.MatchString(name):
		if !r.allows(netip.MustParseAddr("127.0.0.1")) && !r.allows(netip.MustParseAddr("::1")) {
			return urlProblem{"name", "points to this machine; ALLOWED_PRIVATE_NETWORKS=127.0.0.0/8 allows it"}
		}
	case metadataName.MatchString(name):
		if !r.allows(netip.MustParseAddr("169.254.169.254")) && !r.allows(netip.MustParseAddr("fd00:ec2::254")) {
			return urlProblem{"name", "names a cloud's metadata service; ALLOWED_PRIVATE_NETWORKS with its address allows it"}
		}
	case len(r.PrivateNetworks) == 0 && (insideName.MatchString(name) || !strings.Contains(name, ".")):
		return urlProblem{"name", "points into a private network; ALLOWED_PRIVATE_NETWORKS with that network allows it"}
	}
	return urlProblem{}
}

func isPublic(address netip.Addr) bool {
	if address.Is6() && !publicIPv6.Contains(address) {
		return false
	}
	return !slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(address) })
}

func (r URLs) allows(address netip.Addr) bool {
	return slices.ContainsFunc(r.PrivateNetworks, func(p netip.Prefix) bool { return p.Contains(address) })
}
