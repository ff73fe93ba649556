package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed css/*.css css/settings/*.css css/upload/*.css css/writing/*.css js/*.js js/article/*.js js/article/vendor/*.js js/vendor/*.js js/portal/*.js js/button/*.js js/talk/*.js js/rich/*.js js/rich/vendor/*.js js/upload/*.js icon/*.svg
var files embed.FS

// bundle is a file that browsers ask for, and the sources it is joined from, in order.
type bundle struct {
	name    string
	sources []string
}

// Every sheet and script of its folder is part of the desk's bundles: a new file needs no line here. The order of the
// sheets is free, as layers decide what wins, but for tokens.css, which names the layers; scripts stand after those that
// they import.
var bundles = []bundle{
	{"desk.css", append([]string{"css/tokens.css"}, without(matching("css/*.css"), "css/tokens.css", "css/portal.css")...)},
	{"settings.css", matching("css/settings/*.css")}, // beside desk.css, for the pages that set things up and explain them
	{"portal.css", []string{"css/tokens.css", "css/base.css", "css/control.css", "css/plain.css", "css/settings/article.css", "css/portal.css"}},
	{"desk.js", append(matching("js/vendor/*.js"), without(ordered(matching("js/*.js")), "js/live_worker.js")...)},
	{"live_worker.js", []string{"js/stream.js", "js/live_worker.js"}},
	{"editor.js", append(matching("js/rich/vendor/*.js"), ordered(matching("js/rich/*.js"))...)},
	{"article.js", append(matching("js/article/vendor/*.js"), ordered(matching("js/article/*.js"))...)}, // where articles are written
	{"writing.css", matching("css/writing/*.css")},
	{"portal.js", append([]string{"js/say.js", "js/time.js", "js/form.js"}, matching("js/portal/*.js")...)},
	{"button.js", []string{"js/button/button.js"}}, // for other people's pages
	{"chat.js", []string{"js/button/chat.js"}},     // a module that comes to them with the first chat
	{"talk.js", []string{"js/talk/talk.js"}},       // the same on the page of a request
	{"upload.js", []string{"js/upload/upload.js"}}, // modules of their own, loaded with the first file
	{"paint.js", []string{"js/upload/paint.js"}},
	{"upload.css", []string{"css/upload/upload.css"}},
	{"sprite.svg", []string{"icon/sprite.svg"}},
	{"icon.svg", []string{"icon/icon.svg"}},
}

// matching lists files by a pattern, in the order of their names.
func matching(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err)
	}
	return names
}

func without(names []string, these ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(these, name) })
}

var imported = regexp.MustCompile(`(?m)^import .*"\./([a-z_]+\.js)";$`)

// ordered puts scripts after those that they import.
func ordered(names []string) (out []string) {
	seen := map[string]bool{}
	var place func(name string)
	place = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		text, err := files.ReadFile(name)
		if err != nil {
			panic("ui: a script imports " + name + ", which is not there")
		}
		for _, m := range imported.FindAllSubmatch(text, -1) {
			place(path.Join(path.Dir(name), string(m[1])))
		}
		out = append(out, name)
	}
	for _, name := range names {
		place(name)
	}
	return out
}

// asset is a bundle ready to be sent.
type asset struct {
	url         string
	contentType string
	plain       []byte
	gzip        []byte
	brotli      []byte
}

type assets struct {
	byName map[string]*asset
	byURL  map[string]*asset
}

var all = sync.OnceValue(func() assets {
	made := assets{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	for _, b := range bundles {
		a := build(b)
		made.byName[b.name], made.byURL[a.url] = a, a
	}
	return made
})

// URL is the address of an asset with the hash of its content in the name: URL("desk.css") is
// "/assets/desk.3q2hTb1x0aA.css". It panics on a name that is no bundle, which a test of any page finds.
func URL(name string) string {
	a, ok := all().byName[name]
	if !ok {
		panic("ui: no asset named " + name)
	}
	return a.url
}

// Text is an asset as it is before it is compressed, for what is made of it.
func Text(name string) []byte { return all().byName[name].plain }

// Handler serves every asset under /assets/, for ever cacheable because a changed file has another name. What is not an
// asset, an outdated hash too, is 404.
func Handler() http.Handler {
	made := all()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := made.byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r, "public, max-age=31536000, immutable")
	})
}

// Serve answers with an asset under an address of the caller's own, which stays the same when its content changes; life says how long it may
// be kept.
func Serve(w http.ResponseWriter, r *http.Request, name, life string) {
	all().byName[name].serve(w, r, life)
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request, life string) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", life)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	body := a.plain
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case accepts(accepted, "br"):
		body = a.brotli
		h.Set("Content-Encoding", "br")
	case accepts(accepted, "gzip"):
		body = a.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// accepts reads an Accept-Encoding header (RFC 9110 section 12.5.3) as far as browsers use it: names, and q=0 as a no.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}

func build(b bundle) *asset {
	plain := join(b)
	sum := sha256.Sum256(plain)
	ext := path.Ext(b.name)
	hash := base64.RawURLEncoding.EncodeToString(sum[:8])
	return &asset{
		url:         "/assets/" + strings.TrimSuffix(b.name, ext) + "." + hash + ext,
		contentType: contentTypes[ext],
		plain:       plain,
		gzip:        gzipped(plain),
		brotli:      brotlied(plain),
	}
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func gzipped(plain []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.Bytes()
}

// brotliLevel is fast: the best level saves another 8% and delays the first page after each start by 0.2 s.
const brotliLevel = 6

func brotlied(plain []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotliLevel)
	_, _ = w.Write(plain)
	_ = w.Close()
	return out.Bytes()
}
