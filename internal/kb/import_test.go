package kb_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

func (s *stage) blobs() *blob.Store {
	s.Helper()
	b, err := blob.Open(s.TempDir())
	if err != nil {
		s.Fatal(err)
	}
	return b
}

func (s *stage) bringIn(blobs *blob.Store, fsys fs.FS) kb.Report {
	s.Helper()
	r, err := kb.Import{DB: s.db, Blobs: blobs, Actor: s.lead, Language: "en", Audience: kb.Everybody, Publish: true}.Folder(s.ctx, fsys)
	if err != nil {
		s.Fatal(err)
	}
	return r
}

// exported are the files of an export by their names.
func (s *stage) exported(blobs *blob.Store) map[string]string {
	s.Helper()
	var b bytes.Buffer
	if err := kb.Export(s.ctx, s.db, blobs, s.lead, &b); err != nil {
		s.Fatal(err)
	}
	return s.unzipped(b.Bytes())
}

func (s *stage) unzipped(raw []byte) map[string]string {
	s.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		s.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			s.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			s.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

func (s *stage) sameAfterImport(blobs *blob.Store) {
	s.Helper()
	first := s.exported(blobs)
	s.write(func(tx *db.Tx) error {
		for _, q := range []string{`DELETE FROM article_file`, `DELETE FROM article`, `UPDATE section SET parent_id = NULL`, `DELETE FROM section`} {
			if _, err := tx.Exec(s.ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	folder := fstest.MapFS{}
	for name, text := range first {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s.bringIn(blobs, folder)
	second := s.exported(blobs)
	for name, text := range first {
		if got := withoutOrder(second[name]); got != withoutOrder(text) {
			s.Errorf("%s went out and came back different:\n%.1500s\n--- became\n%.1500s", name, text, got)
		}
	}
	if len(first) != len(second) {
		s.Errorf("%d files became %d", len(first), len(second))
	}
}

// withoutOrder leaves out the number of an article's place, which counts on where others are.
func withoutOrder(text string) string {
	before, rest, found := strings.Cut(text, "\norder: ")
	if !found {
		return text
	}
	_, after, _ := strings.Cut(rest, "\n")
	return before + "\n" + after
}

func TestAFolderComesInAndGoesOut(t *testing.T) {
	each(t, func(s *stage) {
		blobs := s.blobs()
		r := s.bringIn(blobs, fstest.MapFS{
			"printers/half-pages.md": {Data: []byte("---\ntitle: \"It prints: half pages\"\nredirect_from:\n  - /half/\n---\n\n# It prints: half pages\n\nSee [toner](toner.md#change), [itself](half-pages.md), [away](https://example.org/a), [nothing](gone.md).\n\n![the lid](../img/lid%20open.png) `[not](a-link.md)`\n\n```\n[not](one-either.md)\n```\n")},
			"printers/toner.md":      {Data: []byte("# Toner\n\nBack to [half pages](/half/) and {% page \"printers/half-pages\" %}.\n")},
			"img/lid open.png":       {Data: []byte("\x89PNG picture")},
			"vpn.html":               {Data: []byte("<html><head><title>VPN</title></head><body><h1>Set up the VPN</h1><p>Open <b>it</b>. <a href=\"printers/toner.md\">Toner</a></p><script>alert(1)</script></body></html>")},
			"notes.rst":              {Data: []byte("Notes\n=====\n\nSome ``text``.\n")},
			"empty.md":               {Data: []byte("---\ntitle: Empty\n---\n")},
			"secret.md":              {Data: []byte("---\ntitle: Secret\naudience: organisations\norganisations: [Nowhere]\n---\nPsst.\n")},
			"vpn.de.md":              {Data: []byte("---\ntitle: VPN einrichten\nlanguage: de\ntranslation_of: orphan\n---\nÖffnen.\n")},
		})
		if r.Articles != 6 || r.Files != 1 || r.Mended != 5 || r.Broken != 1 || r.Elsewhere != 1 {
			s.Errorf("%d articles, %d files, %d mended, %d broken, %d elsewhere: %+v", r.Articles, r.Files, r.Mended, r.Broken, r.Elsewhere, r.Rows)
		}
		p, err := s.open(person.Nobody, "it-prints-half-pages", "en")
		if err != nil {
			s.Fatal(err)
		}
		html := p.HTML()
		for _, want := range []string{`<a href="/help/toner#a-change">toner</a>`, `<a href="/help/it-prints-half-pages">itself</a>`, `href="https://example.org/a"`, fmt.Sprintf(`<img src="/help/files/%d/lid-open.png" alt="the lid"`, p.ID), "[not](a-link.md)", "[not](one-either.md)", "nothing"} {
			if !strings.Contains(html, want) {
				s.Errorf("%q is not in %s", want, html)
			}
		}
		if strings.Contains(html, "gone.md") || strings.Contains(html, "<h1") {
			s.Errorf("a link that leads nowhere, or a second title: %s", html)
		}
		if p, err := s.open(person.Nobody, "set-up-the-vpn", "en"); err != nil || strings.Contains(p.HTML(), "alert") || !strings.Contains(p.HTML(), "<strong>it</strong>") {
			s.Errorf("HTML came in as %v %v", p.HTML(), err)
		}
		if _, err := s.open(s.hana, "secret", "en"); err == nil {
			s.Error("what is for an organisation that is not known here is shown")
		}
		if _, err := s.open(person.Nobody, "empty", "en"); err == nil {
			s.Error("an article without a text is shown")
		}
		again := s.bringIn(blobs, fstest.MapFS{"toner.md": {Data: []byte("---\nslug: toner\n---\nOther.\n")}})
		if again.Articles != 0 || len(again.Rows[0].Notes) != 1 {
			s.Errorf("what is there already: %+v", again)
		}
		s.sameAfterImport(blobs)
	})
}

func TestTranslationsAndReadersGoOutAndComeBack(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Wi-Fi", Body: "See [it](/help/wi-fi).\n\n![a](a.png)", Publish: true, Audience: kb.SomeOrganisations, Organisations: []int64{s.acme, s.moss}, ReviewDays: -1})
		blobs := s.blobs()
		ref, err := blobs.Put(s.ctx, strings.NewReader("picture"), 0)
		if err != nil {
			s.Fatal(err)
		}
		s.write(func(tx *db.Tx) error {
			if _, err := kb.AddFile(s.ctx, tx, s.amara, x.ID, "a.png", "image/png", ref, false); err != nil {
				return err
			}
			_, err := kb.Save(s.ctx, tx, s.amara, kb.Edit{ArticleID: x.ID, Language: "de", Title: "WLAN", Body: "Siehe [es](/help/wi-fi).", Publish: true, Follows: 1})
			return err
		})
		s.make(kb.New{Title: "Later", Body: "Not yet."})
		s.sameAfterImport(blobs)
		var b bytes.Buffer
		if err := kb.Offline(s.ctx, s.db, blobs, s.hana, "de", "Hilfe", &b); err != nil {
			s.Fatal(err)
		}
		pages := s.unzipped(b.Bytes())
		names := []string{}
		for name := range pages {
			names = append(names, name)
		}
		slices.Sort(names)
		if len(names) != 3 || !strings.Contains(pages["index.html"], `<a href="wi-fi.html">WLAN</a>`) || !strings.Contains(pages["wi-fi.html"], `<a href="wi-fi.html">es</a>`) {
			s.Errorf("the offline copy has %v: %v", names, pages)
		}
		b.Reset()
		if err := kb.Offline(s.ctx, s.db, blobs, s.alone, "de", "Hilfe", &b); err != nil {
			s.Fatal(err)
		}
		if pages := s.unzipped(b.Bytes()); len(pages) != 1 || strings.Contains(pages["index.html"], "WLAN") {
			s.Errorf("the offline copy of somebody else has %v", pages)
		}
	})
}

// TestSharedFoldersComeIn brings in real handbooks and prints how many articles came, and how many of their links could be mended. Most
// that could not lead to pictures and pages that were not published with them.
func TestSharedFoldersComeIn(t *testing.T) {
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	least := map[string][2]int{"18f-handbook": {96, 120}, "hbghelp": {32, 0}, "srcf": {25, 4}, "eppsac": {8, 0}, "alias-fr": {7, 0}, "openhsr-de": {13, 0}}
	each(t, func(s *stage) {
		blobs := s.blobs()
		total := kb.Report{}
		var missing []string
		for _, set := range []string{"18f-handbook", "alias-fr", "eppsac", "hbghelp", "openhsr-de", "srcf"} {
			began := time.Now()
			r := s.bringIn(blobs, os.DirFS(filepath.Join(root, "kb", set)))
			s.Logf("%-13s %3d of %3d articles, %3d links mended, %3d broken, %4d lead elsewhere, %v", set, r.Articles, len(r.Rows), r.Mended, r.Broken, r.Elsewhere, time.Since(began).Round(time.Millisecond))
			if want := least[set]; r.Articles < want[0] || r.Mended < want[1] {
				s.Errorf("%s: %d articles and %d mended, at least %v expected", set, r.Articles, r.Mended, want)
			}
			for _, row := range r.Rows {
				if row.ArticleID == 0 {
					s.Errorf("%s/%s did not come in: %+v", set, row.Path, row.Notes)
				}
				for _, x := range row.Missing {
					missing = append(missing, set+"/"+row.Path+": "+x)
				}
			}
			total.Articles, total.Mended, total.Broken, total.Elsewhere = total.Articles+r.Articles, total.Mended+r.Mended, total.Broken+r.Broken, total.Elsewhere+r.Elsewhere
		}
		s.Logf("%-13s %3d articles, %3d links mended, %3d broken, %4d lead elsewhere", "together", total.Articles, total.Mended, total.Broken, total.Elsewhere)
		if testing.Verbose() && os.Getenv("GOODTURN_MISSING") != "" {
			s.Log(strings.Join(missing, "\n"))
		}
		s.sameAfterImport(blobs)
	})
}
