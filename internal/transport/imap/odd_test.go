package imap_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"goodturn/internal/transport/dial"
	"goodturn/internal/transport/imap"
)

// odd runs a server that answers a command as the test says: answers maps the beginning of a command, without its tag, to
// untagged lines; a line that begins with "NO" or "BAD" is the answer itself. "BYE" hangs up, "HUSH" says
// nothing any more.
func odd(t *testing.T, greeting string, answers map[string][]string) imap.Account {
	t.Helper()
	return oddly(t, greeting, func(command string) []string { return reply(answers, command) })
}

func reply(answers map[string][]string, command string) []string {
	for beginning, lines := range answers {
		if strings.HasPrefix(command, beginning) {
			return lines
		}
	}
	return nil
}

// oddly is odd with a function.
func oddly(t *testing.T, greeting string, answer func(command string) []string) imap.Account {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveOdd(conn, greeting, answer)
		}
	}()
	return imap.Account{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: dial.None, User: "help", Password: "x"}
}

func serveOdd(conn net.Conn, greeting string, answer func(command string) []string) {
	defer conn.Close()
	fmt.Fprintf(conn, "%s\r\n", greeting)
	for commands := bufio.NewScanner(conn); commands.Scan(); {
		tag, command, _ := strings.Cut(commands.Text(), " ")
		end := "OK done"
		for _, line := range answer(command) {
			switch {
			case line == "BYE":
				return
			case line == "HUSH":
				conn.Read(make([]byte, 1)) // until the other side has had enough
				return
			case strings.HasPrefix(line, "NO "), strings.HasPrefix(line, "BAD "):
				end = line
			default:
				fmt.Fprintf(conn, "%s\r\n", line)
			}
		}
		fmt.Fprintf(conn, "%s %s\r\n", tag, end)
	}
}

// folder are the answers of a server with one mail, UID 7.
func folder(more map[string][]string) map[string][]string {
	answers := map[string][]string{
		"CAPABILITY":              {"* CAPABILITY IMAP4rev1"},
		"EXAMINE":                 {"* 1 EXISTS", "* OK [UIDVALIDITY 3] good", "* OK [UIDNEXT 8] good"},
		"UID SEARCH":              {"* SEARCH 7"},
		"UID FETCH 7 (UID INTERN": {`* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE " 1-Jan-2020 10:00:00 +0000")`},
		"UID FETCH 7 (UID RFC822": {`* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE " 1-Jan-2020 10:00:00 +0000")`},
	}
	for command, lines := range more {
		answers[command] = lines
	}
	return answers
}

func TestOddServers(t *testing.T) {
	tests := []struct {
		name    string
		answers map[string][]string
		problem string // of the mail
	}{
		{"orderly", map[string][]string{"UID FETCH 7 (UID BODY": {"* 1 FETCH (UID 7 BODY[] {6}", "S: a", ")"}}, ""},
		{"UID behind the text", map[string][]string{
			"UID FETCH 7 (UID BODY": {"* 1 FETCH (BODY[] {4}", "S: a UID 7)"},
			"UID FETCH 7 (UID)":     {"* 1 FETCH (UID 7)"},
			"FETCH 1 (UID BODY":     {"* 1 FETCH (BODY[] {4}", "S: a UID 7)"},
		}, ""},
		{"quoted text", map[string][]string{"UID FETCH 7 (UID BODY": {`* 1 FETCH (UID 7 BODY[] "S: a")`}}, ""},
		{"no size and no date", map[string][]string{
			"UID FETCH 7 (UID INTERN": {"NO not now"}, "UID FETCH 7 (UID RFC822": {"NO not now"},
			"UID FETCH 7 (UID BODY": {"* 1 FETCH (UID 7 BODY[] {6}", "S: a", ")"},
		}, ""},
		{"news in between", map[string][]string{"UID FETCH 7 (UID BODY": {"* 2 EXISTS", "* 1 RECENT", `* 1 FETCH (FLAGS (\Recent))`, "* 1 FETCH (UID 7 BODY[] {6}", "S: a", ")"}}, ""},
		{"no text at all", map[string][]string{
			"UID FETCH 7 (UID BODY": {"* 1 FETCH (UID 7 BODY[] NIL)"},
			"UID FETCH 7 (UID)":     {"* 1 FETCH (UID 7)"},
			"FETCH 1 (UID BODY":     {"* 1 FETCH (UID 7 BODY[] NIL)"},
		}, "gives no text"},
		{"hangs up", map[string][]string{"UID FETCH 7 (UID BODY": {"BYE"}}, "connection ended"},
		{"cut short", map[string][]string{"UID FETCH 7 (UID BODY": {"* 1 FETCH (UID 7 BODY[] {500}", "S: a", "BYE"}}, "connection ended"},
		{"says nothing", map[string][]string{"UID FETCH 7 (UID BODY": {"HUSH"}}, "connection ended"},
		{"nonsense", map[string][]string{"UID FETCH 7 (UID BODY": {"* 1 FETCH (((("}}, "connection ended"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := odd(t, "* OK hello", folder(test.answers))
			d := run(t, a, imap.State{}, imap.Options{Attempts: 2, Poll: time.Millisecond, Patience: 200 * time.Millisecond})
			b := <-d.taken
			if len(b.mails) != 1 || b.state != (imap.State{UIDValidity: 3, LastUID: 7}) {
				t.Fatalf("got %+v", b)
			}
			m := b.mails[0]
			if m.UID != 7 || !strings.Contains(m.Problem, test.problem) || (test.problem == "") != (m.Problem == "") {
				t.Errorf("got %+v", m)
			}
			if test.problem == "" && strings.TrimSpace(string(m.Raw)) != "S: a" {
				t.Errorf("got %q", m.Raw)
			}
		})
	}
}

