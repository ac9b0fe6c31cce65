package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// sealedPrefix begins every stored secret: enc:v1:<key id>:<base64 of nonce, ciphertext and tag>.
const sealedPrefix = "enc:v1:"

// keyring encrypts secrets at rest with AES-256-GCM. api/src/store/pocketbase/secrets.ts reads what it writes.
type keyring struct {
	Current string
	ciphers map[string]cipher.AEAD
}

// newKeyring takes keys of 32 bytes: the first encrypts, all decrypt.
func newKeyring(keys [][]byte) (*keyring, error) {
	ring := &keyring{ciphers: map[string]cipher.AEAD{}}
	for _, key := range keys {
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		hash := sha256.Sum256(key)
		id := hex.EncodeToString(hash[:4])
		ring.ciphers[id] = aead
		if ring.Current == "" {
			ring.Current = id
		}
	}
	return ring, nil
}

func isSealed(text string) bool { return strings.HasPrefix(text, sealedPrefix) }

var errSealedElsewhere = errors.New("looks encrypted but was not encrypted for this field: write the secret itself")

// Seal encrypts for one place (<collection>/<record id>/<field>), so that ciphertext can't be moved to another.
func (k *keyring) Seal(text, place string) (string, error) {
	aead := k.ciphers[k.Current]
	if aead == nil {
		return "", refusal("ENCRYPTION_KEYS is missing: secrets are only stored encrypted")
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	sealed := aead.Seal(nonce, nonce, []byte(text), []byte(place))
	return sealedPrefix + k.Current + ":" + base64.StdEncoding.EncodeToString(sealed), nil
}

// Open decrypts; a text that is not sealed is its own plain text.
func (k *keyring) Open(text, place string) (string, error) {
	if !isSealed(text) {
		return text, nil
	}
	id, encoded, _ := strings.Cut(text[len(sealedPrefix):], ":")
	aead := k.ciphers[id]
	if aead == nil {
		return "", fmt.Errorf("is encrypted with the key %.8q, which ENCRYPTION_KEYS does not hold: add that key, or write the secret anew", id)
	}
	sealed, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || len(sealed) < aead.NonceSize() {
		return "", errSealedElsewhere
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(place))
	if err != nil {
		return "", errSealedElsewhere
	}
	return string(plain), nil
}

// sealedWithCurrent is false for what a save should encrypt anew, so that keys can rotate.
func (k *keyring) sealedWithCurrent(text string) bool {
	return strings.HasPrefix(text, sealedPrefix+k.Current+":")
}
