package mailbox

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/ticket"
)

// FromName says whose name stands before a mailbox's address in From.
type FromName string

// The choices.
const (
	FromBoth    FromName = "both"    // "Mia Berg, IT help desk"
	FromMailbox FromName = "mailbox" // "IT help desk"
	FromAgent   FromName = "agent"   // "Mia Berg"; the mailbox's where nobody wrote it
)

// FromNames lists them.
func FromNames() []FromName { return []FromName{FromBoth, FromMailbox, FromAgent} }

// name is what stands in From for a message of that author.
func (f FromName) name(author, mailbox string) string {
	switch {
	case author == "" || (f == FromMailbox && mailbox != ""):
		return mailbox
	case f == FromAgent || mailbox == "":
		return author
	}
	return author + ", " + mailbox
}

// MaxSignature is the longest signature, in bytes.
const MaxSignature = 2000

// SignatureVariables are what a signature may hold, each written {{agent.name}}.
func SignatureVariables() []string {
	return []string{"agent.name", "agent.first_name", "mailbox.name", "mailbox.address", "ticket.number"}
}

var variable = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// checkSignature finds what is wrong with the text of a signature.
func checkSignature(s string) (wrong []fault.Field) {
	if len(s) > MaxSignature {
		wrong = append(wrong, fault.F("signature", i18n.M("A signature may have up to {{.Limit}} characters.", "Limit", MaxSignature)))
	}
	for _, m := range variable.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(SignatureVariables(), m[1]) {
			return append(wrong, fault.F("signature", i18n.M("{{.Name}} is not known here. Known are: {{.Values}}.", "Name", m[0], "Values", "{{"+strings.Join(SignatureVariables(), "}}, {{")+"}}")))
		}
	}
	return wrong
}

// signature is the mailbox's signature for one message. A line of which only empty variables are left goes.
func (m Mailbox) signature(author string, t ticket.Ticket) string {
	first, _, _ := strings.Cut(strings.TrimSpace(author), " ")
	values := map[string]string{"agent.name": author, "agent.first_name": first, "mailbox.name": m.Name, "mailbox.address": m.Address, "ticket.number": "#" + strconv.FormatInt(t.ID, 10)}
	var out []string
	for line := range strings.Lines(strings.ReplaceAll(m.Signature, "\r\n", "\n")) {
		line = strings.TrimRight(line, "\n")
		filled := variable.ReplaceAllStringFunc(line, func(v string) string { return values[variable.FindStringSubmatch(v)[1]] })
		if filled != line && strings.TrimSpace(filled) == "" {
			continue
		}
		out = append(out, strings.TrimRight(filled, " "))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
