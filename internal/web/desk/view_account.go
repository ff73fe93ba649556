package desk

import (
	"goodturn/internal/clock"
	"goodturn/internal/web/ui"
)

// AccountView is the signed-in person's own account. Its forms post below /account.
type AccountView struct {
	// Routing offers to say when one is away; Away says until when one is now, or is "".
	Routing bool
	Away    string
	Frame   Frame
	// Name, Languages and Zones belong to the form posted to /account.
	Name, NameError string
	Languages       []ui.Choice
	Zones           []ui.Choice
	ZoneError       string
	// After belongs to the form posted to /account/work.
	After []ui.Choice
	// HasPassword says that there is one to be changed; the form is posted to /account/password.
	HasPassword                        bool
	PasswordHint                       string
	OldPasswordError, NewPasswordError string
	TOTP                               TOTP
	Sessions                           []Session
	Tokens                             []Token
	// NewToken is a token that was just made: it is shown this once.
	NewToken string
	// TokenName, TokenError and Lifetimes belong to the form posted to /account/tokens.
	TokenName, TokenError string
	Lifetimes             []ui.Choice
}

// TOTP is the second step of signing in.
type TOTP struct {
	// On says that it is in use.
	On bool
	// Since is when it was switched on, 0 when that is not known.
	Since clock.Instant
	// Secret and URI are set while it is being set up: the secret to type, and the otpauth address to scan.
	Secret, URI string
	// Proposal is the secret sealed, for the form that confirms it.
	Proposal string
	// CodeError says what is wrong with the code typed to confirm it.
	CodeError string
	// OffError says what is wrong with what was typed to switch it off.
	OffError string
	// Required says that this desk asks it of staff, so it cannot be switched off.
	Required bool
}

// Session is a browser in which the person is signed in.
type Session struct {
	// ID is sent as the field "session" to /account/sessions/end.
	ID string
	// Device is the browser and the system in words ("Firefox on Windows"); Place is the network address.
	Device, Place string
	Phone         bool
	Seen, Started clock.Instant
	// Here marks the one that shows this page.
	Here bool
}

// Token lets a program act with the person's rights.
type Token struct {
	// ID is sent as the field "token" to /account/tokens/revoke.
	ID, Name string
	// Scope says in the reader's language what it may do ("all that you may", "only read").
	Scope            string
	Created, Expires clock.Instant
	// Used is when it was last used, 0 for never.
	Used clock.Instant
}
