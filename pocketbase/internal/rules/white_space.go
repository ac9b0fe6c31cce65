package rules

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
)

// freeText are the schemes whose secrets people choose: white space around them may be meant. The others have secrets that
// vendors issue, or that travel in a header, which loses white space around its value (RFC 9110, 5.5).
var freeText = []string{"github", "hmac", "jwt", "basic"}

// oneLine are the schemes whose secrets are one line: a vendor's, or sent in a header as they are.
var oneLine = []string{"stripe", "slack", "shopify", "twilio", "discord", "standard-webhooks", "aws-sns", "gitlab", "bearer"}

// tidySource writes out defaults, and trims secrets that can't have white space around them: it was pasted along.
func tidySource(record *core.Record) {
	for field, usual := range map[string]string{"when_paused": "retry", "on_malformed": "refuse"} {
		if record.GetString(field) == "" {
			record.Set(field, usual)
		}
	}
	switch scheme := record.GetString("verification"); {
	case scheme == "jwt":
		sourceSecrets.Change(record, trimPEM)
	case !slices.Contains(freeText, scheme):
		sourceSecrets.Change(record, trimSpace)
	}
}

// trimPEM trims a key in PEM: files that hold one end with a line break.
func trimPEM(text string) string {
	if trimmed := trimSpace(text); strings.HasPrefix(trimmed, "-----BEGIN ") {
		return trimmed
	}
	return text
}

func tidyDestination(record *core.Record) {
	for _, field := range destinationSecrets {
		field.Change(record, trimSpace)
	}
}

// trimSpace also removes what is invisible: byte order marks, zero-width and no-break spaces.
func trimSpace(text string) string { return strings.TrimFunc(text, isInvisible) }

func isInvisible(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

// checkWhiteSpace refuses a secret that would never fit: its message doesn't repeat it.
func checkWhiteSpace(scheme, secret string) error {
	switch {
	case trimSpace(secret) != secret:
		return errors.New("has white space at its beginning or its end, as text that was copied often has: save it without, and with the same secret at the producer")
	case slices.Contains(oneLine, scheme) && strings.ContainsAny(secret, "\r\n"):
		return errors.New("has a line break inside, where this kind of secret has none: copy it again, as one line")
	}
	return nil
}