func TestGoneInBetween(t *testing.T) {
	a := odd(t, "* OK hello", folder(nil)) // the text is asked for, and there is none, nor the mail
	d := run(t, a, imap.State{}, imap.Options{Poll: time.Millisecond})
	if h := d.await(func(h imap.Health) bool { return h.State != imap.Connecting }); h.State != imap.Connected || !h.Err.IsZero() {
		t.Errorf("got %+v", h)
	}
	if d.stop(); len(d.taken) != 0 {
		t.Errorf("got %+v", <-d.taken)
	}
}

func TestServerWithoutIDLEAfterAll(t *testing.T) {
	answers := folder(map[string][]string{"CAPABILITY": {"* CAPABILITY IMAP4rev1 IDLE"}, "IDLE": {"BAD what?"}, "UID SEARCH": {"* SEARCH"}})
	looks := make(chan struct{}, 1000)
	a := oddly(t, "* OK hello", func(command string) []string {
		if strings.HasPrefix(command, "UID SEARCH") {
			looks <- struct{}{}
		}
		return reply(answers, command)
	})
	d := run(t, a, imap.State{UIDValidity: 3, LastUID: 7}, imap.Options{Poll: time.Millisecond})
	if h := d.await(connected); !h.Err.IsZero() {
		t.Errorf("got %+v", h)
	}
	for range 3 {
		<-looks // by polling, over the same connection
	}
	d.stop()
	if n := len(d.health); n != 0 {
		t.Errorf("%d changes of health, the first %+v", n, <-d.health)
	}
}

func TestUnfriendlyGreetings(t *testing.T) {
	for greeting, want := range map[string]string{
		"* BYE too many connections": "127.0.0.1 says: too many connections",
		"SSH-2.0-OpenSSH_9.2":        "127.0.0.1, port",
	} {
		err := imap.Check(t.Context(), odd(t, greeting, nil))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", greeting, err, want)
		}
	}
	a := odd(t, "* OK hello", map[string][]string{"STARTTLS": {"BAD what?"}, "CAPABILITY": {"* CAPABILITY IMAP4rev1"}})
	a.Security = dial.StartTLS
	if err := imap.Check(t.Context(), a); err == nil || !strings.Contains(err.Error(), "does not offer STARTTLS") {
		t.Errorf("got %v", err)
	}
	a = odd(t, "* OK hello", map[string][]string{"CAPABILITY": {"* CAPABILITY IMAP4rev1 LOGINDISABLED"}})
	if err := imap.Check(t.Context(), a); err == nil || !strings.Contains(err.Error(), "does not let anybody sign in") {
		t.Errorf("got %v", err)
	}
}
