package rules

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json/v2"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"pockethook/internal/secrets"
	"pockethook/internal/store"
)

// sourceSecrets is a variable of its own because tidySource uses it too.
var sourceSecrets = secrets.List("secrets")

// Sources are named endpoints that receive events.
var Sources = Kind{
	Collection:        "sources",
	Singular:          "source",
	View:              store.Gateway,
	OneNameEverywhere: "it is part of the ingest URL",
	Secrets:           []secrets.Field{sourceSecrets},
	Tidy:              tidySource,
	Expressions:       []string{"event_type", "dedupe_key", "split", "answer", "extract"},
	AuditedApart:      []string{"secret_unshown"},
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
	case len(list) == 0 && scheme != "none" && record.GetBool("enabled") && !secretComesLater(record):
		p.add("secrets", fmt.Errorf("is empty: verification %s needs a secret before the source can be enabled", scheme))
	}
	options := secrets.JSONText(record, "verification_options")
	for _, secret := range list {
		if secret.Text == "" {
			p.add("secrets", errors.New("holds an empty text"))
		} else {
			p.add("secrets", firstProblem(checkWhiteSpace(scheme, secret.Text), checkSourceSecret(scheme, secret.Text), checkKey(scheme, options, secret.Text)))
		}
	}
	p.add("verification_options", checkVerificationOptions(options, scheme))
	p.add("cors_origins", checkOrigins(secrets.JSONText(record, "cors_origins")))
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

const originsAtMost = 20

// usualPort is one that browsers leave out, so that no origin of theirs would ever be equal.
var usualPort = regexp.MustCompile(`^(http:.*:80|https:.*:443)$`)

var originForm = regexp.MustCompile(`^(\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?)$`)

// checkOrigins accepts origins as browsers send them (RFC 6454, 6.2).
func checkOrigins(text string) error {
	var origins []string
	if json.Unmarshal([]byte(text), &origins) != nil || len(origins) > originsAtMost {
		return fmt.Errorf(`must be a list of up to %d origins, such as ["https://www.example.com"], or empty`, originsAtMost)
	}
	for _, origin := range origins {
		if !originForm.MatchString(origin) || usualPort.MatchString(origin) {
			return fmt.Errorf("holds %.60q, which is no origin: write scheme, host in small letters and port, such as https://www.example.com, without a path", origin)
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
	case "aws-sns":
		if !topicARN.MatchString(secret) {
			return errors.New("must each be the ARN of a topic, such as arn:aws:sns:eu-west-1:123456789012:orders")
		}
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

var topicARN = regexp.MustCompile(`^arn:aws(-[a-z-]+)?:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$`)
