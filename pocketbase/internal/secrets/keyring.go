package secrets

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

	"pockethook/internal/fault"
)

// SealedPrefix begins every stored secret: enc:v1:<key id>:<base64 of nonce, ciphertext and tag>.
const SealedPrefix = "enc:v1:"

// Keyring encrypts secrets at rest with AES-256-GCM. api/src/store/pocketbase/secrets.ts decrypts them.
type Keyring struct {
	Current string
	ciphers map[string]cipher.AEAD
}

// NewKeyring takes keys of 32 bytes: the first encrypts, all decrypt.
func NewKeyring(keys [][]byte) (*Keyring, error) {
	ring := &Keyring{ciphers: map[string]cipher.AEAD{}}
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

// IsSealed is true if the text looks encrypted, whether it can be decrypted or not.
func IsSealed(text string) bool { return strings.HasPrefix(text, SealedPrefix) }

var errSealedElsewhere = errors.New("looks encrypted but was not encrypted for this field: write the secret itself")

// Seal encrypts a secret. The place (<collection>/<record id>/<field>) is authenticated with it, so that ciphertext copied to
// another place can't be decrypted.
func (k *Keyring) Seal(text, place string) (string, error) {
	aead := k.ciphers[k.Current]
	if aead == nil {
		return "", fault.Refusal("ENCRYPTION_KEYS is missing: secrets are only stored encrypted")
	}
	nonce := make([]byte, aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	sealed := aead.Seal(nonce, nonce, []byte(text), []byte(place))
	return SealedPrefix + k.Current + ":" + base64.StdEncoding.EncodeToString(sealed), nil
}

// Open decrypts; a text that is not encrypted is returned as it is.
func (k *Keyring) Open(text, place string) (string, error) {
	if !IsSealed(text) {
		return text, nil
	}
	id, encoded, _ := strings.Cut(text[len(SealedPrefix):], ":")
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

// sealedWithCurrent is false for texts encrypted with an older key, which a save should encrypt again with the current one.
func (k *Keyring) sealedWithCurrent(text string) bool {
	return strings.HasPrefix(text, SealedPrefix+k.Current+":")
}
