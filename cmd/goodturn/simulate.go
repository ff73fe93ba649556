package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"goodturn/internal/app"
	"goodturn/internal/app/simulate"
	"goodturn/internal/db"
)

type simulateCmd struct {
	Data     string `help:"An empty data folder, which keeps the desk to be looked at; without it a temporary one." type:"path" placeholder:"DIR"`
	Database string `help:"A postgres:// URL of an empty database; without it SQLite." placeholder:"URL"`
	Seed     uint64 `help:"Which life it is: the same seed gives the same." default:"1"`
	Tickets  int    `help:"How many tickets come, about." default:"200000"`
	Days     int    `help:"Over how many days." default:"365"`
	Texts    string `help:"What people write, a line each: a text, or {\"subject\": …, \"text\": …}." type:"existingfile" placeholder:"FILE"`
	Most     int    `help:"How many differences are printed." default:"20"`
}

func (c simulateCmd) Run(ctx context.Context) error {
	if c.Tickets < 1 || c.Days < 1 || c.Days > 3660 {
		return coded{fmt.Errorf("please ask for at least one ticket, over 1 to 3660 days"), exitUsage}
	}
	config := simulate.Config{Seed: c.Seed, Tickets: c.Tickets, Days: c.Days, Rota: true, Log: os.Stderr}
	if c.Texts != "" {
		f, err := os.Open(c.Texts)
		if err != nil {
			return err
		}
		defer f.Close()
		if config.Texts, err = simulate.ReadTexts(f); err != nil {
			return coded{fmt.Errorf("%s: %w", c.Texts, err), exitData}
		}
	}
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "goodturn-simulated-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	}
	a, err := app.Open(ctx, app.Config{Data: c.Data, Database: c.Database, Version: version, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := c.empty(ctx, a); err != nil {
		return err
	}
	r, err := simulate.Run(ctx, a.DB, config)
	if err != nil {
		return err
	}
	fmt.Printf("%d tickets, %d messages and %d events in %s, seed %d\n", r.Tickets, r.Messages, r.Events, r.Took.Round(100*1e6), c.Seed)
	r.Line.Print(os.Stdout)
	r.Rota.Print(os.Stdout)
	r.Turns.Print(os.Stdout)
	f, found, err := simulate.Audit(ctx, a.DB)
	if err != nil {
		return err
	}
	fmt.Printf("%d promises: %d kept, %d missed, %d not needed, %d open; %d warnings\n", f.Clocks, f.Kept, f.Missed, f.Void, f.Waiting, f.Warnings)
	for _, d := range found[:min(len(found), c.Most)] {
		fmt.Println(d)
	}
	if len(found) > 0 {
		return fmt.Errorf("the desk and the spine disagree in %d figures", len(found))
	}
	fmt.Println("Counted again from the spine of events, every figure is the same.")
	return nil
}

// empty makes sure that nobody's desk is filled with invented tickets.
func (c simulateCmd) empty(ctx context.Context, a *app.App) error {
	used := false
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		used, err = db.Exists(ctx, tx, `SELECT 1 FROM ticket LIMIT 1`)
		return err
	})
	if err == nil && used {
		err = coded{fmt.Errorf("there are tickets in %s already; please choose an empty folder", c.Data), exitUsage}
	}
	return err
}
