package dial

import (
	"strings"

	"goodturn/internal/i18n"
)

// Credential is what was shown to a server that refused it, without the secret itself.
type Credential struct {
	User     string
	Provider string // who gave the token, for people: "Microsoft 365"; empty for a password
}

// refusals are what the large providers answer to the usual mistakes, and what each means. The first that fits is taken; words
// are compared in lower case.
var refusals = []struct {
	words []string
	text  func(t Target, c Credential, answer string) i18n.Text
}{
	{[]string{"application-specific password", "application specific password", "app-specific password", "app password"}, func(t Target, _ Credential, _ string) i18n.Text {
		return i18n.M("{{.Host}} wants a password made for this program alone, an app password. Please make one on the security page of the account, and give it here.", "Host", t.Host)
	}},
	{[]string{"smtpclientauthentication is disabled", "smtp auth is disabled"}, func(t Target, c Credential, _ string) i18n.Text {
		return i18n.M("Sending by SMTP is switched off for {{.User}}. Whoever administers the mail there can allow “Authenticated SMTP” for it.", "User", c.User)
	}},
	{[]string{"not enabled for imap", "imap access is disabled", "imap is disabled", "imap disabled", "imap not enabled", "enable imap"}, func(t Target, c Credential, _ string) i18n.Text {
		return i18n.M("IMAP is switched off for {{.User}}. Please allow it in the settings of the mailbox at {{.Host}}.", "User", c.User, "Host", t.Host)
	}},
	{[]string{"basic authentication is disabled", "basicauthblocked", "basic auth is disabled"}, func(t Target, _ Credential, _ string) i18n.Text {
		return i18n.M("{{.Host}} takes no passwords from programs. Please choose to sign in with its provider (OAuth) instead.", "Host", t.Host)
	}},
	{[]string{"authenticated but not connected"}, func(t Target, c Credential, _ string) i18n.Text {
		return i18n.M("{{.Host}} accepts the sign-in, but does not open the mailbox {{.User}} with it. Please check that this is the mailbox's own address, that it has a licence, and that whoever signed in may use it.", "Host", t.Host, "User", c.User)
	}},
	{[]string{"via your web browser", "web login required", "webloginrequired", "log in with your browser"}, func(t Target, c Credential, _ string) i18n.Text {
		return i18n.M("{{.Host}} wants {{.User}} to sign in with a browser once. Please do so, then check again.", "Host", t.Host, "User", c.User)
	}},
	{[]string{"too many", "rate limit", "ratelimit", "throttl", "temporarily blocked", "try again later"}, func(t Target, _ Credential, answer string) i18n.Text {
		return i18n.M("{{.Host}} lets nobody in for the moment: {{.Answer}}. It is tried again by itself.", "Host", t.Host, "Answer", answer)
	}},
	{[]string{"password expired", "expired password", "password has expired"}, func(t Target, c Credential, _ string) i18n.Text {
		return i18n.M("The password of {{.User}} has run out. Please set a new one at {{.Host}}, and give it here.", "User", c.User, "Host", t.Host)
	}},
	{[]string{"account is locked", "account locked", "account is disabled", "account disabled", "account suspended", "account is blocked"}, func(t Target, c Credential, answer string) i18n.Text {
		return i18n.M("{{.Host}} has locked {{.User}}: {{.Answer}}", "Host", t.Host, "User", c.User, "Answer", answer)
	}},
}

// withoutPasswords are hosts whose answer to any password is the same plain no.
var withoutPasswords = []string{".office365.com", ".outlook.com", "outlook.office.com"}

// RefusedSignIn builds the Problem of a server that did not let somebody in, from what it answered.
func RefusedSignIn(t Target, c Credential, answer string, err error) *Problem {
	return &Problem{Kind: Refused, Err: err, Text: refusal(t, c, Clean(answer))}
}

func refusal(t Target, c Credential, answer string) i18n.Text {
	low, host := strings.ToLower(answer), "."+strings.ToLower(t.Host)
	for _, r := range refusals {
		for _, words := range r.words {
			if strings.Contains(low, words) {
				return r.text(t, c, answer)
			}
		}
	}
	if c.Provider != "" {
		return i18n.M("{{.Host}} does not let {{.User}} in, although {{.Provider}} gave a token. Please check the user name, that the account may use IMAP and SMTP, and that whoever connected it is {{.User}} or may use its mailbox.", "Host", t.Host, "User", c.User, "Provider", c.Provider)
	}
	for _, suffix := range withoutPasswords {
		if strings.HasSuffix(host, suffix) {
			return i18n.M("{{.Host}} takes no passwords from programs. Please choose Microsoft 365 as the way to sign in.", "Host", t.Host)
		}
	}
	if strings.HasSuffix(host, ".gmail.com") || strings.HasSuffix(host, ".googlemail.com") {
		return i18n.M("{{.Host}} refused the user name or the password. It wants an app password, or choose Google as the way to sign in.", "Host", t.Host)
	}
	return i18n.M("{{.Host}} refused the user name or the password.", "Host", t.Host)
}
