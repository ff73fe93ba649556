package portal

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"goodturn/internal/secret"
	"goodturn/internal/web/ui/uitest"
)

// tus asks as a client of the upload protocol does; headers are names and values in turn.
func (v *visitor) tus(method, at, body string, headers ...string) answered {
	v.w.t.Helper()
	req, err := http.NewRequestWithContext(v.w.ctx, method, v.url+at, strings.NewReader(body))
	if err != nil {
		v.w.t.Fatal(err)
	}
	req.Header.Set("Tus-Resumable", "1.0.0")
	if method == "PATCH" {
		req.Header.Set("Content-Type", "application/offset+octet-stream")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return v.do(req)
}

// begun makes an upload and gives its address.
func (v *visitor) begun(name string, length int) (at string) {
	v.w.t.Helper()
	a := v.tus("POST", "/uploads", "", "Upload-Length", strconv.Itoa(length), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name))).want(v.w.t, 201)
	if at = a.header.Get("Location"); !strings.HasPrefix(at, "/uploads/") {
		v.w.t.Fatalf("the upload is at %q", at)
	}
	return at
}

// uploaded makes a whole one and gives its secret.
func (v *visitor) uploaded(name, content string) (word string) {
	v.w.t.Helper()
	at := v.begun(name, len(content))
	v.tus("PATCH", at, content, "Upload-Offset", "0").want(v.w.t, 204)
	return strings.TrimPrefix(at, "/uploads/")
}

// TestUploadProtocol goes through what tus 1.0.0 asks of a server.
func TestUploadProtocol(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		about := v.tus("OPTIONS", "/uploads", "").want(w.t, 204)
		for name, want := range map[string]string{"Tus-Version": "1.0.0", "Tus-Extension": "creation,termination,expiration", "Tus-Max-Size": "32000000"} {
			if got := about.header.Get(name); got != want {
				w.t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		for _, wrong := range []struct {
			method, at string
			status     int
			headers    []string
		}{
			{"POST", "/uploads", 412, []string{"Tus-Resumable", "0.2.2"}},
			{"POST", "/uploads", 400, nil},
			{"POST", "/uploads", 400, []string{"Upload-Length", "-1"}},
			{"POST", "/uploads", 400, []string{"Upload-Length", "1", "Upload-Metadata", "filename ***"}},
			{"POST", "/uploads", 413, []string{"Upload-Length", "32000001"}},
			{"HEAD", "/uploads/" + secret.Token(), 404, nil},
			{"PATCH", "/uploads/" + secret.Token(), 404, []string{"Upload-Offset", "0"}},
			{"DELETE", "/uploads/" + secret.Token(), 404, nil},
		} {
			a := v.tus(wrong.method, wrong.at, "", wrong.headers...).want(w.t, wrong.status)
			if a.header.Get("Tus-Resumable") != "1.0.0" {
				w.t.Errorf("%s %s names no version", wrong.method, wrong.at)
			}
		}
		at := v.begun("lift.txt", 10)
		v.tus("PATCH", at, "01234", "Upload-Offset", "0", "Content-Type", "text/plain").want(w.t, 415)
		v.tus("PATCH", at, "01234", "Upload-Offset", "3").want(w.t, 409)
		if a := v.tus("PATCH", at, "01234", "Upload-Offset", "0").want(w.t, 204); a.header.Get("Upload-Offset") != "5" || a.header.Get("Upload-Expires") == "" {
			w.t.Errorf("after 5 bytes: %v", a.header)
		}
		stranger := w.visitor() // the address alone counts
		if a := stranger.tus("HEAD", at, "").want(w.t, 200); a.header.Get("Upload-Offset") != "5" || a.header.Get("Upload-Length") != "10" || a.header.Get("Cache-Control") != "no-store" {
			w.t.Errorf("HEAD says %v", a.header)
		}
		v.tus("GET", at, "").want(w.t, 404)
		v.tus("POST", at, "").want(w.t, 405)
		v.tus("POST", at, "56789", "X-HTTP-Method-Override", "PATCH", "Content-Type", "application/offset+octet-stream", "Upload-Offset", "5").want(w.t, 204)
		v.tus("PATCH", at, "x", "Upload-Offset", "10").want(w.t, 413)
		v.tus("DELETE", at, "").want(w.t, 204)
		v.tus("HEAD", at, "").want(w.t, 404)
		if v.tus("POST", "/uploads", "", "Upload-Length", "5", "Sec-Fetch-Site", "cross-site").status != 403 {
			w.t.Error("another site may begin an upload")
		}
	})
}

