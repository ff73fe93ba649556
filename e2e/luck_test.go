package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"goodturn/internal/mailbox"
	"goodturn/internal/testserver/guard"
	"goodturn/internal/testserver/postfix"
	"goodturn/internal/transport/dial"
)

// A second copy on the same folder, and a port that is taken, end with a sentence that says what to do.
func TestSecondCopy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.start()
	second := *d
	second.listen, second.lmtp = guard.Address(freePort(t)), guard.Address(freePort(t))
	runProgram(t, nil, "", second.serve()...).want(75, "another Goodturn already serves from this data folder", d.data, "--data")
	other := bareDesk(t)
	other.listen = d.listen
	runProgram(t, nil, "", other.serve()...).want(69, "another program listens there already", d.listen, "--listen")
	other.listen, other.lmtp = guard.Address(freePort(t)), d.lmtp
	runProgram(t, nil, "", other.serve()...).want(69, "another program listens there already", d.lmtp, "--mail-listen")
	other.lmtp = "192.0.2.1:2424"
	runProgram(t, nil, "", other.serve()...).want(1, "192.0.2.1:2424", "other machines")
	d.api.get("/api/v1/me").want(200) // the first goes on
	if code, _ := d.stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
	second.start() // and leaves the folder free
	if code, _ := second.stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
}

// What cannot be used is said before anything is made.
func TestWrongSettings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code int
		args []string
		says string
	}{
		{64, []string{"--database", "mysql://root:secret@host/desk"}, "postgres://user@host/name"},
		{64, []string{"--public-url", "help.example.com"}, "https://help.example.com"},
		{64, []string{"--public-url", "https://example.com/help"}, "https://help.example.com"},
		{1, []string{"--database", "postgres://127.0.0.1:1/desk?sslmode=disable"}, "reach PostgreSQL"},
		{1, []string{"--listen", "8080"}, "8080"},
		{1, []string{"--data", "/dev/null"}, "/dev/null"},
	} {
		d := bareDesk(t)
		got := runProgram(t, nil, "", append(d.serve(), test.args...)...).want(test.code, test.says)
		if strings.Contains(got.stderr, "secret") || strings.Contains(got.stderr, "panic") {
			t.Errorf("%q: %s", test.args, got.stderr)
		}
	}
	d := bareDesk(t)
	d.env = append(d.env, "GOODTURN_PUBLIC_URL=https://help.example.com/")
	d.start()
	raw, err := os.ReadFile(filepath.Join(d.data, "first-administrator"))
	must(t, err)
	if !strings.HasPrefix(string(raw), "https://help.example.com/setup/") {
		t.Errorf("the link is %s", raw)
	}
}

// silent listens, says a greeting to whoever comes, and nothing after that.
func silent(t *testing.T, greeting string) (port int, called chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	called = make(chan struct{}, 100)
	var conns []net.Conn
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			conns = append(conns, c)
			fmt.Fprint(c, greeting)
			called <- struct{}{}
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
		for _, c := range conns {
			c.Close()
		}
	})
	return l.Addr().(*net.TCPAddr).Port, called
}

