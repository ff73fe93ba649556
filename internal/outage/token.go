package outage

import (
	"strconv"
	"strings"

	"goodturn/internal/secret"
)

// Purpose is what a token of a mail lets its holder do, and nothing else.
type Purpose string

// The purposes.
const (
	Join Purpose = "outage join"  // one person says "me too" to one outage
	Part Purpose = "outage leave" // one person hears no more of one outage
)

// Token is what a mail about an outage carries so that its reader need not sign in.
func Token(key *secret.Signer, p Purpose, id, personID int64) string {
	ids := strconv.FormatInt(id, 10) + "." + strconv.FormatInt(personID, 10)
	return ids + "." + key.Sign(string(p), []byte(ids))
}

// ReadToken gives the outage and the person of a Token of ours.
func ReadToken(key *secret.Signer, p Purpose, token string) (id, personID int64, ok bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || !key.Verify(string(p), []byte(token[:at]), token[at+1:]) {
		return 0, 0, false
	}
	first, second, _ := strings.Cut(token[:at], ".")
	id, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	personID, err = strconv.ParseInt(second, 10, 64)
	return id, personID, err == nil
}