func TestAFormTakesWhatWasUploadedBefore(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		one, two := v.uploaded("one.txt", "the first"), v.uploaded("two.txt", "the second")
		half := strings.TrimPrefix(v.begun("half.txt", 5), "/uploads/")
		wrong := v.post("/requests", "text", "", "name", "Ada", "upload", one).want(w.t, 422)
		wrong.shows(w.t, "Nothing was sent yet")
		wrong = v.post("/requests", "text", "The lift", "name", "Ada", "upload", one, "upload", half).want(w.t, 422)
		if s := wrong.wrong("files"); !strings.Contains(s, "“half.txt” has not arrived whole") {
			w.t.Errorf("of half a file it says %q", s)
		}
		key := v.get("/").field(w.t, "key")
		fields := []string{"key", key, "text", "The lift is stuck", "name", "Ada", "upload", one, "upload", two, "upload", one, "@three.txt", "the third"}
		a := v.post("/requests", fields...).want(w.t, 200)
		a.shows(w.t, "one.txt", "two.txt", "three.txt")
		number := a.number(w.t)
		if n := one64(w, `SELECT count(*) FROM attachment WHERE ticket_id = $1`, number); n != 3 {
			w.t.Errorf("%d files are attached", n)
		}
		if again := v.post("/requests", fields...).want(w.t, 200).number(w.t); again != number {
			w.t.Errorf("the form sent twice made %d and %d", number, again)
		}
		other := v.post("/requests", "text", "The door", "name", "Bo", "upload", one).want(w.t, 422)
		if s := other.wrong("files"); !strings.Contains(s, "no longer here") {
			w.t.Errorf("of a file that was sent before it says %q", s)
		}
		if n := one64(w, `SELECT count(*) FROM ticket`); n != 1 {
			w.t.Errorf("%d tickets", n)
		}

		three := v.uploaded("four.txt", "the fourth")
		w.visitor().post(requestURL(number)+"/answers", "text", "let me in", "upload", three).want(w.t, 401)
		v.post(requestURL(number)+"/answers", "text", "More", "upload", three).want(w.t, 200).shows(w.t, "four.txt")
		if n := one64(w, `SELECT count(*) FROM attachment WHERE ticket_id = $1`, number); n != 4 {
			w.t.Errorf("%d files are attached", n)
		}
	})
}

func one64(w *world, query string, args ...any) int64 { return one[int64](w, query, args...) }

// TestTooMuchTogetherIsRefused: each file fits alone.
func TestTooMuchTogetherIsRefused(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		var fields []string
		for range 2 {
			fields = append(fields, "upload", strings.TrimPrefix(v.begun("film.mp4", 17_000_000), "/uploads/"))
		}
		a := v.post("/requests", append(fields, "text", "A film", "name", "Ada")...).want(w.t, 422)
		if s := a.wrong("files"); !strings.Contains(s, "34 MB together") {
			w.t.Errorf("it says %q", s)
		}
	})
}

// TestUploadOverALineThatBreaks cuts the connection in the middle of a file, for real, and goes on.
func TestUploadOverALineThatBreaks(t *testing.T) {
	each(t, func(w *world) {
		v := w.visitor()
		whole := strings.Repeat("0123456789", 400_000)
		at := v.begun("long.txt", len(whole))
		ctx, cut := context.WithCancel(w.ctx)
		r, body := io.Pipe()
		req, err := http.NewRequestWithContext(ctx, "PATCH", v.url+at, r)
		if err != nil {
			w.t.Fatal(err)
		}
		req.Header.Set("Tus-Resumable", "1.0.0")
		req.Header.Set("Content-Type", "application/offset+octet-stream")
		req.Header.Set("Upload-Offset", "0")
		var sent atomic.Int64
		go func() {
			for one[int64](w, `SELECT received FROM upload`) == 0 {
				if at := sent.Load(); at < 3_000_000 {
					n, _ := io.WriteString(body, whole[at:at+50_000])
					sent.Add(int64(n))
				}
			}
			cut()
			body.CloseWithError(io.ErrUnexpectedEOF) // else the client waits for its own body
		}()
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
			w.t.Fatal("the line did not break")
		}
		// What is asked next ends what still runs there, and knows all that came.
		received, err := strconv.Atoi(v.tus("HEAD", at, "").want(w.t, 200).header.Get("Upload-Offset"))
		if err != nil || received == 0 || received > int(sent.Load()) {
			w.t.Fatalf("%d bytes came (%v)", received, err)
		}
		v.tus("PATCH", at, whole[received:], "Upload-Offset", strconv.Itoa(received)).want(w.t, 204)
		number := v.post("/requests", "text", "It is long", "name", "Ada", "upload", strings.TrimPrefix(at, "/uploads/")).want(w.t, 200).number(w.t)
		file := one64(w, `SELECT id FROM attachment WHERE ticket_id = $1`, number)
		if got := v.get(fileURL(number, file)); got.body != whole {
			w.t.Errorf("what came is %d bytes long and not what was sent", len(got.body))
		}
	})
}

func TestPartsOfTheListAreSound(t *testing.T) {
	each(t, func(w *world) {
		a := w.visitor().get("/uploads") // a part and no page
		if len(uitest.All(a.doc, func(n *html.Node) bool { return n.Data == "dialog" || n.Data == "template" })) != 2 {
			w.t.Error("the parts are not all there")
		}
	})
}

// uploadFolder lists what lies in the folder of uploads.
func (w *world) uploadFolder() (all []string) {
	w.t.Helper()
	entries, err := os.ReadDir(w.uploads)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(w.uploads, e.Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, string(raw))
	}
	return all
}
