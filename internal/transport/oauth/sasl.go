package oauth

import (
	"encoding/json"

	"github.com/emersion/go-sasl"
)

// Mechanism is the name of the SASL mechanism that Google and Microsoft made before there was a standard. Its form is described
// on the pages of both.
const Mechanism = "XOAUTH2"

// SignIn gives the SASL client to sign in with: XOAUTH2 where the server offers it, else OAUTHBEARER (RFC 7628); nil when it
// offers neither.
func SignIn(offers func(mechanism string) bool, user, token, host string, port int) sasl.Client {
	switch {
	case offers(Mechanism):
		return &xoauth2{user: user, token: token}
	case offers(sasl.OAuthBearer):
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: token, Host: host, Port: port})
	}
	return nil
}

type xoauth2 struct{ user, token string }

// Start begins with all there is to say.
func (x *xoauth2) Start() (mechanism string, first []byte, err error) {
	return Mechanism, []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers a refusal: the server sends the reason as JSON and waits for an empty answer before it refuses.
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	if !json.Valid(challenge) {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	return []byte{}, nil
}
