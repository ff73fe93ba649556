package admin

// knownProviders are servers that people would have to look up. They are names of public services, not addresses that
// the program ever calls by itself.
var knownProviders = []struct{ name, imap, smtp string }{
	{"Fastmail", "imap.fastmail.com", "smtp.fastmail.com"},
	{"GMX", "imap.gmx.net", "mail.gmx.net"},
	{"Google Workspace, Gmail", "imap.gmail.com", "smtp.gmail.com"},
	{"Infomaniak", "mail.infomaniak.com", "mail.infomaniak.com"},
	{"IONOS", "imap.ionos.com", "smtp.ionos.com"},
	{"mailbox.org", "imap.mailbox.org", "smtp.mailbox.org"},
	{"Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com"},
	{"Zoho", "imap.zoho.com", "smtp.zoho.com"},
}
