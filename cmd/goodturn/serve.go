package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"

	"goodturn/internal/app"
)

type serveCmd struct {
	store
	reach
	MailListen string `help:"Take mail from the MTA of this machine by LMTP: unix:/path or host:port." env:"GOODTURN_MAIL_LISTEN" placeholder:"ADDR"`
	MailSMTP   bool   `help:"Speak SMTP there instead of LMTP." env:"GOODTURN_MAIL_SMTP"`
	MailRemote bool   `help:"Let other machines reach it." env:"GOODTURN_MAIL_REMOTE"`
}

func (c serveCmd) Run(ctx context.Context) error {
	cfg := c.config()
	if err := c.apply(&cfg); err != nil {
		return err
	}
	cfg.MailListen, cfg.MailSMTP, cfg.MailRemote = c.MailListen, c.MailSMTP, c.MailRemote
	a, err := app.OpenToServe(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.FirstStart(ctx, os.Stderr, term.IsTerminal(int(os.Stderr.Fd()))); err != nil {
		return err
	}
	return a.Serve(ctx, func(address string) {
		cfg.Log.Info("goodturn serves", "address", "http://"+address, "data", cfg.Data, "database", a.DB.Engine())
	})
}

type demoCmd struct {
	reach
	Data  string `help:"A folder for the demo; without it one that is gone afterwards." type:"path" placeholder:"DIR"`
	Token bool   `help:"Print an administrator's token for the API as the first line."`
}

func (c demoCmd) Run(ctx context.Context) error {
	cfg := app.Config{Data: c.Data, Version: version}
	if c.LogLevel == "info" {
		c.LogLevel = "warn"
	}
	if err := c.apply(&cfg); err != nil {
		return err
	}
	if cfg.Data == "" {
		dir, err := os.MkdirTemp("", "goodturn-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		cfg.Data = dir
	}
	a, err := app.OpenDemo(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if c.Token {
		token, err := a.DemoToken(ctx)
		if err != nil {
			return err
		}
		fmt.Println(token)
	}
	return a.Serve(ctx, func(address string) {
		fmt.Printf("Goodturn's demo is at http://%s/demo – choose there who you want to be. End it with Ctrl+C.\n", address)
	})
}
