package dovecot

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"
)

// withoutIdle is what Dovecot 2.3 offers, less IDLE and what builds on it.
const withoutIdle = "IMAP4rev1 SASL-IR ID ENABLE LITERAL+ SORT THREAD=REFERENCES CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED " +
	"CONDSTORE QRESYNC ESEARCH SPECIAL-USE MOVE"

// settings is dovecot.conf, less what the options add: 1 folder, 2 certificate, 3 key, 4 user and 5 group of the mail, 6 IMAP, 7 IMAPS and 8 LMTP
// port. Delays and limits that guard a server on the open network are off: tests fail logins on purpose and open many connections
// from one address.
const settings = `protocols = imap lmtp
listen = 127.0.0.1
base_dir = %[1]s/run
log_path = %[1]s/log
ssl = required
ssl_cert = <%[2]s
ssl_key = <%[3]s
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 200
mail_uid = %[4]d
mail_gid = %[5]d
first_valid_uid = 1
mail_location = maildir:~/Maildir
lda_mailbox_autocreate = yes
hostname = localhost
postmaster_address = postmaster@localhost
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%%u %[1]s/users
}
userdb {
  driver = static
  args = home=%[1]s/home/%%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    special_use = \Drafts
    auto = create
  }
  mailbox Junk {
    special_use = \Junk
    auto = create
  }
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
  mailbox Trash {
    special_use = \Trash
    auto = create
  }
}
service auth {
  unix_listener %[1]s/auth {
    mode = 0666
  }
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  service_count = 0
  inet_listener imap {
    port = %[6]d
  }
  inet_listener imaps {
    port = %[7]d
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    port = %[8]d
  }
}
`

// withTokens is what is added to take OAuth tokens: 1 folder. The server remembers no answer, so that a token ends when its server says so.
const withTokens = `auth_mechanisms = plain login xoauth2 oauthbearer
auth_cache_size = 0
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = %[1]s/oauth2.conf
}
`

// introspection is oauth2.conf: 1 address of the introspection endpoint, with the name and password that it wants.
const introspection = `introspection_mode = post
introspection_url = %[1]s
username_attribute = email
active_attribute = active
active_value = true
`

// configuration fills the settings in.
func (s *Server) configuration(options Options, owner *syscall.Credential) string {
	var b strings.Builder
	fmt.Fprintf(&b, settings, s.folder, s.Certificate.File, s.Certificate.Key, owner.Uid, owner.Gid, s.STARTTLSPort, s.IMAPSPort, s.LMTPPort)
	if options.Introspection != "" {
		fmt.Fprintf(&b, withTokens, s.folder)
	}
	if options.NoIdle {
		fmt.Fprintf(&b, "imap_capability = %s\n", withoutIdle)
	}
	if os.Geteuid() != 0 {
		b.WriteString(asPlainUser())
	}
	return b.String()
}

// asPlainUser lets every process run as the one user there is: no chroot, no change of user.
func asPlainUser() string {
	name := strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	group := strconv.Itoa(os.Getgid())
	if g, err := user.LookupGroupId(group); err == nil {
		group = g.Name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "default_internal_user = %[1]s\ndefault_login_user = %[1]s\ndefault_internal_group = %[2]s\n", name, group)
	for _, service := range []string{"anvil", "imap-login", "ipc", "stats", "lmtp", "imap-urlauth-login", "old-stats", "director"} {
		fmt.Fprintf(&b, "service %s {\n  chroot =\n}\n", service)
	}
	return b.String()
}
