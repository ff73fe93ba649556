package notice

import (
	"context"
	"strconv"
	"strings"

	"goodturn/internal/db"
	"goodturn/internal/secret"
)

const stopPurpose = "no more notices by mail"

// StopToken makes what a mail's link carries that ends mails like it: whose, and which (Mail.Stops).
func StopToken(key *secret.Signer, personID int64, what string) string {
	text := strconv.FormatInt(personID, 10) + "." + what
	return text + "." + key.Sign(stopPurpose, []byte(text))
}

// ReadStopToken tells what a token ends, if it is one of ours.
func ReadStopToken(key *secret.Signer, token string) (personID int64, what string, ok bool) {
	text, tag, found := cutLast(token)
	if !found || !key.Verify(stopPurpose, []byte(text), tag) {
		return 0, "", false
	}
	who, what, _ := strings.Cut(text, ".")
	personID, err := strconv.ParseInt(who, 10, 64)
	return personID, what, err == nil
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// Stops names mails like this one, for StopToken and Stop.
func (m Mail) Stops() string {
	if m.Form != AtOnce {
		return string(m.Form)
	}
	out := string(AtOnce)
	seen := map[Kind]bool{}
	for _, n := range m.Notices {
		if !seen[n.Kind] {
			seen[n.Kind] = true
			out += "-" + string(n.Kind)
		}
	}
	return out
}

// Stop ends mails for somebody as they said with one click. What they are told stands on their page from then on.
func Stop(ctx context.Context, tx *db.Tx, personID int64, what string) error {
	if Form(what) == Casual {
		return setWeekly(ctx, tx, personID, true)
	}
	c, err := ChoiceOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	form, kinds, _ := strings.Cut(what, "-")
	switch Form(form) {
	case Collected:
		c.Digest = Off
	case Overall:
		c.Overview.Every = Never
	case AtOnce:
		for k := range strings.SplitSeq(kinds, "-") {
			c.Now[Kind(k)], c.Mail[Kind(k)], c.Page[Kind(k)] = false, false, true
		}
	}
	return keep(ctx, tx, personID, c)
}
