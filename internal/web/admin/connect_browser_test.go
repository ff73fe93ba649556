package admin_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/browser"
	"goodturn/internal/testserver/oauth"
)

// TestConnectInABrowser consents in a real browser, at a provider that is another site: the page's policy must let the browser go there,
// and its cookie must be good when it comes back.
func TestConnectInABrowser(t *testing.T) {
	s := newStage(t, openSQLite(t))
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	base := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	s.admin.Post.PublicURL = func() string { return base }
	provider := oauth.Start(t, oauth.Options{RedirectURL: base + mailbox.RedirectPath})
	s.post("/admin/mailboxes", s.mailboxFields("sign_in", "other", "oauth_client_id", provider.ClientID, "oauth_password", provider.ClientSecret,
		"oauth_auth_url", provider.AuthURL, "oauth_token_url", provider.TokenURL, "oauth_scopes", provider.Scopes)...).done("connect it")
	ctx := browser.New(t)
	browser.Tolerant(ctx) // the provider's pages are not ours
	if err := chromedp.Do(ctx, s.signedIn(base, "en"), chromedp.Navigate(base+"/admin/mailboxes/1"),
		chromedp.Click(chromedp.CSS(`a[href="/admin/mailboxes/1/connect"]`)),
		chromedp.WaitVisible(chromedp.CSS(`input[name="password"]`)), chromedp.SendKeys(chromedp.CSS(`input[name="password"]`), "any"), chromedp.Click(chromedp.CSS(`button[type="submit"]`)),
		chromedp.WaitReady(chromedp.CSS(`input[name="prompt"][value="consent"]`)), chromedp.Click(chromedp.CSS(`button[type="submit"]`)),
		chromedp.WaitVisible(chromedp.CSS(`#status-title`))); err != nil {
		t.Fatal(err)
	}
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil || !strings.Contains(said, "The mailbox is connected.") || !strings.Contains(said, "Connect again") {
		t.Errorf("the page says %q (%v)", said, err)
	}
	if s.mailbox(1).OAuth.GrantedAt == 0 {
		t.Error("not connected")
	}
	browser.CheckAxe(t, ctx)
}
