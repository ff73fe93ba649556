package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// Token makes a random token of 256 bits: 43 characters of base64url (RFC 4648 section 5), safe in URLs and cookies.
func Token() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program first
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash is what is stored of a token: its SHA-256, 32 bytes. A token is random enough to need no salt and no slow hash.
func Hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Equal compares in a time that tells nothing but whether the lengths differ.
func Equal(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }
