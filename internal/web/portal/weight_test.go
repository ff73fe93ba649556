package portal

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"

	"goodturn/internal/brand"
	"goodturn/internal/db"
	"goodturn/internal/outage"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

// A first view, with all that it loads, fits into what a modem of 33.6 kbit/s brings in four seconds.
const (
	mostBytes    = 14 * 1024
	mostRequests = 3
)

func TestFirstViewIsLight(t *testing.T) {
	each(t, func(w *world) {
		short := w.ticket(w.hana, "Half pages", "The printer prints half pages")
		long := w.ticket(w.hana, "A conversation of many words about the printer on floor three that prints half pages", prose(0))
		for i := range 40 {
			w.mail(long, w.hana, prose(i), w.stored("x", fmt.Sprintf("picture %d of the printer.jpg", i), "image/jpeg"))
			w.change(func(tx *db.Tx, by ticket.By) error {
				_, err := w.desk.Reply(w.ctx, tx, by, long, ticket.Draft{Text: prose(i + 100), Quoted: prose(i + 200)}, ticket.Pending)
				return err
			})
		}
		one := w.ticket(w.hana, "One very long mail", strings.Join([]string{prose(1), prose(2), prose(3), prose(4), prose(5), prose(6), prose(7), prose(8), prose(9), prose(10), prose(11), prose(12), prose(13)}, "\n"))
		for i := range pageSize + 1 {
			w.ticket(w.hana, fmt.Sprintf("%d: %.90s", i, prose(i)), prose(i))
		}
		w.change(func(tx *db.Tx, by ticket.By) error {
			_, err := person.SaveOrganisation(w.ctx, tx, person.Organisation{Name: "Else"})
			return err
		})
		hana := w.signedIn(w.hana)
		for i := range 10 {
			w.posted(outage.New{Title: fmt.Sprintf("%d: %.60s", i, prose(i)), What: prose(i + 50)})
		}
		known := w.posted(outage.New{Title: "Half pages on every printer", What: prose(3)})
		for i := range 8 {
			w.told(known, prose(i))
		}
		for i := range offeredCuts + 4 {
			w.write(func(tx *db.Tx) error {
				who := w.hana.ID
				if i%2 == 0 {
					who = w.omar.ID
				}
				_, err := w.cuts.Say(w.ctx, tx, papercut.Who{Person: who}, papercut.Said{Text: fmt.Sprintf("%.250s", prose(i))})
				return err
			})
		}
		rich := w.ticket(w.omar, "Everything at once", prose(60))
		for i := range 8 {
			w.mail(rich, w.omar, prose(i+60))
			w.change(func(tx *db.Tx, by ticket.By) error {
				note, err := w.desk.Note(w.ctx, tx, by, rich, ticket.Draft{Text: prose(i + 70)})
				if err != nil {
					return err
				}
				return w.desk.Tell(w.ctx, tx, by, rich, ticket.Telling{Text: prose(i + 80), MessageID: note.ID})
			})
		}
		w.change(func(tx *db.Tx, by ticket.By) error {
			if err := w.board.Link(w.ctx, tx, by, known, rich); err != nil {
				return err
			}
			return brand.Save(w.ctx, tx, brand.Brand{ID: w.omar.OrganisationID, Slug: "acme", Name: "Acme", Headline: "How may we help?", Sentence: prose(90), Accent: "#7a1f5c", Links: "Imprint https://acme.example/imprint\nPrivacy https://acme.example/privacy"}, emblem())
		})
		omar := w.signedIn(w.omar)
		for name, c := range map[string]struct {
			v    *visitor
			path string
		}{
			"something small":       {hana, "/papercut"},
			"everything at once":    {omar, requestURL(rich)},
			"the form with a look":  {omar, "/"},
			"the form":              {w.visitor(), "/"},
			"the form, signed in":   {hana, "/"},
			"a request":             {hana, requestURL(short)},
			"a request by its link": {w.visitor(), "/t/" + w.givenLink(short, w.hana, true)},
			"a long conversation":   {hana, requestURL(long)},
			"a long mail":           {hana, requestURL(one)},
			"the list":              {hana, "/requests"},
			"search":                {hana, "/requests?q=printer"},
			"oneself":               {hana, "/me"},
			"a dead link":           {w.visitor(), "/t/nothing"},
			"how things stand":      {hana, "/status"},
			"an outage":             {w.visitor(), statusURL(known)},
		} {
			for _, coding := range []string{"gzip", "gzip, deflate, br"} {
				size, requests := c.v.weigh(c.path, coding)
				w.t.Logf("%s (%s): %d bytes, %d requests", name, coding, size, requests)
				if size > mostBytes || requests > mostRequests {
					w.t.Errorf("%s (%s) is %d bytes in %d requests, at most %d in %d", name, coding, size, requests, mostBytes, mostRequests)
				}
			}
		}
	})
}

