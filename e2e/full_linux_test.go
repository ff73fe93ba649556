package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/sys/unix"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
)

// The disk fills up: everything new is refused in a way that makes others try again, what was accepted
// stays, and the program goes on when there is space.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(d *desk) { small(t, d.data) })
	sink := postfix.NewSink(t)
	d.addMailbox(mailbox.Mailbox{Sending: mailbox.Sending{Host: "127.0.0.1", Port: sink.Port, Security: dial.None}})
	d.start()
	in := &lmtpClient{addr: d.lmtp}
	defer in.close()
	must(t, in.send(helpAddress, letter("before")))
	before, _ := d.api.waitTicket("before", 10*time.Second)
	ballast := filepath.Join(d.data, "ballast")
	fullWhileSending(t, d, sink, before.Number, ballast)
	fill(t, ballast)
	accepted, refused := []string{"before"}, []string{}
	large := strings.Repeat("All work and no play makes Jack a dull boy.\r\n", 400)
	for i := 0; len(refused) < 5; i++ {
		if i == 500 {
			t.Fatal("the disk does not fill up")
		}
		word := fmt.Sprintf("mail-%d", i)
		err := in.send(helpAddress, append(letter(word), large...))
		if answer := (*smtp.SMTPError)(nil); err == nil {
			accepted = append(accepted, word)
		} else if errors.As(err, &answer) && answer.Code/100 == 4 {
			refused = append(refused, word)
		} else {
			t.Fatalf("%s: %v", word, err)
		}
	}
	t.Logf("%d mails were accepted on the full disk", len(accepted)-1)
	fill(t, ballast) // what was freed meanwhile
	wait(t, 20*time.Second, "a form is refused", func() error {
		p := d.visitor().post("/requests", "text", "The printer is dead. "+large, "name", "Ada")
		if p.status == 200 {
			return fmt.Errorf("it is taken")
		}
		if p.status != http.StatusServiceUnavailable || !strings.Contains(p.html, "disk") || !strings.Contains(p.html, "Nothing was saved") {
			t.Fatalf("%d\n%s", p.status, p.html)
		}
		return nil
	})
	call := d.api.post("/api/v1/tickets", map[string]any{"subject": "api", "text": large, "requester": map[string]string{"email": ada}})
	if call.status != http.StatusServiceUnavailable || !strings.Contains(string(call.body), "disk") {
		t.Errorf("the API: %d %s", call.status, call.body)
	}
	d.api.get("/api/v1/tickets").want(200)
	if p := d.visitor().get("/"); p.status != 200 {
		t.Errorf("the first page: %d", p.status)
	}
	if got := d.pipe(helpAddress, append(letter("piped"), large...)); got.code != 75 {
		t.Errorf("the pipe: %d %s", got.code, got.stderr)
	}
	d.kill()
	d.launch() // a start on a full disk works, or says why not
	if !d.readyOrEnded() {
		if log := d.tail(500); !strings.Contains(log, "full") && !strings.Contains(log, "no space") {
			t.Errorf("it does not say why:\n%s", log)
		}
		must(t, os.Remove(ballast))
		d.launch()
	}
	if err := os.Remove(ballast); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	d.ready()
	for _, word := range refused {
		wait(t, 10*time.Second, "there is space again", func() error { return in.send(helpAddress, append(letter(word), large...)) })
	}
	for _, word := range append(accepted, refused...) {
		d.api.waitTicket(word, 20*time.Second)
	}
	if p := d.visitor().post("/requests", "text", "The printer lives.", "name", "Ada"); p.status != 200 {
		t.Errorf("%d\n%s", p.status, p.html)
	}
	if code, _ := d.stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
	d.sound()
}

// fullWhileSending fills the disk while an answer is on its way, so that its fate cannot be written down,
// and makes space again: the answer is not forgotten.
func fullWhileSending(t *testing.T, d *desk, sink *postfix.Sink, number int64, ballast string) {
	t.Helper()
	asked, goOn := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() { close(asked) }) // it may be tried again before the end
	sink.Refuse(func(string) error {
		first()
		<-goOn
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Greylisted"}
	})
	d.api.reply(number, "We look. lantern-word", "")
	<-asked
	fill(t, ballast)
	close(goOn)
	wait(t, 20*time.Second, "the fate cannot be written down", func() error {
		if log := d.tail(1 << 20); !strings.Contains(log, "job could not be finished") {
			return fmt.Errorf("the log says nothing of it")
		}
		return nil
	})
	sink.Refuse(nil)
	must(t, os.Remove(ballast))
	outbound(t, sink, "lantern-word")
	d.waitDelivery(number, 20*time.Second, func(f mailbox.Delivery) bool { return f.State == mailbox.Sent })
}

// readyOrEnded waits until the program answers or has ended, and tells whether it answers.
func (d *desk) readyOrEnded() (answers bool) {
	d.Helper()
	wait(d, 20*time.Second, "the program answers or ends", func() error {
		select {
		case <-d.ended:
			return nil
		default:
		}
		r, err := http.Get(d.url() + "/robots.txt")
		if err != nil {
			return err
		}
		answers = true
		return r.Body.Close()
	})
	return answers
}

// small puts a disk of few bytes under a folder.
func small(t *testing.T, dir string) {
	t.Helper()
	must(t, os.Mkdir(dir, 0o711))
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=12m,mode=711"); err != nil {
		t.Skipf("a small disk cannot be made here (it takes root): %v", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount(dir, 0)) })
}

// fill leaves no room on a disk.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	must(t, err)
	defer f.Close()
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); errors.Is(err, unix.ENOSPC) || errors.Is(err, io.ErrShortWrite) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
