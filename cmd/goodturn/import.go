package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"goodturn/internal/app"
)

type importCmd struct {
	JSONL importJSONLCmd `cmd:"" name:"jsonl" help:"Bring in tickets from JSON lines; begun again it goes on where it was."`
}

type importJSONLCmd struct {
	store
	File string `arg:"" help:"The file, or - for standard input."`
	JSON bool   `help:"Print the result as JSON."`
}

func (c importJSONLCmd) Run(ctx context.Context) error {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	var in io.Reader = os.Stdin
	size := int64(-1)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return coded{err, exitData}
		}
		defer f.Close()
		if s, err := f.Stat(); err == nil {
			size = s.Size()
		}
		in = f
	}
	if term.IsTerminal(int(os.Stderr.Fd())) {
		bar := progressbar.DefaultBytes(size, "bringing tickets in")
		in = io.TeeReader(in, bar)
	}
	began := time.Now()
	sum, err := a.ImportJSONL(ctx, in)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(sum)
	}
	fmt.Printf("%d tickets are in (%d more were there already), %.0f a second; %d lines could not be used.\n", sum.Tickets, sum.Skipped, float64(sum.Tickets)/time.Since(began).Seconds(), len(sum.Problems))
	for _, p := range sum.Problems {
		fmt.Printf("line %d: %s\n", p.Line, p.Reason)
	}
	return nil
}
