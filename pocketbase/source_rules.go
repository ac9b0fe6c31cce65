package main

import (
	"encoding/json/v2"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

type sourceRules struct{ secrets *secrets }

func (s sourceRules) check(_ core.App, record *core.Record, p problems) error {
	scheme := record.GetString("verification")
	list, err := s.secrets.plain(record, "secrets")
	p.add("secrets", err)
	switch {
	case err != nil:
	case len(list) > secretsAtMost:
		p.add("secrets", fmt.Errorf("holds more than %d", secretsAtMost))
	case len(list) == 0 && scheme != "none" && record.GetBool("enabled"):
		p.add("secrets", fmt.Errorf("is empty: verification %s needs a secret before the source can be enabled", scheme))
	}
	for _, secret := range list {
		if secret.text == "" {
			p.add("secrets", errors.New("holds an empty text"))
		} else if scheme == "standard-webhooks" {
			p.add("secrets", checkStandardWebhooksSecret(secret.text))
		}
	}
	p.add("verification_options", checkVerificationOptions(jsonText(record, "verification_options"), scheme))
	return nil
}

func checkVerificationOptions(text, scheme string) error {
	// Pointers: absent members have defaults.
	options := struct {
		Header    string  `json:"header"`
		Algorithm *string `json:"algorithm"`
		Encoding  *string `json:"encoding"`
		Prefix    string  `json:"prefix"`
	}{}
	if json.Unmarshal([]byte(text), &options, json.RejectUnknownMembers(true)) != nil {
		return errors.New(`must be an object like {"header": "x-signature", "algorithm": "sha256", "encoding": "hex", "prefix": ""}, or empty`)
	}
	switch {
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
