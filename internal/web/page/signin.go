package page

// SignInView asks for address and password, or mails a link.
type SignInView struct {
	Site string
	// Address is what was typed before.
	Address string
	// Error is a sentence when it did not work; it never says whether the address is known.
	Error string
	// Next is the path to go on to afterwards; it travels in a hidden field.
	Next string
	// Kept is what somebody had written when their session had ended, or "".
	Kept string
	// PasswordOff leaves only the mailed link.
	PasswordOff bool
}

// CodeView asks for the six digits of an authenticator after the password was right.
type CodeView struct {
	Site string
	// Error is a sentence when the code was not the right one.
	Error string
	Next  string
}

// CheckMailView says that a link was mailed if the address is known here.
type CheckMailView struct {
	Site, Address string
	// Minutes is how long the link works.
	Minutes int
	// CatcherURL leads to the demo's mail catcher, or is "".
	CatcherURL string
}

// LinkView is the page that a mailed link opens; its one button does what the link is for, so that programs which only
// look at links change nothing.
type LinkView struct {
	Site string
	// PostURL is the address that the button posts to.
	PostURL string
	// Token travels in a hidden field.
	Token string
	// Address is whom the link signs in.
	Address string
	// Gone says that the link was used, is too old, or was asked for in another browser.
	Gone bool
}

// FirstAdminView makes the first administrator after the first start.
type FirstAdminView struct {
	Site string
	// PostURL carries the one-time token.
	PostURL                               string
	Name, Address                         string
	NameError, AddressError, PasswordHint string
	PasswordError                         string
}
