package admin

import (
	"context"

	"goodturn/internal/i18n"
)

// actionWord is an action of the audit record in the reader's language; an unknown one is shown as it is.
func actionWord(ctx context.Context, action string) string {
	if t, ok := actionWords[action]; ok {
		return i18n.Print(ctx, t)
	}
	return action
}

var actionWords = map[string]i18n.Text{
	"signed in":                i18n.MC("audit", "signed in"),
	"sign-in refused":          i18n.MC("audit", "sign-in refused"),
	"session ended":            i18n.MC("audit", "session ended"),
	"signed out everywhere":    i18n.MC("audit", "signed out everywhere"),
	"password changed":         i18n.MC("audit", "password changed"),
	"second factor on":         i18n.MC("audit", "second step turned on"),
	"second factor off":        i18n.MC("audit", "second step turned off"),
	"token created":            i18n.MC("audit", "token created"),
	"token revoked":            i18n.MC("audit", "token revoked"),
	"first administrator made": i18n.MC("audit", "first administrator made"),
	"question changed":         i18n.MC("audit", "question to vague requests changed"),
	"question restored":        i18n.MC("audit", "question to vague requests restored"),
	"calendar added":           i18n.MC("audit", "calendar added"),
	"calendar changed":         i18n.MC("audit", "calendar changed"),
	"care changed":             i18n.MC("audit", "thanks and care changed"),
	"calendar removed":         i18n.MC("audit", "calendar removed"),
	"person added":             i18n.MC("audit", "person added"),
	"person changed":           i18n.MC("audit", "person changed"),
	"person deactivated":       i18n.MC("audit", "person switched off"),
	"person activated":         i18n.MC("audit", "person switched on again"),
	"role changed":             i18n.MC("audit", "role changed"),
	"people merged":            i18n.MC("audit", "people merged"),
	"person erased":            i18n.MC("audit", "person erased"),
	"merge undone":             i18n.MC("audit", "merge undone"),
	"address added":            i18n.MC("audit", "address added"),
	"address removed":          i18n.MC("audit", "address removed"),
	"address marked as proven": i18n.MC("audit", "address marked as proven"),
	"invitation mailed":        i18n.MC("audit", "invitation mailed"),
	"mailbox changed":          i18n.MC("audit", "mailbox changed"),
	"sender blocked":           i18n.MC("audit", "sender blocked"),
	"sender unblocked":         i18n.MC("audit", "sender unblocked"),
	"protection changed":       i18n.MC("audit", "spam and storms changed"),
	"mail file limit changed":  i18n.MC("audit", "limit of mailed files changed"),
	"dkim key saved":           i18n.MC("audit", "key for signing mail saved"),
	"dkim key removed":         i18n.MC("audit", "key for signing mail removed"),
	"dkim signing on":          i18n.MC("audit", "signing of mail turned on"),
	"dkim signing off":         i18n.MC("audit", "signing of mail turned off"),
	"mailbox connected":        i18n.MC("audit", "mailbox connected"),
	"team added":               i18n.MC("audit", "team added"),
	"team changed":             i18n.MC("audit", "team changed"),
	"team members changed":     i18n.MC("audit", "team members changed"),
	"organisation added":       i18n.MC("audit", "organisation added"),
	"organisation changed":     i18n.MC("audit", "organisation changed"),
	"job run again":            i18n.MC("audit", "work tried again"),
	"job forgotten":            i18n.MC("audit", "work forgotten"),
	"tickets exported":         i18n.MC("audit", "tickets exported"),
	"audit record exported":    i18n.MC("audit", "audit record exported"),
}
