package main

import "strings"

// masked stands for the part of a secret that is not shown.
const masked = "••••"

// maskedAtLeast is how long a secret must be for its last 4 characters to tell nothing.
const maskedAtLeast = 12

func maskSecret(secret string) string {
	characters := []rune(secret)
	if len(characters) < maskedAtLeast {
		return masked
	}
	return masked + string(characters[len(characters)-4:])
}

// maskURL hides the last part of the path and what follows: there a chat destination's URL carries its token.
func maskURL(url string) string {
	path, query, _ := strings.Cut(url, "?")
	scheme := strings.Index(path, "://") + len("://")
	slash := strings.LastIndex(path, "/")
	if slash < scheme {
		return path + "/" + masked
	}
	token := path[slash+1:]
	if query != "" {
		token += "?" + query
	}
	if token == "" {
		return path
	}
	return path[:slash+1] + maskSecret(token)
}

func isMask(text string) bool { return strings.Contains(text, masked) }
