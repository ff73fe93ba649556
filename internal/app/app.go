// Package app builds the program out of its parts, by hand and in one place, and starts and stops it.
//
// Everything that a part needs is given to it here; the order of the ticket hooks is the order of the
// slice in build. The commands (serve, demo, import, bench) and the end-to-end tests all start here.
//
//	a, err := app.Open(ctx, app.Config{Data: "/var/lib/goodturn", Listen: "127.0.0.1:8080"})
//	defer a.Close()
//	err = a.Serve(ctx)
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"goodturn/internal/api"
	"goodturn/internal/automation"
	"goodturn/internal/blob"
	"goodturn/internal/brand"
	"goodturn/internal/bulk"
	"goodturn/internal/calendar"
	"goodturn/internal/care"
	"goodturn/internal/db"
	"goodturn/internal/draft"
	"goodturn/internal/fixnote"
	"goodturn/internal/gap"
	"goodturn/internal/handoff"
	"goodturn/internal/intake"
	"goodturn/internal/job"
	"goodturn/internal/kb"
	"goodturn/internal/line"
	"goodturn/internal/live"
	"goodturn/internal/livechat"
	"goodturn/internal/macro"
	"goodturn/internal/mailbox"
	"goodturn/internal/notice"
	"goodturn/internal/outage"
	"goodturn/internal/outcome"
	"goodturn/internal/papercut"
	"goodturn/internal/person"
	"goodturn/internal/primer"
	"goodturn/internal/proposal"
	"goodturn/internal/quiet"
	"goodturn/internal/routing"
	"goodturn/internal/secret"
	"goodturn/internal/shift"
	"goodturn/internal/sla"
	"goodturn/internal/stint"
	"goodturn/internal/thanks"
	"goodturn/internal/ticket"
	"goodturn/internal/upload"
	"goodturn/internal/view"
	"goodturn/internal/web/page"
)

// Config is what can be set from outside: flags, environment, the configuration file.
type Config struct {
	Data       string         // the data folder; everything lies under it
	Database   string         // a postgres:// URL, or "" for SQLite in the data folder
	Listen     string         // host:port for HTTP
	PublicURL  string         // how people reach us, without a slash at the end; "" is http:// and Listen
	Name       string         // what the desk is called; "" is Goodturn
	Zone       *time.Location // of the desk; nil is UTC
	TrustProxy bool           // X-Forwarded-For is set by a proxy of ours
	Undo       time.Duration  // how long an answer from the desk may be taken back; 0 sends it at once
	MailListen string         // where LMTP or SMTP is taken: "unix:/path" or host:port; "" is nowhere
	MailSMTP   bool           // MailListen speaks SMTP instead of LMTP
	MailRemote bool           // MailListen may be reached from other machines
	Version    string         // of the program
	Log        *slog.Logger   // nil throws the log away

	exclusive bool // holds the data folder's lock: serve and demo
	demo      *demonstration
}

// App is the built program on its open store.
type App struct {
	Config  Config
	DB      *db.DB
	Blobs   *blob.Store
	Kept    *upload.Store
	Cache   *blob.Cache
	Key     *secret.Signer
	Queue   *job.Queue
	Hub     *live.Hub
	Door    *person.Door
	Tickets *ticket.Desk
	Site    *page.Site
	Post    *mailbox.Post
	Notices *notice.Center
	Bulks   *bulk.Runner
	Router  *routing.Router
	// Calendars are the working hours that promises, routing and quiet hours go by.
	Calendars *calendar.Store
	Rules     *automation.Engine
	// Helping is for people whom others ask for help.
	Helping *handoff.Keeper
	// Notes keeps the fix notes.
	Notes *fixnote.Book
	// Outcomes keeps what comes after solving.
	Outcomes *outcome.Keeper
	// Promises keeps the tickets' promises about time.
	Promises *sla.Keeper
	// Intake asks about vague requests.
	Intake *intake.Asker
	// Line tells those who wait where they stand, and for how long.
	Line *line.Line
	// Gaps finds what nobody has written down.
	Gaps *gap.Keeper
	// Primer is what people ask most with its best answers, for whoever begins.
	Primer *primer.Keeper
	// Stints keeps turns at the desk.
	Stints *stint.Keeper
	// Weekly mails those who help at the desk now and then.
	Weekly *notice.Weekly
	// Brands are how the requester's pages look.
	Brands *brand.Book
	// Board is where outages and planned work are posted.
	Board *outage.Board
	// Papercuts keeps the small things that annoy.
	Papercuts *papercut.Book
	// Care looks after whoever answers.
	Care *care.Keeper
	// Thanks keeps thank-you cards.
	Thanks *thanks.Book
	// Rota keeps shifts: who is at the desk when.
	Rota    *shift.Rota
	Planner *proposal.Planner
	// Quiet finds out who had no quiet hour.
	Quiet *quiet.Keeper
	// Chats is where live chats take place.
	Chats *livechat.Room

	lock    *folderLock
	handler http.Handler
}

