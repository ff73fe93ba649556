package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"goodturn/internal/app"
	"goodturn/internal/db"
	"goodturn/internal/mailbox"
)

type checkCmd struct {
	store
	Mailbox string        `help:"Only this address." placeholder:"ADDRESS"`
	Timeout time.Duration `help:"How long a server may take." default:"30s"`
	JSON    bool          `help:"Print one JSON object a line."`
}

// Run tries the accounts of every mailbox and says how it went; it exits 1 when something is wrong.
func (c checkCmd) Run(ctx context.Context) error {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	var all []mailbox.Mailbox
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		all, err = a.Post.List(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	bad, seen := 0, 0
	for _, m := range all {
		if c.Mailbox != "" && m.Address != c.Mailbox {
			continue
		}
		seen++
		bad += c.one(ctx, a, m)
	}
	switch {
	case seen == 0 && c.Mailbox != "":
		return coded{fmt.Errorf("there is no mailbox %s", c.Mailbox), exitUnknown}
	case seen == 0 && !c.JSON:
		fmt.Println("No mailbox is set up yet. An administrator does that in the browser, under Administration.")
	case bad > 0:
		return fmt.Errorf("%d of the checks did not go well", bad)
	}
	return nil
}

func (c checkCmd) one(ctx context.Context, a *app.App, m mailbox.Mailbox) (bad int) {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	for _, f := range a.Post.Check(ctx, m) {
		if !f.OK {
			bad++
		}
		if c.JSON {
			_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"mailbox": m.Address, "what": f.What, "ok": f.OK, "words": f.Words.String()})
			continue
		}
		word := "well "
		if !f.OK {
			word = "wrong"
		}
		fmt.Printf("%s  %s, %s: %s\n", word, m.Address, f.What, f.Words)
	}
	return bad
}
