package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"goodturn/internal/app/bench"
)

type benchCmd struct {
	Tickets  int           `help:"How many tickets the temporary desk has." default:"10000"`
	Database string        `help:"A postgres:// URL of an empty database; without it SQLite." placeholder:"URL"`
	Each     time.Duration `help:"How long each thing is measured." default:"4s"`
	Mails    int           `help:"How many mails are taken in." default:"5000"`
	Only     []string      `help:"Measure these alone: line, suggest, articles, topics, read pages, write, take mail in …" placeholder:"NAME"`
	JSON     bool          `help:"Print one line of JSON."`
}

func (c benchCmd) Run(ctx context.Context) error {
	r, err := bench.Run(ctx, bench.Options{Tickets: c.Tickets, Database: c.Database, Each: c.Each, Mails: c.Mails, Only: c.Only, Progress: os.Stderr})
	if err != nil {
		return err
	}
	if c.JSON {
		fmt.Println(r.JSON())
		return nil
	}
	fmt.Print(r.Table())
	return nil
}
