package dial_test

import (
	"errors"
	"strings"
	"testing"

	"goodturn/internal/transport/dial"
)

func TestRefusedSignIn(t *testing.T) {
	for _, test := range []struct{ host, provider, answer, want string }{
		{"imap.gmail.com", "", "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", "app password"},
		{"smtp.gmail.com", "", "5.7.9 Application-specific password required. For more information, go to", "app password"},
		{"imap.gmail.com", "", "[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "or choose Google"},
		{"imap.gmail.com", "", "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page", "IMAP is switched off for help@example.com"},
		{"imap.gmail.com", "", "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", "with a browser once"},
		{"outlook.office365.com", "", "LOGIN failed.", "choose Microsoft 365"},
		{"outlook.office365.com", "Microsoft 365", "AUTHENTICATE failed.", "although Microsoft 365 gave a token"},
		{"outlook.office365.com", "Microsoft 365", "User is authenticated but not connected.", "has a licence"},
		{"smtp.office365.com", "Microsoft 365", "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", "Authenticated SMTP"},
		{"smtp.office365.com", "", "5.7.139 Authentication unsuccessful, basic authentication is disabled.", "takes no passwords"},
		{"mail.example.com", "", "Too many login failures, try again later", "for the moment"},
		{"mail.example.com", "", "[AUTHENTICATIONFAILED] Authentication failed.", "refused the user name or the password."},
		{"notoutlook.com", "", "LOGIN failed.", "refused the user name or the password."},
	} {
		p := dial.RefusedSignIn(dial.Target{Host: test.host}, dial.Credential{User: "help@example.com", Provider: test.provider}, test.answer, errors.New("no"))
		if p.Kind != dial.Refused || !strings.Contains(p.Error(), test.want) {
			t.Errorf("%s says %q: got %q, want %q in it", test.host, test.answer, p.Error(), test.want)
		}
	}
}
