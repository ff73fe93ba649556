package desk_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/httpout"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func somePicture(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRemotePicturesAreLoadedOnRequest(t *testing.T) {
	each(t, func(s *stage) {
		var calls atomic.Int32
		logo := somePicture(t, 40, 20)
		elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			switch r.URL.Path {
			case "/logo":
				w.Header().Set("Content-Type", "text/html") // what it says of itself counts for nothing
				_, _ = w.Write(logo)
			case "/page":
				w.Header().Set("Content-Type", "image/png")
				_, _ = w.Write([]byte("<script>alert(1)</script>"))
			}
		}))
		defer elsewhere.Close()
		at := netip.MustParseAddrPort(elsewhere.Listener.Addr().String())
		s.site.Out = httpout.New(httpout.Config{Allow: func(to netip.AddrPort) bool { return to == at }})
		var err error
		if s.site.Cache, err = blob.OpenCache(filepath.Join(t.TempDir(), "cache"), time.Hour, 1<<20); err != nil {
			t.Fatal(err)
		}
		tk := s.made("pictures", "first-line", func(n *ticket.New) {
			n.Message = ticket.Draft{Text: "Look", HTML: `<p>Look</p><img src="` + elsewhere.URL + `/logo" width=40 height=20><img src="` + elsewhere.URL + `/page"><img src="http://127.0.0.1:1/inside"><img src="` + elsewhere.URL + `/spy" width=1 height=1>`}
		})
		a := s.get("amara", path(tk.ID, "")).has("#timeline .mail-bar", "3 pictures are not loaded").has("#timeline .mail .remote", "40 × 20")
		if calls.Load() != 0 || strings.Contains(a.body, elsewhere.URL) || len(a.all("#timeline .mail img")) != 0 {
			t.Fatal("something is loaded that nobody asked for")
		}
		ask, _, _ := strings.Cut(uitest.Attr(a.all("#timeline .mail-bar a")[0], "href"), "#")
		a = s.get("amara", ask).hasNot("#timeline", "not loaded")
		pictures := a.all("#timeline .mail .now img")
		if len(pictures) != 3 {
			t.Fatalf("%d pictures", len(pictures))
		}
		source := func(i int) string { return uitest.Attr(pictures[i], "src") }
		for range 2 {
			got := s.get("amara", source(0)).want(http.StatusOK)
			if got.body != string(logo) || got.header.Get("Content-Type") != "image/png" || got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%d bytes, %v", len(got.body), got.header)
			}
		}
		if calls.Load() != 1 {
			t.Errorf("%d calls for one picture asked for twice", calls.Load())
		}
		s.get("amara", source(1)).want(http.StatusNotFound)
		s.get("amara", source(2)).want(http.StatusNotFound)
		s.get("amara", strings.TrimSuffix(source(0), "1")+"4").want(http.StatusNotFound)
		s.get("amara", strings.TrimSuffix(source(0), "1")+"0").want(http.StatusNotFound)
		other := s.made("another", "first-line")
		s.get("amara", strings.Replace(source(0), path(tk.ID, ""), path(other.ID, ""), 1)).want(http.StatusNotFound)
	})
}

func TestThumbnails(t *testing.T) {
	each(t, func(s *stage) {
		put := func(content []byte) blob.Ref {
			ref, err := s.site.Blobs.Put(t.Context(), bytes.NewReader(content), 0)
			if err != nil {
				t.Fatal(err)
			}
			return ref
		}
		tk := s.made("files", "first-line", func(n *ticket.New) {
			n.Message = ticket.Draft{Text: "Look", Files: []ticket.File{
				{Name: "large.png", Type: "image/png", Ref: put(somePicture(t, 1600, 900))},
				{Name: "not.png", Type: "image/png", Ref: put([]byte("<script>alert(1)</script>"))},
			}}
		})
		a := s.get("amara", path(tk.ID, "")).has("#timeline .attachments", "large.png")
		small := a.all("#timeline .pictures img")
		if len(small) != 2 {
			t.Fatalf("%d small pictures", len(small))
		}
		got := s.get("amara", uitest.Attr(small[0], "src")).want(http.StatusOK)
		c, kind, err := image.DecodeConfig(strings.NewReader(got.body))
		if err != nil || c.Width != 480 || c.Height != 270 || got.header.Get("Content-Type") != "image/"+kind {
			t.Errorf("%d × %d, %s %v", c.Width, c.Height, got.header.Get("Content-Type"), err)
		}
		s.get("amara", uitest.Attr(small[1], "src")).want(http.StatusNotFound)
		if n := len(a.all("#timeline .picture")); n != 2 {
			t.Errorf("%d ways to the whole picture", n)
		}
	})
}
