package admin

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"goodturn/internal/clock"
	"goodturn/internal/mailbox"
	"goodturn/internal/secret"
	"goodturn/internal/transport/dial"
	"goodturn/internal/web/page"
)

// mailboxForm is a mailbox with what was typed where the two differ.
type mailboxForm struct {
	box                          mailbox.Mailbox
	receivingPort, sendingPort   string
	typedReceiving, typedSending secret.Redacted // passwords of this form, now or a moment ago
	typedClient                  secret.Redacted // and the client secret
	listed                       []string        // folders that the server was found to have
}

// noPort stands for a port that is no number, which Save refuses with its own words.
const noPort = -1

func (a *Admin) readMailbox(r *http.Request, v page.Visit, id int64) mailboxForm {
	text := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	team, _ := strconv.ParseInt(text("team"), 10, 64)
	f := mailboxForm{
		receivingPort: text("receiving_port"), sendingPort: text("sending_port"),
		typedReceiving: a.typed(r, v, "receiving"), typedSending: a.typed(r, v, "sending"), typedClient: a.typed(r, v, "oauth"),
		listed: r.PostForm["listed"],
	}
	var folders []string
	for _, typed := range r.PostForm["receiving_folder"] {
		folders = append(folders, strings.FieldsFunc(typed, func(c rune) bool { return c == '\n' || c == '\r' })...)
	}
	f.box = mailbox.Mailbox{
		ID: id, Address: text("address"), Name: text("name"), TeamID: team, Active: text("active") != "", Subaddress: text("subaddress") != "", NoReceipt: text("receipt") == "", AuthservID: text("authserv_id"),
		FromName: mailbox.FromName(text("from_name")), Signature: r.PostFormValue("signature"),
		Receiving: mailbox.Receiving{
			Host: text("receiving_host"), Port: port(f.receivingPort), Security: dial.Security(text("receiving_security")), User: text("receiving_user"),
			Password: f.typedReceiving, Folders: folders, All: text("receiving_begin") == "all", MoveTo: text("receiving_move_to"),
		},
		Sending: mailbox.Sending{
			Host: text("sending_host"), Port: port(f.sendingPort), Security: dial.Security(text("sending_security")), User: text("sending_user"), Password: f.typedSending,
		},
		OAuth: mailbox.OAuth{
			Provider: mailbox.Provider(text("sign_in")), AsApp: text("oauth_flow") == "app", Tenant: text("oauth_tenant"), ClientID: text("oauth_client_id"),
			ClientSecret: f.typedClient, AuthURL: text("oauth_auth_url"), TokenURL: text("oauth_token_url"), Scopes: text("oauth_scopes"),
		},
	}
	return f
}

func port(typed string) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n == 0 {
		return noPort
	}
	return n
}

func (f mailboxForm) view(wrong map[string]string) MailboxView {
	field := func(name, value string) Field { return Field{value, wrong[name]} }
	m, in, out := f.box, f.box.Receiving, f.box.Sending
	return MailboxView{
		Wrong: len(wrong) > 0, Address: field("address", m.Address), Name: field("name", m.Name), Team: field("team", ""), Active: m.Active, Subaddress: m.Subaddress, Receipt: !m.NoReceipt, AuthservID: field("authserv_id", m.AuthservID),
		FromName: field("from_name", string(m.FromName)), Signature: field("signature", m.Signature),
		Receiving: AccountFields{
			Host: field("receiving_host", in.Host), Port: field("receiving_port", shownPort(f.receivingPort, in.Port)), Security: field("receiving_security", string(in.Security)),
			User: field("receiving_user", in.User), Password: field("receiving_password", ""),
		},
		Sending: AccountFields{
			Host: field("sending_host", out.Host), Port: field("sending_port", shownPort(f.sendingPort, out.Port)), Security: field("sending_security", string(out.Security)),
			User: field("sending_user", out.User), Password: field("sending_password", ""),
		},
		Folders: field("receiving_folder", strings.Join(in.Folders, "\n")), Listed: f.listed, Chosen: in.Folders, All: in.All, MoveTo: field("receiving_move_to", in.MoveTo),
		OAuth: OAuthFields{
			Provider: m.OAuth.Provider, AsApp: m.OAuth.AsApp, Flow: wrong["oauth_flow"], Tenant: field("oauth_tenant", m.OAuth.Tenant), ClientID: field("oauth_client_id", m.OAuth.ClientID),
			ClientSecret: field("oauth_client_secret", ""), AuthURL: field("oauth_auth_url", m.OAuth.AuthURL), TokenURL: field("oauth_token_url", m.OAuth.TokenURL), Scopes: field("oauth_scopes", m.OAuth.Scopes),
		},
	}
}

func shownPort(typed string, n int) string {
	if typed != "" || n <= 0 {
		return typed
	}
	return strconv.Itoa(n)
}

// A typed password is carried over a form that comes back, sealed for this session and for so long, so that nobody has
// to type it again and no page holds it.
const keptLife = 30 * time.Minute

type kept struct {
	Session  int64         `json:"session"`
	Password string        `json:"password"`
	Until    clock.Instant `json:"until"`
}

func (a *Admin) keep(v page.Visit, account string, password secret.Redacted) string {
	if password == "" {
		return ""
	}
	raw, err := json.Marshal(kept{v.Session, password.Reveal(), v.Now.Add(keptLife)})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(a.Site.Key.Seal("typed password "+account, raw))
}

// typed is the password of the form: the one in the field, or the one that a former answer carried.
func (a *Admin) typed(r *http.Request, v page.Visit, account string) secret.Redacted {
	if p := r.PostFormValue(account + "_password"); p != "" {
		return secret.Redacted(p)
	}
	raw, err := base64.RawURLEncoding.DecodeString(r.PostFormValue(account + "_kept"))
	if err != nil || len(raw) == 0 {
		return ""
	}
	plain, err := a.Site.Key.Open("typed password "+account, raw)
	var k kept
	if err != nil || json.Unmarshal(plain, &k) != nil || k.Session != v.Session || k.Until < v.Now {
		return ""
	}
	return secret.Redacted(k.Password)
}
