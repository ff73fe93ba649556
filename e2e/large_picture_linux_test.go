package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"goodturn/internal/person"
)

// zeros are as many as are asked for.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// highest is the most memory that the process had since it was last asked, in bytes.
func highest(t *testing.T) int64 {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	must(t, err)
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(raw)
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	must(t, err)
	must(t, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
	return n << 10
}

// TestAPictureOf200MB sends one with an article: the answer names the file, its size and the limit, what was typed is still there, nothing is
// kept, and the memory does not grow with it.
func TestAPictureOf200MB(t *testing.T) {
	d := browserDemo(t)
	cookie := d.session(d.staff(person.Agent, 0))
	send := func(size int64) (int, string) {
		var head bytes.Buffer
		w := multipart.NewWriter(&head)
		must(t, w.WriteField("title", "The lid & the tray"))
		must(t, w.WriteField("language", "en"))
		must(t, w.WriteField("body", "Open it **slowly**."))
		_, err := w.CreateFormFile("files", "lid open.png")
		must(t, err)
		tail := fmt.Sprintf("\r\n--%s\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nsave\r\n--%s--\r\n", w.Boundary(), w.Boundary())
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/articles", io.MultiReader(&head, io.LimitReader(zeros{}, size), strings.NewReader(tail)))
		must(t, err)
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.AddCookie(cookie)
		res, err := http.DefaultTransport.RoundTrip(r)
		must(t, err)
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		must(t, err)
		return res.StatusCode, string(page)
	}
	send(11 << 20) // so that what is made once is there
	highest(t)
	before := highest(t)
	status, page := send(200 << 20)
	grown := highest(t) - before
	t.Logf("%d MB more at most", grown>>20)
	if status != http.StatusUnprocessableEntity || grown > 48<<20 {
		t.Errorf("answered with %d, %d MB more", status, grown>>20)
	}
	for _, want := range []string{"lid open.png", "210", "10", "The lid &amp; the tray", "Open it **slowly**."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
	if n := d.number(`SELECT count(*) FROM article WHERE slug LIKE 'the-lid%'`); n != 0 {
		t.Errorf("%d articles were made", n)
	}
}
