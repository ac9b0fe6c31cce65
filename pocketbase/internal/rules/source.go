package rules

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// Sources are named endpoints that receive events.
var Sources = Kind{
	Collection:        "sources",
	Singular:          "source",
	View:              store.Gateway,
	OneNameEverywhere: "it is part of the ingest URL",
	Secrets:           []secrets.Field{secrets.List("secrets")},
	Expressions:       []string{"event_type", "dedupe_key", "extract"},
	Check:             checkSource,
}

func checkSource(s save, p problems) error {
	record := s.record
	scheme := record.GetString("verification")
	list, err := s.vault.Plain(record, "secrets")
	p.add("secrets", err)
	switch {
	case err != nil:
	case len(list) > secretsAtMost:
		p.add("secrets", fmt.Errorf("holds more than %d", secretsAtMost))
	case len(list) == 0 && scheme != "none" && record.GetBool("enabled"):
		p.add("secrets", fmt.Errorf("is empty: verification %s needs a secret before the source can be enabled", scheme))
	}
	for _, secret := range list {
		if secret.Text == "" {
			p.add("secrets", errors.New("holds an empty text"))
		} else {
			p.add("secrets", checkSourceSecret(scheme, secret.Text))
		}
	}
	p.add("verification_options", checkVerificationOptions(secrets.JSONText(record, "verification_options"), scheme))
	p.add("not_redacted", checkNotRedacted(secrets.JSONText(record, "not_redacted")))
	return nil
}

const (
	notRedactedAtMost = 50
	nameAtMost        = 200
)

// alwaysRedacted are headers that carry credentials with every producer, as in api/src/ingest/verification/index.ts.
var alwaysRedacted = []string{"authorization", "proxy-authorization", "cookie", "x-api-key"}

func checkNotRedacted(text string) error {
	var names []string
	if json.Unmarshal([]byte(text), &names) != nil || len(names) > notRedactedAtMost {
		return fmt.Errorf(`must be a list of up to %d names of headers and query parameters, such as ["x-order-key"], or empty`, notRedactedAtMost)
	}
	for _, name := range names {
		if name == "" || len(name) > nameAtMost {
			return fmt.Errorf("holds a name that is empty or longer than %d characters", nameAtMost)
		}
		if slices.Contains(alwaysRedacted, strings.ToLower(name)) {
			return fmt.Errorf("holds %s, which is always redacted", strings.ToLower(name))
		}
	}
	return nil
}

const ed25519KeyBytes = 32

// checkSourceSecret refuses secrets that don't have the scheme's form; some schemes accept any text.
func checkSourceSecret(scheme, secret string) error {
	switch scheme {
	case "standard-webhooks":
		if encoded, isPublicKey := strings.CutPrefix(secret, "whpk_"); isPublicKey {
			if key, err := base64.StdEncoding.DecodeString(encoded); err != nil || len(key) != ed25519KeyBytes {
				return errors.New("holds a whpk_ that is not followed by base64 of 32 bytes, the producer's public key")
			}
			return nil
		}
		return checkStandardWebhooksSecret(secret)
	case "discord":
		if key, err := hex.DecodeString(secret); err != nil || len(key) != ed25519KeyBytes {
			return errors.New("must each be the Public Key of the Discord application: 64 hexadecimal digits")
		}
	case "basic":
		if user, _, found := strings.Cut(secret, ":"); !found || user == "" {
			return errors.New("must each be user:password")
		}
	}
	return nil
}

func checkVerificationOptions(text, scheme string) error {
	// Pointers tell absent members, which have defaults, from empty ones.
	options := struct {
		Header    string  `json:"header"`
		Algorithm *string `json:"algorithm"`
		Encoding  *string `json:"encoding"`
		Prefix    string  `json:"prefix"`
		URL       string  `json:"url"`
	}{}
	if json.Unmarshal([]byte(text), &options, json.RejectUnknownMembers(true)) != nil {
		return errors.New(`must be an object like {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""} for hmac, {"url": "https://…"} for twilio, or empty`)
	}
	switch {
	case scheme == "twilio":
		return checkProducersURL(options.URL)
	case scheme != "hmac":
		return nil
	case !headerName.MatchString(options.Header):
		return errors.New("needs header: the name of the header that carries the signature")
	case !oneOf(options.Algorithm, "sha1", "sha256", "sha512"):
		return errors.New("has an algorithm that is none of sha1, sha256, sha512")
	case !oneOf(options.Encoding, "hex", "base64"):
		return errors.New("has an encoding that is neither hex nor base64")
	}
	return nil
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
