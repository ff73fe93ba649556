package postfix

import (
	"fmt"
	"strings"

	"goodturn/internal/testserver/guard"
)

// settings is main.cf, less what the options add: 1 queue, 2 data and 3 program folder, 4 domains, 5 the sink's port, 6 certificate, 7 key.
// Delays and limits that guard a server on the open network are off; names are never looked up.
const settings = `compatibility_level = 3.6
queue_directory = %[1]s
data_directory = %[2]s
daemon_directory = %[3]s
maillog_file = /dev/stdout
myhostname = mx.goodturn.test
myorigin = $myhostname
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
alias_database =
local_recipient_maps =
biff = no
smtputf8_enable = yes
recipient_delimiter = +
message_size_limit = 104857600
mailbox_size_limit = 0

relay_domains = %[4]s
default_transport = smtp:[127.0.0.1]:%[5]d
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtp_tls_security_level = none
lmtp_host_lookup = native

queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 1s
in_flow_delay = 0
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_recipient_limit = 1000
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination

smtpd_tls_cert_file = %[6]s
smtpd_tls_key_file = %[7]s
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
`

// mainConfig fills the settings in and says where mail for the domains goes.
func (s *Server) mainConfig(options Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, settings, s.queue(), s.data(), s.daemons, strings.Join(options.Domains, ", "), s.Sink.Port, s.Certificate.File, s.Certificate.Key)
	switch {
	case len(options.Pipe) > 0:
		b.WriteString("relay_transport = program\n")
	case strings.HasPrefix(options.LMTP, "/"):
		fmt.Fprintf(&b, "relay_transport = lmtp:unix:%s\n", options.LMTP)
	case options.LMTP != "":
		fmt.Fprintf(&b, "relay_transport = lmtp:inet:%s\n", bracket(options.LMTP))
	}
	if s.auth != "" {
		fmt.Fprintf(&b, "smtpd_sasl_path = %s\n", s.auth)
	}
	for _, line := range options.Settings {
		b.WriteString(line + "\n")
	}
	return b.String()
}

// bracket writes host:port as Postfix does for hosts that have no mail exchanger: [host]:port.
func bracket(addr string) string {
	host, port, found := strings.Cut(addr, ":")
	if !found {
		return addr
	}
	return "[" + host + "]:" + port
}

// services are the parts that every Postfix has, none in a chroot.
const services = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`

// masterConfig gives master.cf: the two services that listen, Postfix' own, and the command that gets mail.
func (s *Server) masterConfig(options Options) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s inet n - n - - smtpd\n", guard.Address(s.SMTPPort))
	fmt.Fprintf(&b, "%s inet n - n - - smtpd\n  -o syslog_name=postfix/submission -o smtpd_tls_security_level=encrypt\n", guard.Address(s.SubmissionPort))
	b.WriteString("  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject\n")
	if s.auth != "" {
		b.WriteString("  -o smtpd_sasl_auth_enable=yes\n")
	}
	b.WriteString(services)
	if len(options.Pipe) > 0 {
		user := options.User
		if user == "" {
			user = "nobody"
		}
		// R adds Return-Path; one recipient a run is a setting of its own (NAME_destination_recipient_limit).
		fmt.Fprintf(&b, "program unix - n n - 2 pipe\n  flags=R user=%s argv=%s\n", user, strings.Join(options.Pipe, " "))
	}
	return b.String()
}
