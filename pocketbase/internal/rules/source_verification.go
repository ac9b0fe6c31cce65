package rules

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"pockethook/internal/secrets"
)

// verificationOptions are those of api/src/model/configuration.ts. Pointers tell absent members, which have defaults, from
// empty ones.
type verificationOptions struct {
	Header    string  `json:"header"`
	Place     string  `json:"place"`
	Prefix    string  `json:"prefix"`
	Field     string  `json:"field"`
	Algorithm *string `json:"algorithm"`
	Encoding  *string `json:"encoding"`
	Key       *string `json:"key"`
	Signed    string  `json:"signed"`
	Timestamp string  `json:"timestamp"`
	Tolerance string  `json:"tolerance"`
	URL       string  `json:"url"`
	Issuer    string  `json:"issuer"`
	Audience  string  `json:"audience"`
	BodyHash  string  `json:"body_hash"`
	// SecretFrom is where the producer's handshake has the secret.
	SecretFrom string `json:"secret_from"`
}

// secretComesLater is true if the producer's handshake brings the secret, so that a source without one may be enabled: it
// takes nothing until then.
func secretComesLater(record *core.Record) bool {
	var options verificationOptions
	err := json.Unmarshal([]byte(secrets.JSONText(record, "verification_options")), &options)
	return err == nil && record.GetString("verification") == "hmac" && options.SecretFrom != ""
}

func checkVerificationOptions(text, scheme string) error {
	var options verificationOptions
	if json.Unmarshal([]byte(text), &options, json.RejectUnknownMembers(true)) != nil {
		return errors.New(`must be an object like {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""} for hmac, {"url": "https://…"} for twilio, or empty`)
	}
	switch scheme {
	case "twilio":
		return checkProducersURL(options.URL)
	case "hmac":
		return firstProblem(options.checkPlace(true), checkAlgorithm(options.Algorithm, "sha1", "sha256", "sha512"), options.checkSigned(), options.checkSecretFrom())
	case "public-key":
		return firstProblem(options.checkPlace(true), checkAlgorithm(options.Algorithm, "ed25519", "ecdsa-sha256", "rsa-sha256"), options.checkSigned())
	case "jwt":
		return firstProblem(options.checkPlace(false), checkAlgorithm(options.Algorithm, "HS256", "RS256", "ES256", "EdDSA"))
	case "token":
		return options.checkPlace(false)
	default:
		return nil
	}
}

func firstProblem(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var (
	placeForm = regexp.MustCompile("^(headers\\.[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}|query\\.[^{}\\s]{1,200}|body\\.[^{}\\s]{1,200})$")
	fieldForm = regexp.MustCompile(`^field\.[A-Za-z0-9_-]{1,100}$`)
	codeForm  = regexp.MustCompile(`(?s)\{\{\s*(.*?)\s*\}\}`)
	signed    = []string{"timestamp", "body", "method", "url", "form"}
)

// checkPlace requires a place if the scheme has no usual one.
func (o verificationOptions) checkPlace(needed bool) error {
	switch {
	case o.Header != "" && !headerName.MatchString(o.Header), needed && o.Header == "" && o.Place == "":
		return errors.New("needs header: the name of the header that carries the signature")
	case o.Place != "" && !placeForm.MatchString(o.Place):
		return errors.New("has a place that is none: write headers.NAME, query.NAME or body.PATH")
	}
	return nil
}

// checkSecretFrom refuses the query, which ends up in the logs of whatever stands before us, and lists.
func (o verificationOptions) checkSecretFrom() error {
	if o.SecretFrom == "" || placeForm.MatchString(o.SecretFrom) && !strings.HasPrefix(o.SecretFrom, "query.") && !strings.Contains(o.SecretFrom, "*") {
		return nil
	}
	return errors.New("has a secret_from that is no place of a secret: write headers.NAME or body.PATH")
}

func checkAlgorithm(algorithm *string, allowed ...string) error {
	if oneOf(algorithm, allowed...) {
		return nil
	}
	return fmt.Errorf("has an algorithm that is none of %s", strings.Join(allowed, ", "))
}

// toleranceAtMost bounds how long a request that somebody recorded can be sent again.
const toleranceAtMost = 24 * time.Hour

func (o verificationOptions) checkSigned() error {
	tolerance, isDuration := parseDuration(o.Tolerance)
	switch {
	case !oneOf(o.Encoding, "hex", "base64"):
		return errors.New("has an encoding that is neither hex nor base64")
	case !oneOf(o.Key, "text", "base64", "hex"):
		return errors.New("has a key that is none of text, base64, hex")
	case o.Timestamp != "" && !placeForm.MatchString(o.Timestamp) && !fieldForm.MatchString(o.Timestamp):
		return errors.New("has a timestamp that is no place: write headers.NAME, query.NAME, body.PATH or field.NAME")
	case o.Tolerance != "" && (!isDuration || tolerance <= 0 || tolerance > toleranceAtMost):
		return errors.New("has a tolerance that is none: write a duration such as 5m, up to 1d")
	case o.Tolerance != "" && o.Timestamp == "":
		return errors.New("has a tolerance, and needs timestamp: where the time is that is signed")
	}
	for _, code := range codeForm.FindAllStringSubmatch(o.Signed, -1) {
		if !oneOf(&code[1], signed...) && !placeForm.MatchString(code[1]) {
			return fmt.Errorf("has {{ %.40s }} in signed: write timestamp, body, method, url, form, headers.NAME, query.NAME or body.PATH", code[1])
		}
		if code[1] == "timestamp" && o.Timestamp == "" {
			return errors.New("needs timestamp: where the time is that is signed")
		}
	}
	if left := codeForm.ReplaceAllString(o.Signed, ""); o.Signed != "" && (left == o.Signed || strings.Contains(left, "{{")) {
		return errors.New("has a signed that holds no {{ body }}, or {{ without }}")
	}
	if o.Timestamp != "" && !o.signsTimestamp() {
		return fmt.Errorf("has a timestamp that is not signed, so that anybody can write another: put {{ timestamp }} into signed, as in %q", "{{ timestamp }}.{{ body }}")
	}
	return checkProducersURL(o.URL)
}

// signsTimestamp reports whether signed covers the place of the time.
func (o verificationOptions) signsTimestamp() bool {
	text := o.Signed
	if text == "" {
		text = "{{ body }}"
	}
	for _, code := range codeForm.FindAllStringSubmatch(text, -1) {
		part, _, _ := strings.Cut(o.Timestamp, ".")
		switch code[1] {
		case "timestamp", o.Timestamp:
			return true
		case "body", "form":
			if part == "body" {
				return true
			}
		case "url":
			if part == "query" {
				return true
			}
		}
	}
	return false
}

// checkProducersURL refuses a query, which comes from each request, and a fragment, which is never sent.
func checkProducersURL(text string) error {
	if text == "" {
		return nil
	}
	address, err := url.Parse(text)
	if err != nil || address.Scheme != "http" && address.Scheme != "https" || address.Host == "" || strings.ContainsAny(text, "?#") {
		return errors.New(`has a url that is none: give it as Twilio has it, without its query, such as "https://hooks.example.com/ingest/twilio"`)
	}
	return nil
}

func oneOf(value *string, allowed ...string) bool {
	if value == nil {
		return true
	}
	for _, one := range allowed {
		if *value == one {
			return true
		}
	}
	return false
}
