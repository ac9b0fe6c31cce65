package rules

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json/v2"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// keyTypes are the types of public keys that each algorithm takes.
var keyTypes = map[string]string{
	"ed25519": "ed25519", "ecdsa-sha256": "ec", "rsa-sha256": "rsa", // public-key
	"EdDSA": "ed25519", "ES256": "ec", "RS256": "rsa", // jwt
}

// checkKey refuses a secret that is no key of the kind that the options name: no signature would ever fit, or, if only the
// beginning of it can be decoded, that of anybody who guesses a short key.
func checkKey(scheme, optionsText, secret string) error {
	var options verificationOptions
	if json.Unmarshal([]byte(optionsText), &options) != nil {
		return nil // checkVerificationOptions says so
	}
	switch scheme {
	case "public-key":
		return checkPublicKey(textOr(options.Algorithm, "ed25519"), secret)
	case "jwt":
		if algorithm := textOr(options.Algorithm, "HS256"); algorithm != "HS256" {
			return checkPublicKey(algorithm, secret)
		}
	case "hmac":
		return checkEncodedKey(textOr(options.Key, "text"), secret)
	}
	return nil
}

func textOr(text *string, otherwise string) string {
	if text == nil {
		return otherwise
	}
	return *text
}

func checkPublicKey(algorithm, secret string) error {
	wanted, found := keyTypes[algorithm], publicKeyType(secret)
	switch {
	case found == "":
		return errors.New("must each be a public key: PEM, base64 of DER, or 32 bytes of an ed25519 key as hex or base64")
	case wanted != "" && found != wanted:
		return fmt.Errorf("holds a public key of the type %s, and the algorithm %s takes one of the type %s", found, algorithm, wanted)
	}
	return nil
}

// checkEncodedKey requires what Buffer.from reads as a whole in api/src/ingest/verification/hmac.ts: it stops at what it can't read.
func checkEncodedKey(form, secret string) error {
	var err error
	switch form {
	case "hex":
		_, err = hex.DecodeString(secret)
	case "base64":
		bare := strings.NewReplacer("-", "+", "_", "/", "\r", "", "\n", "").Replace(strings.TrimRight(secret, "="))
		_, err = base64.RawStdEncoding.DecodeString(bare)
	}
	if err != nil {
		return fmt.Errorf("is not written in %s, as the option key says", form)
	}
	return nil
}

// publicKeyType accepts the same texts as readPublicKey in api/src/ingest/verification/public-key.ts. Empty: it is no public key.
func publicKeyType(text string) string {
	der, err := hex.DecodeString(text)
	if block, _ := pem.Decode([]byte(text)); block != nil && block.Type == "PUBLIC KEY" {
		der, err = block.Bytes, nil
	} else if err != nil || len(der) != ed25519.PublicKeySize {
		der, err = base64.StdEncoding.DecodeString(text)
	}
	if err == nil && len(der) == ed25519.PublicKeySize {
		return "ed25519"
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return ""
	}
	switch key.(type) {
	case ed25519.PublicKey:
		return "ed25519"
	case *ecdsa.PublicKey:
		return "ec"
	case *rsa.PublicKey:
		return "rsa"
	}
	return ""
}
