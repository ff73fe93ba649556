package portal

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"goodturn/internal/db"
	"goodturn/internal/db/dbtest"
	"goodturn/internal/testserver/browser"
)

// tab is a page in Chromium.
type tab struct {
	*testing.T
	ctx context.Context
	w   *world
}

func (w *world) tab(t *testing.T, steps ...browser.Step) *tab {
	t.Helper()
	return &tab{t, browser.New(t, steps...), w}
}

func (b *tab) do(steps ...browser.Step) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// wait waits until the page says so.
func (b *tab) wait(condition string) {
	b.Helper()
	if err := browser.Await(b.ctx, condition); err != nil {
		b.Fatalf("%s: %v; the page says %s", condition, err, value[string](b, `document.querySelector("main").innerText`))
	}
}

func value[T any](b *tab, expression string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return v
}

// picture saves what the page looks like where $GOODTURN_PAGES says.
func (b *tab) picture(name string) {
	b.Helper()
	if dir := os.Getenv("GOODTURN_PAGES"); dir != "" {
		b.do(browser.Screenshot(filepath.Join(dir, name+".png")))
	}
}

// follow clicks what leads to another page.
func (b *tab) follow(css string) {
	b.Helper()
	if _, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(css))); err != nil {
		b.Fatal(err)
	}
}

func (b *tab) choose(paths ...string) {
	b.Helper()
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#f-files"), paths))
}

// keys presses keys one after the other.
func (b *tab) keys(all ...string) {
	b.Helper()
	for _, key := range all {
		b.do(browser.Key(key))
	}
}

func (b *tab) file(name string, content []byte) (path string) {
	b.Helper()
	path = filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// attached reads the files of the newest ticket from the store.
func (w *world) attached() (all []string) {
	w.t.Helper()
	type row struct {
		Name, Sha256 string
		Size         int64
	}
	var rows []row
	if err := w.db.Read(w.ctx, func(tx *db.Tx) (err error) {
		rows, err = db.All[row](w.ctx, tx, `SELECT name, sha256, size FROM attachment WHERE ticket_id = (SELECT max(id) FROM ticket) ORDER BY id`)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range rows {
		raw, err := os.ReadFile(filepath.Join(w.blobs, r.Sha256[:2], r.Sha256))
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, string(raw))
	}
	return all
}

func whole(n int) string {
	return fmt.Sprintf(`document.querySelectorAll(".is-ahead > li[data-state=whole]").length === %d`, n)
}

// TestFilesAreSentAhead chooses files, loads the page again, has the form come back with an error, and sends it.
func TestFilesAreSentAhead(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := w.tab(t, browser.Size(390, 844))
	long := strings.Repeat("a long log of what the printer said\n", 10_000)
	b.do(chromedp.Navigate(w.url + "/"))
	b.choose(b.file("printer.log", []byte(long)), b.file("note.txt", []byte("short")), b.file("wrong.txt", []byte("a password")))
	b.wait(whole(3))
	if v := value[string](b, `document.querySelector("#f-files").value`); v != "" {
		t.Errorf("the field still holds %q and would send it twice", v)
	}
	browser.CheckAxe(t, b.ctx)
	b.picture("files")
	b.do(chromedp.Click(chromedp.CSS(`.is-ahead > li:last-child [data-do=remove]`)))
	b.wait(`document.querySelectorAll(".is-ahead > li").length === 2 && document.querySelector("[data-ahead] [role=status]").textContent.includes("wrong.txt was taken out")`)
	if at := value[string](b, `document.activeElement.getAttribute("aria-label")`); at != "Take out: note.txt" {
		t.Errorf("the focus is at %q", at)
	}
	b.do(chromedp.Navigate(w.url + "/"))
	b.wait(whole(2))
	for _, kept := range w.uploadFolder() {
		if strings.Contains(kept, "password") {
			t.Error("what was taken out is still on the server")
		}
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "It prints half pages"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"), chromedp.SendKeys(chromedp.CSS("#f-address"), "ada@moss@example"), chromedp.SetAttributeValue(chromedp.CSS("#f-address"), "type", "text"))
	b.follow("main .primary")
	b.wait(whole(2) + ` && document.querySelector("#f-address-wrong")`)
	b.do(chromedp.SetAttributeValue(chromedp.CSS("#f-address"), "value", ""))
	b.follow("main .primary")
	if got := w.attached(); len(got) != 2 || got[0] != long || got[1] != "short" {
		t.Errorf("%d files are attached", len(got))
	}
	if left := w.uploadFolder(); len(left) > 0 {
		t.Errorf("%d uploads are left", len(left))
	}

	// The same on the request's own page, and nothing of what was sent comes back.
	b.choose(b.file("more.txt", []byte("more")))
	b.wait(whole(1))
	b.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "One more"))
	b.follow("#add .primary")
	b.wait(`document.querySelector("main").innerText.includes("more.txt")`)
	b.do(chromedp.Navigate(w.url + "/"))
	b.wait(`!sessionStorage.getItem("files:/requests") && !document.querySelector(".is-ahead > li")`)
}

// cutter passes bytes on to a server, and breaks every line once when so many have come from the browser.
type cutter struct {
	to    string
	mu    sync.Mutex
	left  int
	from  int64 // the furthest place in a file from which the browser sent on
	lines []net.Conn
	cut   bool
}

// uploadOffset is where a piece of a file begins (tus 1.0, PATCH).
var uploadOffset = regexp.MustCompile(`(?i)\r\nUpload-Offset: ([0-9]+)\r\n`)

func (w *world) cutter(t *testing.T, after int) (c *cutter, url string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c = &cutter{to: strings.TrimPrefix(w.url, "http://"), left: after}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", c.to)
			if err != nil {
				in.Close()
				continue
			}
			c.mu.Lock()
			c.lines = append(c.lines, in, out)
			c.mu.Unlock()
			go func() { _, _ = io.Copy(in, out); in.Close() }()
			go func() { _, _ = io.Copy(out, io.TeeReader(in, c)); out.Close() }()
		}
	}()
	return c, "http://" + l.Addr().String()
}

