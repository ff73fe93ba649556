package main

import (
	"fmt"
	"log/slog"
	"os"
	"time"
	_ "time/tzdata" // zones work on machines that have none installed

	"golang.org/x/term"

	"goodturn/internal/app"
)

// store is the flags of every command that opens the data.
type store struct {
	Data     string `help:"The data folder; everything lies under it." default:"./data" type:"path" env:"GOODTURN_DATA" placeholder:"DIR"`
	Database string `help:"A postgres:// URL; without it the data folder holds an SQLite file." env:"GOODTURN_DATABASE" placeholder:"URL"`
}

func (s store) config() app.Config {
	return app.Config{Data: s.Data, Database: s.Database, Version: version, Log: slog.New(slog.DiscardHandler)}
}

// reach is the flags of the commands that serve.
type reach struct {
	Listen     string        `help:"Where to answer requests, host:port." default:"127.0.0.1:8080" env:"GOODTURN_LISTEN" placeholder:"ADDR"`
	PublicURL  string        `help:"How people reach the desk, such as https://help.example.com." env:"GOODTURN_PUBLIC_URL" placeholder:"URL"`
	Name       string        `help:"What the desk is called." env:"GOODTURN_NAME"`
	Zone       string        `help:"The desk's time zone, such as Europe/Lisbon." default:"Local" env:"GOODTURN_ZONE"`
	TrustProxy bool          `help:"Take visitors' addresses from X-Forwarded-For: only behind a proxy of yours." env:"GOODTURN_TRUST_PROXY"`
	Undo       time.Duration `help:"How long an answer may be taken back before it is sent; 0s sends at once." default:"10s" env:"GOODTURN_UNDO"`
	LogFormat  string        `help:"Log as text or json; json when standard error is no terminal." enum:"auto,text,json" default:"auto" env:"GOODTURN_LOG_FORMAT"`
	LogLevel   string        `help:"Log debug, info, warn or error." enum:"debug,info,warn,error" default:"info" env:"GOODTURN_LOG_LEVEL"`
}

func (r reach) apply(c *app.Config) error {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return coded{fmt.Errorf("there is no time zone %q; one looks like Europe/Lisbon", r.Zone), exitUsage}
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(r.LogLevel)); err != nil {
		return err
	}
	o := &slog.HandlerOptions{Level: level}
	var h slog.Handler = slog.NewTextHandler(os.Stderr, o)
	if r.LogFormat == "json" || (r.LogFormat == "auto" && !term.IsTerminal(int(os.Stderr.Fd()))) {
		h = slog.NewJSONHandler(os.Stderr, o)
	}
	c.Listen, c.PublicURL, c.Name, c.Zone, c.TrustProxy, c.Undo, c.Log = r.Listen, r.PublicURL, r.Name, zone, r.TrustProxy, r.Undo, slog.New(h)
	return nil
}
