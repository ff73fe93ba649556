package desk_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"goodturn/internal/blob"
	"goodturn/internal/ticket"
	"goodturn/internal/web/ui/uitest"
)

func TestFilesOfATicket(t *testing.T) {
	each(t, func(s *stage) {
		put := func(content string) blob.Ref {
			ref, err := s.site.Blobs.Put(t.Context(), strings.NewReader(content), 0)
			if err != nil {
				t.Fatal(err)
			}
			return ref
		}
		var files []ticket.File
		for i := range 130 {
			files = append(files, ticket.File{Name: "log.txt", Type: "text/plain", Ref: put(fmt.Sprintf("content %d", i))})
		}
		files = append(files, ticket.File{Name: "screen.png", Type: "image/png", Ref: put(strings.Repeat("p", 9000))}, ticket.File{Name: "logo.png", Type: "image/png", Inline: true, ContentID: "logo", Ref: put("small")})
		tk := s.made("Many files", "first-line", func(n *ticket.New) { n.Message.Files = files })
		a := s.get("amara", path(tk.ID, "")).want(http.StatusOK).has("#files summary", "131 files")
		if n := len(a.all("#files .tile")); n != 24 {
			t.Errorf("%d tiles", n)
		}
		if n := len(a.all("#timeline .attachments")); n != 2 {
			t.Errorf("%d lists of files with the message, want one that is shown and one that is folded", n)
		}
		a.has("#timeline details.fold summary", "120 more files")
		// The page of all of them, in parts.
		seen, at := map[string]bool{}, path(tk.ID, "/files")
		for at != "" {
			a = s.get("jonas", at).want(http.StatusOK).has("h1", hash(tk.ID))
			uitest.Sound(t, a.doc)
			for _, n := range a.all("a.tile") {
				seen[uitest.Attr(n, "href")] = true
			}
			at = ""
			for _, n := range a.all("a[rel=next]") {
				at = uitest.Attr(n, "href")
			}
		}
		if len(seen) != 131 {
			t.Errorf("%d files on the pages", len(seen))
		}
		z := s.get("amara", path(tk.ID, "/files.zip")).want(http.StatusOK)
		if got := z.header.Get("Content-Type"); got != "application/zip" {
			t.Errorf("it is %s", got)
		}
		in, err := zip.NewReader(strings.NewReader(z.body), int64(len(z.body)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range in.File {
			names = append(names, f.Name)
		}
		if len(names) != 131 || !slices.Contains(names, "log.txt") || !slices.Contains(names, "log (130).txt") || slices.Contains(names, "logo.png") {
			t.Errorf("%d files: %v", len(names), names[:3])
		}
		f, err := in.File[1].Open()
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(f); string(text) != "content 1" {
			t.Errorf("the second says %q", text)
		}
		none := s.made("No files", "first-line")
		s.get("amara", path(none.ID, "/files.zip")).want(http.StatusNotFound)
		s.get("amara", path(none.ID, "/files")).want(http.StatusOK).has("main", "No files here")
		if len(s.get("amara", path(none.ID, "")).all("#files")) != 0 {
			t.Error("a strip of nothing")
		}
		secret := s.made("Secret", "people", func(n *ticket.New) { n.Message.Files = files[:3] })
		s.get("amara", path(secret.ID, "/files")).want(http.StatusNotFound)
		s.get("amara", path(secret.ID, "/files.zip")).want(http.StatusNotFound)
	})
}

func hash(number int64) string { return "#" + idText(number) }
