package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"goodturn/internal/db"
	"goodturn/internal/kb"
	"goodturn/internal/person"
	"goodturn/internal/testserver/browser"
)

// hostileTexts are what enemies would put into articles: our own, and those of the shared data in handfuls.
func hostileTexts(t *testing.T) (all []string) {
	t.Helper()
	all = append(all, strings.Join(browserHostile, "\n\n***\n\n"), "[x](javascript:alert(1)) ![x](https://stranger.example/1.png) <javascript:alert(2)>\n\n[y]: javascript:alert(3)\n\n[y]\n\n![z](data:image/svg+xml,%3Csvg%20onload=alert(4)%3E)")
	dir := os.Getenv("GOODTURN_TESTDATA")
	if dir == "" {
		t.Log("GOODTURN_TESTDATA is not set: only payloads of our own")
		return all
	}
	raw, err := os.ReadFile(filepath.Join(dir, "html", "dompurify.json"))
	must(t, err)
	var payloads []struct{ Payload string }
	must(t, json.Unmarshal(raw, &payloads))
	for i := 0; i < len(payloads); i += 15 {
		var b strings.Builder
		for _, p := range payloads[i:min(i+15, len(payloads))] {
			b.WriteString(p.Payload + "\n\n***\n\n")
		}
		all = append(all, b.String())
	}
	must(t, filepath.WalkDir(filepath.Join(dir, "html", "mimekit"), func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		if len(raw) < 290_000 {
			all = append(all, strings.ToValidUTF8(string(raw), "?"))
		}
		return err
	}))
	return all
}

// TestBrowserHostileArticles has articles written by enemies, and brought in as Markdown and HTML: for the reader, in the editor, on its rich
// surface and beside it, no script runs, no dialog opens, the policy has nothing to refuse and nobody else is asked for anything.
func TestBrowserHostileArticles(t *testing.T) {
	d := browserDemo(t)
	texts := hostileTexts(t)
	missing := func(p *browserPage) { // pictures that a text names and that are not there
		p.mu.Lock()
		defer p.mu.Unlock()
		p.console = slices.DeleteFunc(p.console, func(line string) bool {
			return strings.Contains(line, "404 (Not Found)") && strings.Contains(line, "/help/")
		})
	}
	folder := fstest.MapFS{}
	var slugs []string
	var ids []int64
	d.write(func(ctx context.Context, tx *db.Tx) error {
		slugs, ids = nil, nil
		for i, text := range texts {
			x, err := kb.Create(ctx, tx, person.System, kb.New{Title: fmt.Sprintf("Enemy %d %s", i, browserHostile[i%4]), Body: text, Language: "en", Publish: true})
			if err != nil {
				return err
			}
			slugs, ids = append(slugs, x.Slug), append(ids, x.ID)
		}
		return nil
	})
	for i, text := range texts {
		folder[fmt.Sprintf("came/%d.html", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	var lead person.Actor
	d.read(func(ctx context.Context, tx *db.Tx) (err error) {
		lead, err = person.ActorOf(ctx, tx, d.staff(person.Lead, 0))
		return err
	})
	report, err := kb.Import{DB: d.app.DB, Blobs: d.app.Blobs, Actor: lead, Language: "en", Audience: kb.Everybody, Publish: true}.Folder(t.Context(), folder)
	must(t, err)
	d.read(func(ctx context.Context, tx *db.Tx) error {
		for _, row := range report.Rows {
			if row.ArticleID == 0 {
				continue
			}
			x, err := kb.ByID(ctx, tx, lead, row.ArticleID)
			if err != nil {
				return err
			}
			if x.Published { // one without a text is kept as a draft
				slugs = append(slugs, x.Slug)
			}
		}
		return nil
	})
	reader := d.page(t, browser.Size(390, 844))
	for _, s := range slugs {
		reader.open("/help/" + s).is(`window.harmed === undefined && document.querySelector(".written, .card") !== null`)
	}
	reader.open("/help?q=enemy")
	missing(reader)
	reader.quiet()
	writer := d.page(t, browser.Size(1440, 900)).cookie(d.session(d.staff(person.Agent, 0)))
	for i, id := range ids {
		writer.open(fmt.Sprintf("/articles/%d", id)).until(`document.querySelector(".author").dataset.mode && window.harmed === undefined`)
		if i < 4 {
			writer.click(`[data-mode="markdown"]`).until(`document.querySelector(".author-preview").childNodes.length > 0 && window.harmed === undefined`).click(`[data-mode="rich"]`).until(`document.querySelector(".author").dataset.mode === "rich"`)
		}
	}
	paste := `(() => { const data = new DataTransfer(); data.setData("text/html", %q); document.getElementById("rich-body").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); return true })()`
	writer.open("/articles/new").until(`document.getElementById("rich-body")`)
	for _, text := range texts {
		js, err := json.Marshal(text)
		must(t, err)
		writer.is(strings.Replace(paste, "%q", string(js), 1)).is(`window.harmed === undefined`)
	}
	writer.is(`[...document.querySelectorAll("#rich-body *")].every((e) => ![...e.attributes].some((a) => /^on|^style$|^srcset$/.test(a.name)) && !/^javascript:/i.test(e.getAttribute("href") || ""))`)
	missing(writer)
	writer.quiet()
	t.Logf("%d articles", len(slugs))
}
