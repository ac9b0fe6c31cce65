package server

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"pockethook/internal/fault"
	"pockethook/internal/rules"
)

// Environment holds all settings that the service reads from environment variables.
type Environment struct {
	// AdminEmail and AdminPassword are the login of the first operator.
	AdminEmail    string
	AdminPassword string
	// EncryptionKeys hold 32 bytes each: the first encrypts, all decrypt.
	EncryptionKeys [][]byte
	// AcceptLostKeys: start although none of the keys decrypts any stored secret.
	AcceptLostKeys bool
	// AllowedPrivateNetworks are the non-public addresses that destinations may have.
	AllowedPrivateNetworks []netip.Prefix
	AllowHTTPDestinations  bool
	// AllowedPorts are the ports that destinations may have; none: defaultPorts.
	AllowedPorts []rules.PortRange
	// Supervised: the process ends when its stdin is closed.
	Supervised bool
}

// environmentReader collects all problems, so that they can be reported at once.
type environmentReader struct {
	getenv   func(string) string
	readFile func(string) ([]byte, error)
	problems []string
}

// Purpose is why the process was started; it decides which variables are required.
type Purpose int

const (
	// OtherCommand, such as a migration, requires no variables.
	OtherCommand Purpose = iota
	// Serving needs the keys.
	Serving
	// ServingFirst, without a database yet, also needs the login of the first operator.
	ServingFirst
)

// ReadEnvironment reads each NAME, or the file that NAME_FILE names. All problems are reported in one refusal.
func ReadEnvironment(getenv func(string) string, readFile func(string) ([]byte, error), purpose Purpose) (Environment, error) {
	r := &environmentReader{getenv: getenv, readFile: readFile}
	env := Environment{
		AdminEmail:             r.text("POCKETBASE_ADMIN_EMAIL"),
		AdminPassword:          r.text("POCKETBASE_ADMIN_PASSWORD"),
		EncryptionKeys:         r.keys("ENCRYPTION_KEYS"),
		AcceptLostKeys:         r.bool("ACCEPT_LOST_KEYS"),
		AllowedPrivateNetworks: r.networks("ALLOWED_PRIVATE_NETWORKS"),
		AllowHTTPDestinations:  r.bool("ALLOW_HTTP_DESTINATIONS"),
		AllowedPorts:           r.ports("ALLOWED_PORTS"),
		Supervised:             r.bool("SUPERVISED"),
	}
	if purpose == ServingFirst {
		r.require(env.AdminEmail != "", "POCKETBASE_ADMIN_EMAIL is missing: the first operator's e-mail")
		r.require(env.AdminPassword != "", "POCKETBASE_ADMIN_PASSWORD is missing: the first operator's password, 8 characters or more")
	}
	if purpose != OtherCommand {
		r.require(len(env.EncryptionKeys) > 0, "ENCRYPTION_KEYS is missing: a comma-separated list of keys, each made with `openssl rand -base64 32`")
	}
	if env.AdminPassword != "" {
		r.require(len(env.AdminPassword) >= 8, "POCKETBASE_ADMIN_PASSWORD is too short: 8 characters or more are needed")
	}
	if len(r.problems) > 0 {
		return Environment{}, fault.Refusal("the configuration is not usable:\n  - " + strings.Join(r.problems, "\n  - "))
	}
	return env, nil
}

func (r *environmentReader) require(ok bool, problem string) {
	if !ok {
		r.problems = append(r.problems, problem)
	}
}

func (r *environmentReader) text(name string) string {
	path := trim(r.getenv(name + "_FILE"))
	if path == "" {
		return trim(r.getenv(name))
	}
	content, err := r.readFile(path)
	r.require(err == nil, fmt.Sprintf("%s_FILE names %q, which can't be read", name, path))
	return trim(string(content))
}

// trim removes white space and a byte order mark, as the API service does.
func trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
}

func (r *environmentReader) list(name string) []string {
	text := r.text(name)
	if text == "" {
		return nil
	}
	items := strings.Split(text, ",")
	for i, item := range items {
		items[i] = trim(item)
	}
	return items
}

func (r *environmentReader) bool(name string) bool {
	switch text := r.text(name); text {
	case "true", "1":
		return true
	case "false", "0", "":
		return false
	default:
		r.require(false, fmt.Sprintf("%s is %q: use true or false", name, text))
		return false
	}
}

// keyForm matches 32 bytes in base64 or base64url, as api/src/model/encryption-keys.ts does.
var keyForm = regexp.MustCompile(`^[\w+/-]{43}=?$`)

// fromURLs converts base64url to base64.
var fromURLs = strings.NewReplacer("-", "+", "_", "/", "=", "")

// keys never quotes a value in a problem: it may be a secret with a typing error.
func (r *environmentReader) keys(name string) [][]byte {
	var keys [][]byte
	for i, item := range r.list(name) {
		key, err := base64.RawStdEncoding.DecodeString(fromURLs.Replace(item))
		r.require(err == nil && keyForm.MatchString(item),
			fmt.Sprintf("%s: key %d is not 32 bytes in base64; make one with `openssl rand -base64 32`", name, i+1))
		keys = append(keys, key)
	}
	return keys
}

func (r *environmentReader) networks(name string) []netip.Prefix {
	var networks []netip.Prefix
	for _, item := range r.list(name) {
		network, err := netip.ParsePrefix(item)
		r.require(err == nil, fmt.Sprintf("%s holds %q: write networks as 10.0.0.0/8, one address as 127.0.0.1/32", name, item))
		networks = append(networks, network.Masked())
	}
	return networks
}

// portForm matches one port or a range of ports, as parsePortRange in api/src/model/ports.ts does.
var portForm = regexp.MustCompile(`^(\d{1,5})(?:-(\d{1,5}))?$`)

func (r *environmentReader) ports(name string) []rules.PortRange {
	var ranges []rules.PortRange
	for _, item := range r.list(name) {
		match := append(portForm.FindStringSubmatch(item), "", "", "")
		first, _ := strconv.Atoi(match[1])
		last := first
		if match[2] != "" {
			last, _ = strconv.Atoi(match[2])
		}
		r.require(1 <= first && first <= last && last <= 65535,
			fmt.Sprintf("%s holds %q: write ports as 443, ranges of them as 8000-8999", name, item))
		ranges = append(ranges, rules.PortRange{First: first, Last: last})
	}
	return ranges
}
