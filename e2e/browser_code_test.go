package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"
)

// browserCode is what an authenticator shows for the secret now, or in a while: each code opens the door once.
func browserCode(t testing.TB, secret string, in time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now().Add(in))
	must(t, err)
	return code
}

// chromedpResponse opens an address and gives the status of the page.
func chromedpResponse(p *browserPage, at string) (int64, error) {
	r, err := chromedp.Run(p.ctx, chromedp.NavigateResponse(at))
	if err != nil {
		return 0, err
	}
	return r.Status, nil
}