// Write counts what the browser sends.
func (c *cutter) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range uploadOffset.FindAllSubmatch(p, -1) {
		from, _ := strconv.ParseInt(string(m[1]), 10, 64)
		c.from = max(c.from, from)
	}
	if c.left -= len(p); c.left < 0 && !c.cut {
		c.cut = true
		for _, l := range c.lines {
			l.Close()
		}
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// TestAnUploadInABrowserGoesOn breaks the line in the middle of a file, both as a wire that is cut and as a device that goes offline.
func TestAnUploadInABrowserGoesOn(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	content := bytes.Repeat([]byte("0123456789abcdef"), 250_000) // 4 MB
	t.Run("a wire that is cut", func(t *testing.T) {
		b := w.tab(t)
		c, url := w.cutter(t, 1_500_000)
		b.do(chromedp.Navigate(url + "/"))
		b.choose(b.file("film.mp4", content))
		b.wait(whole(1))
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.cut || c.from < 500_000 { // what is on its way when the line breaks is lost; what had come is not asked for again
			t.Errorf("cut is %v; it went on from %d", c.cut, c.from)
		}
	})
	t.Run("a device that goes offline", func(t *testing.T) {
		b := w.tab(t)
		b.do(chromedp.Navigate(w.url+"/"), browser.Line(8000, 20*time.Millisecond))
		b.choose(b.file("film.mp4", content))
		b.wait(`document.querySelector(".is-ahead progress")?.value > 20`)
		b.do(browser.Offline())
		b.picture("broke")
		b.wait(`document.querySelector(".is-ahead > li").dataset.state === "broke" && document.querySelector(".is-ahead .note").textContent.includes("goes on by itself")`)
		b.do(browser.Online())
		b.wait(whole(1))
		b.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "A film"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
		b.follow("main .primary")
		if got := w.attached(); len(got) != 1 || got[0] != string(content) {
			t.Error("what came is not what was sent")
		}
	})
	t.Run("sent while it is on its way", func(t *testing.T) {
		b := w.tab(t)
		b.do(chromedp.Navigate(w.url+"/"), browser.Line(8000, 20*time.Millisecond))
		b.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "Sent at once"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
		b.choose(b.file("film.mp4", content))
		b.wait(`document.querySelector(".is-ahead progress")?.value > 5`)
		b.follow("main .primary")
		if got := w.attached(); len(got) != 1 || got[0] != string(content) {
			t.Error("what came is not what was sent")
		}
	})
}

// secretPicture is white with a red password in the middle third.
func secretPicture() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 600, 300))
	for y := range 300 {
		for x := range 600 {
			c := color.RGBA{255, 255, 255, 255}
			if x >= 200 && x < 400 && y >= 100 && y < 200 {
				c = color.RGBA{200, 30, byte(x * y), 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// hidden fails the test unless the middle of a picture is black and its rim is white.
func hidden(t *testing.T, raw string) {
	t.Helper()
	m, _, err := image.Decode(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	width, height := m.Bounds().Dx(), m.Bounds().Dy()
	bright := func(x, y int) uint32 { r, g, b, _ := m.At(x, y).RGBA(); return max(r, g, b) >> 8 }
	for y := height / 3; y < height*2/3; y++ {
		for x := width / 3; x < width*2/3; x++ {
			if bright(x, y) > 12 { // a JPEG is not exact
				t.Fatalf("the pixel at %d, %d of what reached the server is %v", x, y, m.At(x, y))
			}
		}
	}
	for _, at := range [][2]int{{2, 2}, {width - 3, 2}, {2, height - 3}, {width - 3, height - 3}} {
		if bright(at[0], at[1]) < 240 {
			t.Errorf("the pixel at %v is dark", at)
		}
	}
}

// TestWhatIsPaintedOverNeverLeaves hides something by the pointer and by keys alone, and reads the pixels that reached the server.
func TestWhatIsPaintedOverNeverLeaves(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	var plain, photo bytes.Buffer
	if err := png.Encode(&plain, secretPicture()); err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(&photo, secretPicture(), nil); err != nil {
		t.Fatal(err)
	}
	// An Exif block as cameras write it, behind the two bytes that begin a JPEG.
	exif := append([]byte("\xff\xe1\x00\x2aExif\x00\x00MM\x00\x2a\x00\x00\x00\x08"), bytes.Repeat([]byte("GPS 52.52N"), 3)[:26]...)
	camera := append(append([]byte("\xff\xd8"), exif...), photo.Bytes()[2:]...)
	for _, c := range []struct {
		name    string
		content []byte
		look    []browser.Step
		paint   func(b *tab)
	}{
		{"screen.png", plain.Bytes(), nil, func(b *tab) {
			box := value[[]float64](b, `(() => { const r = document.querySelector(".stage canvas").getBoundingClientRect(); return [r.left, r.top, r.width, r.height] })()`)
			x := func(share float64) float64 { return box[0] + box[2]*share }
			y := func(share float64) float64 { return box[1] + box[3]*share }
			b.do(browser.Drag(x(.1), y(.1), x(.15), y(.2))) // by mistake
			b.do(chromedp.Click(chromedp.CSS("[data-do=undo]")))
			b.do(browser.Drag(x(.7), y(.7), x(.3), y(.3)))
		}},
		{"photo.jpg", camera, []browser.Step{browser.Size(390, 844), browser.Dark()}, func(b *tab) {
			b.do(chromedp.Focus(chromedp.CSS("[data-do=add]")))
			b.keys("Enter", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
			for range 7 {
				b.keys("Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown")
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := w.tab(t, c.look...)
			b.do(chromedp.Navigate(w.url+"/"), chromedp.SendKeys(chromedp.CSS("#f-text"), "Look"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
			b.choose(b.file(c.name, c.content))
			b.wait(`document.querySelector(".is-ahead > li[data-state=held] canvas:not([hidden])")`)
			if n := one64(w, `SELECT count(*) FROM upload`); n != 0 {
				t.Errorf("%d pictures are on their way before the person said so", n)
			}
			b.do(chromedp.Click(chromedp.CSS("[data-do=hide]")))
			b.wait(`document.querySelector("dialog.paint").open`)
			browser.CheckAxe(t, b.ctx)
			c.paint(b)
			b.picture("paint-" + c.name)
			b.do(chromedp.Click(chromedp.CSS("[data-do=done]")))
			b.wait(`document.querySelector(".is-ahead .note").textContent === "something is hidden in it" && document.activeElement.dataset.do === "hide"`)
			b.picture("painted-" + c.name)
			b.follow("main .primary")
			got := w.attached()
			if len(got) != 1 {
				t.Fatalf("%d files are attached", len(got))
			}
			hidden(t, got[0])
			if strings.Contains(got[0], "GPS 52.52N") {
				t.Error("the place where it was taken is still in it")
			}
			if left := w.uploadFolder(); len(left) > 0 {
				t.Errorf("%d uploads are left", len(left))
			}
			if kept := w.blobFiles(); kept[string(c.content)] {
				t.Error("the picture as it was is on the server")
			}
		})
	}
}

// blobFiles are the contents of all that the store keeps.
func (w *world) blobFiles() map[string]bool {
	w.t.Helper()
	all := map[string]bool{}
	if err := filepath.WalkDir(w.blobs, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		all[string(raw)] = true
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// TestFilesArePastedAndDropped, and go on a page without a mouse too.
func TestFilesArePastedAndDropped(t *testing.T) {
	w := newWorld(t, dbtest.Open(t, db.SQLite))
	b := w.tab(t)
	b.do(chromedp.Navigate(w.url + "/"))
	value[chromedp.Void](b, `(() => {
		const with_ = (name, type, text) => { const t = new DataTransfer(); t.items.add(new File([text], name, { type })); return t };
		const paste = new ClipboardEvent("paste", { clipboardData: with_("pasted.txt", "text/plain", "pasted"), bubbles: true, cancelable: true });
		document.querySelector("#f-text").dispatchEvent(paste);
		window.taken = paste.defaultPrevented;
		const words = new DataTransfer();
		words.setData("text/plain", "only words");
		const plain = new ClipboardEvent("paste", { clipboardData: words, bubbles: true, cancelable: true });
		document.querySelector("#f-text").dispatchEvent(plain);
		window.left = !plain.defaultPrevented;
		const dropped = with_("dropped.txt", "text/plain", "dropped");
		document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer: dropped, bubbles: true, cancelable: true }));
		window.marked = !!document.querySelector(".is-over");
		document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
	})()`)
	b.wait(whole(2))
	if !value[bool](b, `window.taken && window.left && window.marked && !document.querySelector(".is-over")`) {
		t.Error("a paste of words is kept from the page, or one of files is not, or the place to drop on is not marked")
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#f-text"), "See"), chromedp.SendKeys(chromedp.CSS("#f-name"), "Ada"))
	b.follow("main .primary")
	if got := w.attached(); strings.Join(got, " ") != "pasted dropped" {
		t.Errorf("attached is %q", got)
	}
}
