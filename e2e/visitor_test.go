package e2e

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
	"time"
)

// visitor is somebody with a browser that keeps cookies and follows redirects, and runs no script.
type visitor struct {
	testing.TB
	base string
	http *http.Client
}

func (d *desk) visitor() *visitor {
	d.Helper()
	jar, err := cookiejar.New(nil)
	must(d, err)
	return &visitor{d.TB, d.url(), &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// page is what a visitor sees.
type page struct {
	status int
	at     string // where redirects led to
	html   string
}

func (v *visitor) get(path string) page { v.Helper(); return v.see(v.http.Get(v.base + path)) }

// post sends a form. fields are names and values in turn.
func (v *visitor) post(path string, fields ...string) page {
	v.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.see(v.http.PostForm(v.base+path, form))
}

func (v *visitor) see(r *http.Response, err error) page {
	v.Helper()
	must(v, err)
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	must(v, err)
	return page{r.StatusCode, r.Request.URL.Path, string(raw)}
}

const staffPassword = "teapot violet harbour nine"

// signIn makes an agent with a password and signs in.
func (d *desk) signIn() *visitor {
	d.Helper()
	d.feed(staffPassword+"\n", "person", "add", "--email", "noor@desk.example", "--name", "Noor Haddad", "--role", "agent", "--team", "support", "--password-stdin").want(0)
	v := d.visitor()
	if p := v.post("/sign-in", "address", "noor@desk.example", "password", staffPassword); p.status != 200 || p.at == "/sign-in" {
		d.Fatalf("not signed in: %d at %s\n%s", p.status, p.at, p.html)
	}
	return v
}
