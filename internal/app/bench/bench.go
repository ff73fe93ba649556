// Package bench measures the program as people meet it: it fills a temporary desk, starts the program on it
// as a process of its own, and asks for whole pages as a signed-in agent over HTTP.
//
// Latencies are of complete answers on loopback: the median (p50) with one connection, the 99th
// percentile (p99) with eight. Writes are durable when they are answered. Mails go in by LMTP over eight
// connections, 20 KB each.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/person"
)

// Options say what is measured.
type Options struct {
	Tickets  int
	Database string        // a postgres:// URL of an empty database, or "" for SQLite
	Program  string        // the program to start; "" is this one
	Each     time.Duration // how long each page is asked for, twice; 0 is 4 s
	Mails    int           // how many mails go in; 0 is 5,000
	Only     []string      // the names of what is measured, such as "line" or "suggest"; nil is all
	Progress io.Writer     // what is being done, or nil
}

// Result is what was measured. Latencies are in milliseconds; rates a second; memory in MiB.
type Result struct {
	Engine          string  `json:"engine"`
	Tickets         int     `json:"tickets"`
	ListP50         float64 `json:"list_p50_ms"`
	ListP99         float64 `json:"list_p99_ms"`
	TicketP50       float64 `json:"ticket_p50_ms"`
	TicketP99       float64 `json:"ticket_p99_ms"`
	SearchCommonP50 float64 `json:"search_common_p50_ms"`
	SearchCommonP99 float64 `json:"search_common_p99_ms"`
	SearchRareP50   float64 `json:"search_rare_p50_ms"`
	SearchRareP99   float64 `json:"search_rare_p99_ms"`
	CreateP50       float64 `json:"create_p50_ms"`
	CreateP99       float64 `json:"create_p99_ms"`
	ReplyP50        float64 `json:"reply_p50_ms"`
	ReplyP99        float64 `json:"reply_p99_ms"`
	IntakePerS      float64 `json:"intake_per_s"`
	IntakeSettledS  float64 `json:"intake_settled_s"` // from the last 250 until every mail is a ticket
	ImportPerS      float64 `json:"import_per_s"`
	IdlePSS         int     `json:"idle_pss_mib"`
	LoadPSS         int     `json:"load_pss_mib"`
	RSS             int     `json:"rss_mib"` // the most that was resident
	StartMS         float64 `json:"start_ms"`
	ListBytes       int     `json:"list_bytes"` // of the list page as sent, compressed

	figures []figure
}

// Run fills a desk and measures it.
func Run(ctx context.Context, o Options) (Result, error) {
	if o.Each == 0 {
		o.Each = 4 * time.Second
	}
	if o.Mails == 0 {
		o.Mails = 5000
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	dir, err := os.MkdirTemp("", "goodturn-bench-")
	if err != nil {
		return Result{}, err
	}
	defer os.RemoveAll(dir)
	b := &bench{Options: o, dir: dir}
	for i, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"fill the desk", b.fill}, {"start the program", b.start}, {"read pages", b.read}, {"lead", b.lead}, {"suggest", b.suggest}, {"articles", b.help}, {"work at the desk", b.desk}, {"tell open pages", b.fanout}, {"change many", b.bulk}, {"write", b.write}, {"take mail in", b.intake},
	} {
		if i > 1 && !b.wants(step.name) {
			continue
		}
		fmt.Fprintf(o.Progress, "%s …\n", step.name)
		if err := step.do(ctx); err != nil {
			b.stop()
			return b.Result, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	b.stop()
	return b.Result, nil
}

// bench is one run.
type bench struct {
	Options
	Result
	dir     string
	server  *server
	session string // of an agent's browser
	token   string // of an administrator
	first   int64  // number of the first ticket

	watchers []*http.Cookie // sessions of other agents
	askers   []string       // sessions of requesters
}

const benchMailbox = "help@bench.example"

// fill brings the tickets in, as `import jsonl` does, and makes an agent, a token and a mailbox.
func (b *bench) fill(ctx context.Context) error {
	a, err := app.Open(ctx, app.Config{Data: b.dir, Database: b.Database})
	if err != nil {
		return err
	}
	defer a.Close()
	b.Result.Engine, b.Result.Tickets = string(a.DB.Engine()), b.Options.Tickets
	began := time.Now()
	if err := importTickets(ctx, a, 1, b.Options.Tickets, b.apart()); err != nil {
		return err
	}
	b.ImportPerS = float64(b.Options.Tickets) / time.Since(began).Seconds()
	if a.DB.Engine() == db.Postgres {
		if err := a.DB.Analyze(ctx); err != nil {
			return err
		}
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := b.people(ctx, tx); err != nil {
			return err
		}
		return b.askersOf(ctx, tx, a)
	})
	if err == nil && b.wants("articles") {
		err = newSpeech(1).write(ctx, a)
	}
	if err == nil && b.wants("topics") {
		err = b.topics(ctx, a)
	}
	if err == nil && b.wants("starter") {
		err = b.starter(ctx, a)
	}
	if err != nil || !b.wants("line") {
		return err
	}
	return b.line(ctx, a)
}

// apart is how far one ticket is from the next.
func (b *bench) apart() time.Duration {
	return min(4*time.Minute, span/time.Duration(b.Options.Tickets))
}