// SIGTERM ends the program in time whatever hangs: mail servers that say nothing, a mail and a form half
// sent, a page that listens. What was to be sent is sent after the next start.
func TestEndInTime(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	smtpPort, asked := silent(t, "220 hello\r\n")
	imapPort, fetched := silent(t, "* OK hello\r\n")
	box := d.addMailbox(mailbox.Mailbox{
		Receiving: mailbox.Receiving{Host: "127.0.0.1", Port: imapPort, Security: dial.None, User: helpAddress, Password: mailPassword},
		Sending:   mailbox.Sending{Host: "127.0.0.1", Port: smtpPort, Security: dial.None},
	})
	d.start()
	noor := d.signIn()
	var made ticket
	d.api.post("/api/v1/tickets", map[string]any{"subject": "printer", "text": "It is dead.", "requester": map[string]string{"email": ada, "name": adaName}}).want(201).into(&made)
	d.api.reply(made.Number, "We look. lantern-word", "")
	<-asked
	<-fetched
	stream, err := noor.http.Get(d.url() + "/live?topics=list")
	must(t, err)
	defer stream.Body.Close()
	if stream.StatusCode != 200 {
		t.Fatalf("/live: %d", stream.StatusCode)
	}
	idle := dialLines(t, d.lmtp)
	half := dialLines(t, d.lmtp)
	half.say("LHLO x", "250 ")
	half.say("MAIL FROM:<"+ada+">", "250 ")
	half.say("RCPT TO:<"+helpAddress+">", "250 ")
	half.say("DATA", "354 ")
	half.write("Subject: half\r\n")
	form := dialLines(t, d.listen)
	form.write("POST /requests HTTP/1.1\r\nHost: " + d.listen + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ntext=half")

	code, took := d.stop()
	t.Logf("ended after %s", took.Round(time.Millisecond))
	if code != 0 || took > 10*time.Second {
		t.Errorf("ended with %d after %s", code, took)
	}
	idle.conn.Close()
	sink := postfix.NewSink(t)
	d.changeMailbox(box, func(m *mailbox.Mailbox) { m.Receiving, m.Sending.Port = mailbox.Receiving{}, sink.Port })
	d.start()
	outbound(t, sink, "lantern-word")
	if n := len(d.api.tickets("")); n != 1 {
		t.Errorf("%d tickets: half a mail or half a form became one", n)
	}
	code, took = d.stop()
	if t.Logf("with nothing to do after %s", took.Round(time.Millisecond)); code != 0 || took > 2*time.Second {
		t.Errorf("ended with %d after %s", code, took)
	}
}

// lines is a connection for a protocol of lines.
type lines struct {
	testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func dialLines(t *testing.T, addr string) *lines {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	must(t, err)
	must(t, c.SetDeadline(time.Now().Add(time.Minute)))
	t.Cleanup(func() { c.Close() })
	return &lines{t, c, bufio.NewReader(c)}
}

func (l *lines) write(text string) { l.Helper(); _, err := l.conn.Write([]byte(text)); must(l, err) }

// say sends a command and reads until a line that begins so.
func (l *lines) say(command, until string) {
	l.Helper()
	l.write(command + "\r\n")
	for {
		line, err := l.in.ReadString('\n')
		must(l, err)
		if strings.HasPrefix(line, until) {
			return
		}
		if line[0] >= '4' {
			l.Fatalf("%s: %s", command, line)
		}
	}
}

var setupLink = regexp.MustCompile(`http://\S+/setup/[\w-]{20,}`)

// The first start gives a link, in a file of its own, that makes one administrator and no second.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	d := bareDesk(t)
	d.start()
	path := filepath.Join(d.data, "first-administrator")
	readLink(t, path)
	d.kill()
	d.start() // nobody opened it: there is a new one
	link := readLink(t, path)
	at := strings.TrimPrefix(link, d.url())
	if log := d.tail(1 << 20); strings.Contains(log, at) || !strings.Contains(log, path) {
		t.Errorf("the log tells the link, or not where it is:\n%s", log)
	}
	v := d.visitor()
	if p := v.get(at); p.status != 200 || !strings.Contains(p.html, "password") {
		t.Fatalf("%d\n%s", p.status, p.html)
	}
	if p := v.post(at, "name", "Ines Duarte", "address", administrator, "password", "short"); p.status != 422 || !strings.Contains(p.html, "Ines Duarte") {
		t.Errorf("a weak password: %d\n%s", p.status, p.html)
	}
	if p := d.visitor().get("/setup/" + strings.Repeat("x", 43)); p.status == 200 {
		t.Errorf("a wrong link: %d", p.status)
	}
	v.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if p := v.post(at, "name", "Ines Duarte", "address", administrator, "password", staffPassword); p.status != 303 {
		t.Fatalf("%d\n%s", p.status, p.html)
	}
	if p := v.get("/tickets"); p.status != 200 {
		t.Errorf("not signed in: %d", p.status)
	}
	again := d.visitor()
	if p := again.post(at, "name", "Mallory", "address", "mallory@desk.example", "password", staffPassword); p.status < 400 {
		t.Errorf("a second administrator: %d at %s", p.status, p.at)
	}
	if p := again.get(at); p.status < 400 {
		t.Errorf("the link shows the form again: %d", p.status)
	}
	d.kill()
	d.start()
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the link is still there: %v", err)
	}
	token := d.run("token", "create", "--person", administrator).want(0)
	d.api = &client{TB: t, base: d.url(), token: strings.TrimSpace(token.stdout), http: http.DefaultClient}
	var people struct{ Items []struct{ Role string } }
	d.api.get("/api/v1/people").want(200).into(&people)
	if len(people.Items) != 1 || people.Items[0].Role != "administrator" {
		t.Errorf("got %+v", people)
	}
}

func readLink(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	must(t, err)
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	link := setupLink.FindString(string(raw))
	if link == "" {
		t.Fatalf("no link in %q", raw)
	}
	return link
}
