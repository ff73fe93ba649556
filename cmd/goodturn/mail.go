package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"goodturn/internal/mailbox"
	"goodturn/internal/mailmsg"
)

type mailCmd struct {
	Parse   mailParseCmd   `cmd:"" help:"Show what is read out of mails."`
	Deliver mailDeliverCmd `cmd:"" help:"Hand in one mail from standard input, as an MTA's pipe does."`
}

type mailParseCmd struct {
	JSON bool     `help:"Print one JSON object a line, in the order of the arguments."`
	Body string   `help:"The files are bare bodies, text or html, and not whole mails." enum:",text,html" default:""`
	File []string `arg:"" help:"Files, or - for standard input."`
}

// Run uses no network. It exits 65 when a file cannot be read; every file that can be read gives an
// object, however broken the mail is.
func (c mailParseCmd) Run() error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetEscapeHTML(false)
	var failed error
	for _, name := range c.File {
		raw, err := readFile(name)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		var m *mailmsg.Message
		if c.Body == "" {
			m = mailmsg.Parse(raw)
		} else {
			m = mailmsg.ParseBody(raw, c.Body == "html")
		}
		r := m.Report(name)
		if !c.JSON {
			show(r)
			continue
		}
		if err := enc.Encode(r); err != nil {
			return err
		}
	}
	if failed != nil {
		return coded{failed, exitData}
	}
	return nil
}

func readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(name)
}

func show(r mailmsg.Report) {
	fmt.Printf("%s\n  from     %s <%s>\n  subject  %s\n  date     %s\n  kind     %s %s\n", r.File, r.From.Name, r.From.Address, r.Subject, r.Date, r.Kind, r.Automatic)
	for _, a := range r.Attachments {
		fmt.Printf("  file     %s, %s, %d bytes\n", a.Name, a.Type, a.Size)
	}
	for _, w := range r.Warnings {
		fmt.Printf("  note     %s\n", w)
	}
	fmt.Printf("\n%s\n\n", r.NewText)
}

type mailDeliverCmd struct {
	Data string `help:"The data folder of the running desk." default:"./data" type:"path" env:"GOODTURN_DATA" placeholder:"DIR"`
	To   string `help:"The address that the mail is for." required:"" placeholder:"ADDRESS"`
	From string `help:"The envelope's sender." placeholder:"ADDRESS"`
}

// Run knows nothing but the data folder, so that any user whom the MTA pipes to can do it. Exit codes: 67
// unknown address, 75 try again, 65 no mail, 73 cannot create.
func (c mailDeliverCmd) Run(context.Context) error {
	if err := mailbox.Deliver(c.Data, c.To, c.From, os.Stdin); err != nil {
		return coded{err, mailbox.ExitCode(err)}
	}
	return nil
}