func importTickets(ctx context.Context, a *app.App, from, to int, apart time.Duration) error {
	r, w := io.Pipe()
	go func() { w.CloseWithError(writeTickets(w, from, to, apart)) }()
	sum, err := a.ImportJSONL(ctx, r)
	if err == nil && sum.Tickets != to-from+1 {
		err = fmt.Errorf("%d of %d tickets came in", sum.Tickets, to-from+1)
	}
	return err
}

// wants tells that something is to be measured.
func (b *bench) wants(name string) bool { return len(b.Only) == 0 || slices.Contains(b.Only, name) }

func (b *bench) people(ctx context.Context, tx *db.Tx) error {
	p, err := person.Create(ctx, tx, person.New{Name: "Bench", Addresses: []string{"bench@bench.example"}, Role: person.Administrator})
	if err != nil {
		return err
	}
	if b.session, err = person.StartSession(ctx, tx, p.ID, "bench", ""); err != nil {
		return err
	}
	if b.token, err = person.CreateToken(ctx, tx, person.System, person.Token{PersonID: p.ID, Name: "bench"}, time.Hour*24, ""); err != nil {
		return err
	}
	if b.watchers, err = watchers(ctx, tx); err != nil {
		return err
	}
	if b.first, err = db.One[int64](ctx, tx, `SELECT min(id) FROM ticket`); err != nil {
		return err
	}
	team, err := db.One[int64](ctx, tx, `SELECT min(id) FROM team`)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO mailbox (address, name, team_id, active, subaddress, receiving, sending, created_at) VALUES ($1, 'Bench', $2, TRUE, TRUE, '{}', '{}', $3)`, benchMailbox, team, tx.Now)
	return err
}

func (b *bench) start(ctx context.Context) (err error) {
	if b.Program == "" {
		if b.Program, err = os.Executable(); err != nil {
			return err
		}
	}
	args := []string{"serve", "--data", b.dir, "--mail-listen", "unix:" + filepath.Join(b.dir, "lmtp.sock"), "--log-level", "error", "--trust-proxy"}
	if b.Database != "" {
		args = append(args, "--database", b.Database)
	}
	if b.server, err = startServer(ctx, b.Program, args); err != nil {
		return err
	}
	b.StartMS = b.server.startMS
	time.Sleep(time.Second) // let it come to rest
	b.IdlePSS, _, err = b.server.memory()
	return err
}

// stop notes the most memory that was used and ends the program.
func (b *bench) stop() {
	if b.server == nil {
		return
	}
	if _, peak, err := b.server.memory(); err == nil {
		b.RSS = peak
	}
	b.server.stop()
}

func (b *bench) read(ctx context.Context) error {
	pages := []struct {
		path     string
		p50, p99 *float64
	}{
		{"/tickets?q=status%3Aunsolved", &b.ListP50, &b.ListP99},
		{"/tickets/{ticket}", &b.TicketP50, &b.TicketP99},
		{"/search?q=" + commonWord, &b.SearchCommonP50, &b.SearchCommonP99},
		{"/search?q=" + rareWord, &b.SearchRareP50, &b.SearchRareP99},
	}
	for i, p := range pages {
		load := b.load(func(n int64) request {
			return request{method: "GET", path: expand(p.path, b.first, b.Options.Tickets, n), cookie: b.session}
		})
		one, err := load.run(ctx, 1, b.Each)
		if err != nil {
			return fmt.Errorf("%s: %w", p.path, err)
		}
		eight, err := load.run(ctx, 8, b.Each)
		if err != nil {
			return fmt.Errorf("%s: %w", p.path, err)
		}
		*p.p50, *p.p99 = one.percentile(50), eight.percentile(99)
		if i == 0 {
			b.ListBytes = one.bytes
		}
	}
	var err error
	b.LoadPSS, _, err = b.server.memory()
	return err
}

func (b *bench) write(ctx context.Context) error {
	create := b.load(func(n int64) request {
		return request{method: "POST", path: "/api/v1/tickets", token: b.token, status: 201, body: map[string]any{
			"subject": fmt.Sprintf("Measured %d", n), "text": "The keyboard stalls. " + sentences[2], "requester": map[string]string{"email": fmt.Sprintf("person%05d@bench.example", n%customers), "name": "Person"},
		}}
	})
	reply := b.load(func(n int64) request {
		return request{method: "POST", path: expand("/api/v1/tickets/{ticket}/replies", b.first, b.Options.Tickets, n), token: b.token, status: 201, body: map[string]any{"text": "Good morning, please try again now. " + sentences[6]}}
	})
	for _, w := range []struct {
		load     *load
		p50, p99 *float64
	}{{create, &b.CreateP50, &b.CreateP99}, {reply, &b.ReplyP50, &b.ReplyP99}} {
		one, err := w.load.run(ctx, 1, b.Each)
		if err != nil {
			return err
		}
		eight, err := w.load.run(ctx, 8, b.Each)
		if err != nil {
			return err
		}
		*w.p50, *w.p99 = one.percentile(50), eight.percentile(99)
	}
	return nil
}

// JSON is the result as one line: an object without levels.
func (r Result) JSON() string {
	flat, err := r.flat()
	if err != nil {
		return ""
	}
	raw, _ := json.Marshal(flat)
	return string(raw)
}
