// Command goodturn is an IT help desk in one program: "goodturn serve" runs it on a data folder,
// "goodturn demo" shows it with a lived-in desk. Every command says what it takes with --help.
//
// Flags win over environment variables (GOODTURN_DATA and so on), these over the configuration file
// (--config, JSON). It logs to standard error; facts go to standard output. Exit codes follow sysexits.h
// where they mean something: 64 wrong use, 65 bad input, 67 unknown address, 69 not available, 75 try again.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"goodturn/internal/app"
	"goodturn/internal/fault"
)

type cli struct {
	Config kong.ConfigFlag `help:"Read settings from this JSON file." placeholder:"FILE" env:"GOODTURN_CONFIG"`

	Serve    serveCmd    `cmd:"" help:"Run the desk on a data folder."`
	Demo     demoCmd     `cmd:"" help:"Show the desk with demonstration data, on this machine only."`
	Person   personCmd   `cmd:"" help:"Add people."`
	Token    tokenCmd    `cmd:"" help:"Make tokens for the API."`
	Import   importCmd   `cmd:"" help:"Bring tickets in."`
	Article  articleCmd  `cmd:"" help:"Bring articles in as files, and take them out."`
	Mail     mailCmd     `cmd:"" help:"Read mails, or hand one in."`
	Check    checkCmd    `cmd:"" help:"Try the accounts of the mailboxes and say in plain words what is wrong."`
	Bench    benchCmd    `cmd:"" help:"Measure pages, writes, mail and memory on a temporary desk."`
	Simulate simulateCmd `cmd:"" help:"Fill an empty desk with an invented year, and count every promise about time again."`
	Version  versionCmd  `cmd:"" help:"Say which version this is."`
}

// Exit codes, after sysexits.h.
const (
	exitUsage       = 64
	exitData        = 65
	exitUnknown     = 67
	exitUnavailable = 69
	exitTryAgain    = 75
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := -1
	parser, err := kong.New(&cli{}, kong.Name("goodturn"), kong.UsageOnError(), kong.Configuration(kong.JSON),
		kong.Description("An IT help desk that remembers the human on both sides of the ticket."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Exit(func(c int) { code = c }))
	if err != nil {
		fmt.Fprintln(os.Stderr, "goodturn:", err)
		return 1
	}
	command, err := parser.Parse(args)
	if code >= 0 { // --help has been answered
		return code
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "goodturn: %v. Try goodturn --help.\n", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "goodturn:", err)
		return exitCode(err)
	}
	return 0
}

// coded is an error with an exit code of its own.
type coded struct {
	error
	code int
}

func (c coded) Unwrap() error { return c.error }

func exitCode(err error) int {
	var c coded
	switch {
	case errors.As(err, &c):
		return c.code
	case errors.Is(err, app.ErrSetting):
		return exitUsage
	case errors.Is(err, app.ErrInUse):
		return exitTryAgain
	case fault.Is(err, fault.KindInvalid):
		return exitData
	case fault.Is(err, fault.KindUnavailable), errors.Is(err, app.ErrAddress):
		return exitUnavailable
	}
	return 1
}