// Folder names and file names inside the data folder.
const (
	databaseFile = "desk.db"
	keyFile      = "key"
	blobFolder   = "blobs"
	uploadFolder = "uploads"
	cacheFolder  = "cache"
)

// How long and how much is kept of what can be made again, and how large it may grow in bytes.
const (
	cacheAge  = 7 * 24 * time.Hour
	cacheSize = 500 << 20
)

const (
	workers      = 8
	liveMemory   = 2000            // events kept for pages that come back
	shutdownTime = 6 * time.Second // for requests that are under way
	endTime      = 8 * time.Second // for everything; a mail server that hangs must not hold us up
)

// Open opens the data folder and the store, brings the store to the newest form, and builds the parts.
// Nothing runs yet.
func Open(ctx context.Context, c Config) (a *App, err error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := makeFolder(c.Data); err != nil {
		return nil, err
	}
	a = &App{Config: c, Hub: live.New(liveMemory), Calendars: &calendar.Store{}}
	opened := a // a is nil once an error is returned
	defer func() {
		if err != nil {
			opened.Close()
		}
	}()
	if c.exclusive {
		if a.lock, err = lockFolder(c.Data); err != nil {
			return nil, err
		}
	}
	if a.Key, err = secret.OpenKey(filepath.Join(c.Data, keyFile)); err != nil {
		return nil, fmt.Errorf("open the key of the data folder: %w", err)
	}
	if a.Blobs, err = blob.Open(filepath.Join(c.Data, blobFolder)); err != nil {
		return nil, fmt.Errorf("open the files of the data folder: %w", err)
	}
	if a.Cache, err = blob.OpenCache(filepath.Join(c.Data, cacheFolder), cacheAge, cacheSize); err != nil {
		return nil, err
	}
	address := c.Database
	if address == "" {
		address = filepath.Join(c.Data, databaseFile)
	}
	if a.DB, err = db.Open(ctx, address); err != nil {
		return nil, err
	}
	if err := a.DB.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := a.firstTeam(ctx); err != nil {
		return nil, err
	}
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Calendars.Begin(ctx, tx, c.zone()) }); err != nil {
		return nil, err
	}
	if a.Kept, err = upload.Open(a.DB, filepath.Join(c.Data, uploadFolder)); err != nil {
		return nil, err
	}
	return a, a.build()
}

// makeFolder makes the data folder. An MTA's own user must be able to reach the spool in it, so it can be
// walked through, but not listed; what is secret in it is closed file by file.
func makeFolder(dir string) error {
	if dir == "" {
		return errors.New("no data folder is given")
	}
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}

// firstTeam makes the team that tickets fall to until others are set up.
func (a *App) firstTeam(ctx context.Context) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		has, err := db.Exists(ctx, tx, `SELECT 1 FROM team LIMIT 1`)
		if err != nil || has {
			return err
		}
		_, err = person.SaveTeam(ctx, tx, person.Team{Slug: "first-line", Name: "First line"})
		return err
	})
}

func (a *App) publicURL() string {
	if a.Config.PublicURL != "" {
		return a.Config.PublicURL
	}
	return "http://" + a.Config.Listen
}

// Handler answers HTTP requests: pages, API, files, live streams.
func (a *App) Handler() http.Handler { return a.handler }