// emblem is a logo with about as much in it as most have.
func emblem() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 400, 120))
	for y := range 120 {
		for x := range 400 {
			if (x-60)*(x-60)+(y-60)*(y-60) < 2500 || x > 130 && (x/12)%2 == 0 && y > 30 && y < 90 {
				m.Set(x, y, color.RGBA{122, uint8(31 + x/8), 92, 255})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// prose is half a kilobyte of made-up words, which compress no better than a person's.
func prose(seed int) string {
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	var out strings.Builder
	for range 75 {
		for range 1 + r.IntN(3) {
			out.WriteByte("bcdfghklmnprstvw"[r.IntN(16)])
			out.WriteByte("aeiou"[r.IntN(5)])
		}
		if r.IntN(3) == 0 {
			out.WriteByte("nrst"[r.IntN(4)])
		}
		out.WriteByte(' ')
	}
	return out.String()
}

// weigh adds up the bodies of a page and of all that it names to be loaded, as they go over the wire.
func (v *visitor) weigh(path, coding string) (size, requests int) {
	v.w.t.Helper()
	body, n := v.wire(path, coding)
	size, requests = n, 1
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		v.w.t.Fatal(err)
	}
	loaded := map[string]bool{}
	for _, n := range uitest.All(doc, func(*html.Node) bool { return true }) {
		var url string
		if n.Data == "img" && uitest.Attr(n, "loading") == "lazy" && folded(n) {
			continue
		}
		switch n.Data {
		case "script", "img", "iframe", "source", "audio", "video", "embed", "input":
			url = uitest.Attr(n, "src")
		case "link":
			url = uitest.Attr(n, "href")
		case "use", "image":
			url, _, _ = strings.Cut(uitest.Attr(n, "href"), "#")
		}
		if url == "" || strings.HasPrefix(url, "data:") || loaded[url] {
			continue
		}
		loaded[url] = true
		_, n := v.wire(url, coding)
		size, requests = size+n, requests+1
	}
	if len(uitest.All(doc, func(n *html.Node) bool { return uitest.Attr(n, "rel") == "icon" })) == 0 {
		requests++ // browsers ask for /favicon.ico
	}
	return size, requests
}

// folded tells whether an element stands in a fold that is closed, where a lazy picture is not loaded.
func folded(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.Data == "details" && !uitest.Has(n, "open") {
			return true
		}
	}
	return false
}

// wire gives a body and how long it is as it was sent.
func (v *visitor) wire(path, coding string) (body []byte, size int) {
	v.w.t.Helper()
	req, err := http.NewRequestWithContext(v.w.ctx, "GET", v.url+path, nil)
	if err != nil {
		v.w.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", coding)
	resp, err := v.client.Do(req)
	if err != nil {
		v.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		v.w.t.Fatal(err)
	}
	if resp.StatusCode >= 500 || resp.StatusCode == 404 && !strings.HasPrefix(path, "/t/") {
		v.w.t.Fatalf("%s: %s", path, resp.Status)
	}
	var r io.Reader = bytes.NewReader(raw)
	switch resp.Header.Get("Content-Encoding") {
	case "gzip":
		if r, err = gzip.NewReader(r); err != nil {
			v.w.t.Fatal(err)
		}
	case "br":
		r = brotli.NewReader(r)
	}
	if body, err = io.ReadAll(r); err != nil {
		v.w.t.Fatal(err)
	}
	return body, len(raw)
}
