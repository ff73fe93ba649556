package kb_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"goodturn/internal/blob"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/kb"
)

// harmless tells what in rendered HTML could act, load from elsewhere or style.
func harmless(t *testing.T, source, rendered string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(rendered))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		switch token.Data {
		case "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math", "base", "meta", "link", "template", "h1":
			t.Errorf("%.200q gives <%s>: %.300q", source, token.Data, rendered)
		}
		for _, a := range token.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "class", a.Key == "srcset", a.Key == "formaction":
				t.Errorf("%.200q gives %s=%q", source, a.Key, a.Val)
			case a.Key == "href" && !regexp.MustCompile(`^(https?://|mailto:|tel:|/|#a-)`).MatchString(value):
				t.Errorf("%.200q links %q", source, a.Val)
			case a.Key == "src" && !strings.HasPrefix(value, "/help/files/"):
				t.Errorf("%.200q loads %q", source, a.Val)
			case a.Key == "id" && !strings.HasPrefix(value, "a-"):
				t.Errorf("%.200q gives the id %q", source, a.Val)
			}
		}
	}
}

func TestHostileTextsAreHarmless(t *testing.T) {
	for _, source := range []string{
		`[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, `[x](&#106;avascript:alert(1))`, `![x](javascript:alert(1))`, `![x](data:image/svg+xml;base64,PHN2Zz4=)`, `![x](https://elsewhere.example/a.png)`, `![x](//elsewhere.example/a.png)`,
		`<img src=x onerror=alert(1)>`, `<a href="//elsewhere.example">x</a>`, "<script>alert(1)</script>", `<svg onload=alert(1)>`, `<h1 id=main>x</h1>`, `<div style="position:fixed">x</div>`, `<form action=/sign-out><input></form>`,
		"[x]: javascript:alert(1)\n\n[x]", `<javascript:alert(1)>`, `<base href="//elsewhere.example">`, `[x](<javascript:alert(1)>)`, `<meta http-equiv=refresh content="0;url=//x">`, "![x](../../secret)", `<details ontoggle=alert(1) open>x</details>`, "# x {onclick=alert(1)}", "`</code><script>`",
	} {
		harmless(t, source, kb.Render(7, source))
	}
	root := os.Getenv("GOODTURN_TESTDATA")
	if root == "" {
		t.Skip("GOODTURN_TESTDATA is not set")
	}
	raw, err := os.ReadFile(filepath.Join(root, "html", "dompurify.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []struct{ Payload string }
	if err := json.Unmarshal(raw, &all); err != nil || len(all) < 50 {
		t.Fatalf("%d payloads, %v", len(all), err)
	}
	for _, x := range all {
		harmless(t, x.Payload, kb.Render(7, x.Payload))
	}
	mails := 0
	err = filepath.WalkDir(filepath.Join(root, "html", "mimekit"), func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(p)
		mails++
		harmless(t, p, kb.Render(7, string(raw)))
		return err
	})
	if err != nil || mails == 0 {
		t.Errorf("%d files, %v", mails, err)
	}
	t.Logf("%d payloads and %d files are harmless", len(all), mails)
}

func TestATextThatNestsDeepIsReadInTime(t *testing.T) {
	for name, source := range map[string]string{
		"quotations": strings.Repeat(">", 100_000) + "x", "lists": strings.Repeat("- ", 50_000) + "x", "brackets": strings.Repeat("[", 50_000), "stars": strings.Repeat("*a ", 60_000),
		"links": strings.Repeat("[a](", 40_000), "ticks": strings.Repeat("`", 100_000) + "a", "elements": strings.Repeat("<div>", 40_000), "quotations on lines": strings.Repeat("> > > > > > > > a\n", 10_000),
	} {
		began := time.Now()
		kb.Render(1, source)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%s took %v", name, took)
		} else {
			t.Logf("%s: %v", name, took.Round(time.Millisecond))
		}
	}
}

func TestALargePictureGetsAClearAnswer(t *testing.T) {
	each(t, func(s *stage) {
		x := s.make(kb.New{Title: "Printer", Body: "One."})
		s.write(func(tx *db.Tx) error {
			_, err := kb.AddFile(s.ctx, tx, s.amara, x.ID, "lid.png", "image/png", blob.Ref{SHA256: strings.Repeat("0", 64), Size: 200 << 20}, false)
			f, ok := fault.Of(err)
			if !ok || f.Kind != fault.KindInvalid || !strings.Contains(f.Fields[0].Message.String(), "lid.png") {
				s.Errorf("a picture of 200 MB: %v", err)
			}
			return nil
		})
	})
}