// Serve runs the program until ctx ends: HTTP on Config.Listen, jobs, mail. ready is told the address
// once requests are answered.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	listener, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("listen for requests: %w", explainAddress(err, a.Config.Listen, "--listen"))
	}
	takeMail, err := a.listenForMail()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(a.Config.Log.Handler(), slog.LevelWarn),
	}
	g := newGroup(ctx)
	g.run("requests", func(context.Context) error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.run("stop", func(ctx context.Context) error {
		<-ctx.Done()
		a.Hub.Close()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		if err := server.Shutdown(stopping); err != nil {
			return errors.Join(err, server.Close())
		}
		return nil
	})
	g.run("jobs", a.Queue.Run)
	g.run("sweep", a.sweep)
	g.run("rules", a.every(time.Second, "rules about time", a.Rules.Sweep))
	g.run("promises", a.every(time.Second, "promises", a.Promises.Sweep))
	g.run("intake", a.every(time.Minute, "old namings", func(ctx context.Context) error { return intake.Sweep(ctx, a.DB) }))
	g.run("line", a.every(5*time.Second, "the line", a.Line.Sweep))
	g.run("brands", a.every(time.Second, "brands", a.Brands.Sweep))
	g.run("outages", a.every(time.Second, "outages", a.Board.Sweep))
	g.run("papercuts", a.every(time.Second, "papercuts", a.Papercuts.Sweep))
	g.run("unsaved", a.every(time.Hour, "articles that nobody saved", func(ctx context.Context) error { return kb.SweepUnsaved(ctx, a.DB) }))
	g.run("cards of the month", a.every(10*time.Minute, "cards of the month", a.sweepThanks))
	g.run("live chats", a.every(time.Second, "live chats", a.Chats.Sweep))
	g.run("gaps", func(ctx context.Context) error {
		err := a.every(time.Minute, "gaps", a.Gaps.Sweep)(ctx)
		return errors.Join(err, a.Gaps.KeepSearches(context.WithoutCancel(ctx)))
	})
	g.run("primer", a.every(time.Minute, "primer", a.Primer.Sweep))
	g.run("news", a.every(time.Second, "news", func(ctx context.Context) error { return a.Tickets.SweepNews(ctx, a.DB) }))
	g.run("stints", a.every(5*time.Second, "stints", a.Stints.Sweep))
	g.run("weekly mails", a.every(10*time.Minute, "weekly mails", a.Weekly.Sweep))
	g.run("whispers", a.every(time.Hour, "old whispers", a.Stints.Forget))
	g.run("trash", a.purge)
	g.run("words", (&ticket.Learner{DB: a.DB, Log: a.Config.Log}).Run)
	g.run("counts", a.foldCounts)
	g.run("after solving", a.every(time.Second, "what comes after solving", a.Outcomes.Sweep))
	g.run("routing", a.every(5*time.Second, "routing", a.Router.Sweep))
	g.run("quiet hours", a.every(10*time.Minute, "quiet hours", a.Quiet.Sweep))
	g.run("rota", a.every(time.Minute, "shifts", a.Rota.Sweep))
	g.run("uploads", a.every(time.Minute, "uploads", a.Kept.Sweep))
	g.run("mail", a.Post.Run)
	g.run("mail listener", takeMail)
	if ready != nil {
		ready(listener.Addr().String())
	}
	return g.wait(endTime)
}

const sweepEvery = time.Hour

// sweep removes now and then what has expired.
func (a *App) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := a.DB.Write(ctx, func(tx *db.Tx) error {
				return errors.Join(person.Sweep(ctx, tx), care.Sweep(ctx, tx), api.Sweep(ctx, tx), mailbox.SweepAutomatic(ctx, tx), notice.Sweep(ctx, tx), draft.Sweep(ctx, tx), view.Sweep(ctx, tx), bulk.Sweep(ctx, tx), macro.Sweep(ctx, tx), automation.Sweep(ctx, tx), livechat.Sweep(ctx, tx), proposal.Sweep(ctx, tx))
			}); err != nil && ctx.Err() == nil {
				a.Config.Log.Error("sweep failed", "error", err)
			}
		}
	}
}

// Close ends what Open opened.
func (a *App) Close() error {
	var all []error
	if a.DB != nil {
		all = append(all, a.DB.Close())
	}
	if a.lock != nil {
		all = append(all, a.lock.release())
	}
	return errors.Join(all...)
}

// OpenToServe is Open for the one program that may serve from a data folder at a time.
func OpenToServe(ctx context.Context, c Config) (*App, error) {
	c.exclusive = true
	return Open(ctx, c)
}
