package rules

import (
	"encoding/base64"
	"encoding/json/v2"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

const (
	secretsAtMost  = 5
	headersAtMost  = 50
	retriesAtMost  = 50
	waitAtMost     = 7 * 24 * time.Hour
	timeoutAtLeast = 100
)

// chatTypes are the types whose URL carries a token; api/src/destinations has a file for each.
var chatTypes = []string{"discord", "slack", "teams", "telegram", "ntfy"}

func isChat(record *core.Record) bool { return slices.Contains(chatTypes, record.GetString("type")) }

// destinationSecrets is a variable of its own because tidyDestination uses it too.
var destinationSecrets = []secrets.Field{secrets.List("secrets"), secrets.Headers("headers"), secrets.URL("url", isChat)}

// Destinations are where events go.
var Destinations = Kind{
	Collection:   "destinations",
	Singular:     "destination",
	View:         store.Gateway,
	Secrets:      destinationSecrets,
	Tidy:         tidyDestination,
	Expressions:  []string{"success", "url", "headers"},
	AuditedApart: []string{"paused"},
	Check:        checkDestination,
}

func checkDestination(s save, p problems) error {
	record := s.record
	before, err := s.storedURL("url")
	if err != nil {
		return err
	}
	p.add("url", s.checkURL(before))
	if record.GetString("method") != "" && record.GetString("method") != "POST" && record.GetString("type") != "http" {
		p.add("method", errors.New("is for destinations of the type http: the others take POST only"))
	}
	headers, err := s.vault.Plain(record, "headers")
	p.add("headers", err)
	if len(headers) > headersAtMost {
		p.add("headers", fmt.Errorf("holds more than %d", headersAtMost))
	}
	for _, header := range headers {
		p.add("headers", s.checkTemplated(header.Text))
		p.add("headers", checkHeader(header.Key, header.Text))
	}
	p.add("relay", checkRelay(secrets.JSONText(record, "relay"), record))
	if record.GetString("success") != "" && record.GetString("type") != "http" {
		p.add("success", errors.New("is for destinations of the type http: what the others answer is known"))
	}
	list, err := s.vault.Plain(record, "secrets")
	p.add("secrets", err)
	if len(list) > secretsAtMost {
		p.add("secrets", fmt.Errorf("holds more than %d", secretsAtMost))
	}
	for _, secret := range list {
		p.add("secrets", checkStandardWebhooksSecret(secret.Text))
	}
	p.add("retry_schedule", checkSchedule(secrets.JSONText(record, "retry_schedule")))
	if timeout := record.GetInt("timeout_ms"); timeout > 0 && timeout < timeoutAtLeast {
		p.add("timeout_ms", fmt.Errorf("must be 0 (the default) or from %d to 60000", timeoutAtLeast))
	}
	if err := checkWebhook(s, p); err != nil {
		return err
	}
	return s.checkMove("url", before, p)
}

// templatedTypes are the types that take expressions in URL and headers: the others have one URL for one place.
var templatedTypes = []string{"http", "ntfy"}

// checkTemplated refuses expressions where there is nothing to render them, so that they aren't sent as they stand.
func (s save) checkTemplated(text string) error {
	switch {
	case !strings.Contains(text, "{{"):
		return nil
	case !slices.Contains(templatedTypes, s.record.GetString("type")):
		return fmt.Errorf("holds {{: only destinations of the types %s take expressions there", strings.Join(templatedTypes, " and "))
	case s.record.GetBool("notifications"):
		return errors.New("holds {{: a webhook for notifications takes no expressions there")
	}
	return nil
}

// expression matches as much as the check of expressions has found to be one: it has no }} outside of quoted texts.
var expression = regexp.MustCompile(`\{\{(?:[^"'}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\}[^}])*\}\}`)

// withoutExpressions puts a plain character in place of each expression behind the host.
func withoutExpressions(url string) string {
	host := origin.FindString(url)
	return host + expression.ReplaceAllString(url[len(host):], "x")
}

// storedURL is empty for a new record, and for one whose URL can't be decrypted.
func (s save) storedURL(field string) (string, error) {
	if s.record.IsNew() {
		return "", nil
	}
	stored, err := s.app.FindRecordById(s.record.Collection(), s.record.Id)
	if err != nil {
		return "", err
	}
	return s.plainText(stored, field), nil
}

// plainText is empty where the field is, and where it can't be decrypted.
func (s save) plainText(record *core.Record, field string) string {
	if !slices.ContainsFunc(s.secrets, func(f secrets.Field) bool { return f.Name == field }) {
		return record.GetString(field)
	}
	entries, err := s.vault.Plain(record, field)
	if err != nil || len(entries) == 0 {
		return ""
	}
	return entries[0].Text
}

func (s save) checkURL(before string) error {
	kind := s.record.GetString("type")
	entries, err := s.vault.Plain(s.record, "url")
	switch {
	case err != nil:
		return err
	case kind == "inbox" && len(entries) > 0:
		return errors.New("must be empty for an inbox: it sends nothing")
	case kind == "inbox":
		return nil
	case len(entries) == 0 && isChat(s.record) && !s.record.GetBool("enabled"):
		return nil // may be saved before its URL is known
	case len(entries) == 0:
		return errors.New("is needed: where to post")
	case kind == "telegram" && !telegramMethod.MatchString(entries[0].Text):
		return errors.New("must name the bot, its method and the chat: https://api.telegram.org/bot<token>/sendMessage?chat_id=<chat>")
	case s.checkTemplated(entries[0].Text) != nil:
		return s.checkTemplated(entries[0].Text)
	case entries[0].Text == before:
		return nil // if settings refuse it by now, sending does; people must still be able to disable or rename it
	case strings.Contains(origin.FindString(entries[0].Text), "{{") || strings.HasPrefix(entries[0].Text, "{{"):
		return errors.New("holds {{ before its path: expressions may stand in path and query, never in scheme, host or port")
	default:
		return s.urls.Check(withoutExpressions(entries[0].Text))
	}
}

// telegramMethod matches a bot's method (https://core.telegram.org/bots/api#making-requests), on any server of the Bot API.
var telegramMethod = regexp.MustCompile(`^https?://[^/?#]+/(?:[^?#]+/)?bot[0-9]+:[^/?#]+/[A-Za-z]+(?:\?|$)`)

var (
	// headerName is a token of RFC 9110.
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$")
	// ownHeaders can't be set by users: they frame the message, choose the host, or are hop-by-hop (RFC 9110, 7.6.1).
	ownHeaders = []string{"host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade", "expect"}
)

func checkHeader(name, value string) error {
	lower := strings.ToLower(name)
	switch {
	case !headerName.MatchString(name):
		return fmt.Errorf("holds %q, which is no header name", name)
	case slices.Contains(ownHeaders, lower) || strings.HasPrefix(lower, "webhook-") || lower == "pockethook-hops":
		return fmt.Errorf("must not set %s: the delivery sets it", lower)
	// Characters beyond ASCII are sent as UTF-8.
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
		return fmt.Errorf("has a value for %s with characters that a header can't hold", lower)
	}
	return nil
}

// relay is Relay of api/src/model/relay.ts.
type relay struct {
	Headers any   `json:"headers"`
	Query   *bool `json:"query"`
}

// neverRelayed are those of api/src/model/relay.ts that are not ownHeaders. tests/shared/relay.json tests both.
var neverRelayed = []string{
	"authorization", "proxy-authorization", "proxy-authenticate", "cookie", "x-api-key", "content-encoding", "content-type", "accept-encoding",
	"via", "forwarded", "max-forwards", "http2-settings", "x-correlation-id", "traceparent", "pockethook-hops",
	"x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "fastly-client-ip", "x-host",
	"x-original-url", "x-original-host", "x-rewrite-url", "x-http-method", "x-http-method-override", "x-method-override",
	"range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range",
}

// mayRelay reports whether a header of the producer's request, by its name in lower case, can go on.
func mayRelay(name string) bool {
	return !slices.Contains(neverRelayed, name) && !slices.Contains(ownHeaders, name) &&
		!strings.HasPrefix(name, "x-forwarded-") && !strings.HasPrefix(name, "cf-")
}

func checkRelay(text string, record *core.Record) error {
	if text == "null" {
		return nil
	}
	var wanted relay
	if json.Unmarshal([]byte(text), &wanted, json.RejectUnknownMembers(true)) != nil {
		return errors.New(`must be empty or like {"headers": ["x-hub-signature-256"], "query": true}; headers may be "all"`)
	}
	if record.GetString("type") != "http" || record.GetBool("notifications") {
		return errors.New("is for destinations of the type http that are no webhooks for notifications")
	}
	switch names := wanted.Headers.(type) {
	case nil:
		return nil
	case string:
		if names == "all" {
			return nil
		}
	case []any:
		if len(names) > headersAtMost {
			return fmt.Errorf("holds more than %d headers", headersAtMost)
		}
		for _, one := range names {
			name, isText := one.(string)
			if lower := strings.ToLower(name); name == "*" {
				return errors.New(`holds "*": for all headers that can go on, write "all" in place of the list`)
			} else if !isText || !headerName.MatchString(name) {
				return fmt.Errorf("holds %v, which is no header name", one)
			} else if !mayRelay(lower) {
				return fmt.Errorf("holds %s, which does not go on: set a value of your own in headers", lower)
			}
		}
		return nil
	}
	return errors.New(`must have "all" or a list of names as headers`)
}

// checkStandardWebhooksSecret requires `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks, "Signature scheme").
func checkStandardWebhooksSecret(secret string) error {
	encoded, found := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil || len(key) < 24 || len(key) > 64 {
		return errors.New(`must each be whsec_ followed by base64 of 24 to 64 bytes, such as "whsec_$(openssl rand -base64 32)"`)
	}
	return nil
}

var durationForm = regexp.MustCompile(`^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$`)

var durationUnits = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// parseDuration accepts the same texts as parseDuration in api/src/model/duration.ts.
func parseDuration(text string) (time.Duration, bool) {
	match := durationForm.FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return 0, false
	}
	count, err := strconv.ParseFloat(match[1], 64)
	return time.Duration(count * float64(durationUnits[match[2]])), err == nil
}

func checkSchedule(text string) error {
	if text == "null" {
		return nil
	}
	var waits []string
	if json.Unmarshal([]byte(text), &waits) != nil || len(waits) == 0 || len(waits) > retriesAtMost {
		return fmt.Errorf(`must be a list of 1 to %d durations, such as ["0s", "5s", "5m"], or empty`, retriesAtMost)
	}
	for _, wait := range waits {
		if duration, ok := parseDuration(wait); !ok || duration > waitAtMost {
			return fmt.Errorf("holds %.40q: write durations as 500ms, 5s, 5m, 2h or 1d, up to 7d", wait)
		}
	}
	return nil
}
