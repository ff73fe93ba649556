package mailmsg

import (
	"regexp"
	"strings"
)

// reasonRule gives the words by which mail systems name one reason.
type reasonRule struct {
	reason string
	words  *regexp.Regexp
}

func rule(reason string, words ...string) reasonRule {
	return reasonRule{reason, regexp.MustCompile(`(?i)(` + strings.Join(words, "|") + `)`)}
}

// reasonRules are tried in order; the first match wins, so the narrow come first.
var reasonRules = []reasonRule{
	rule("authfailure", `dmarc`, `dkim`, `\bspf\b`, `sender policy framework`, `unauthenticated (e-?mail|mail|sender)`, `does not pass (domain )?authentication`),
	rule("requireptr", `reverse (dns|host)`, `\bptr\b`, `no reverse`, `hostname lookup.{0,20}fail`, `cannot find your (reverse )?hostname`, `unable to resolve .{0,40}hostname`, `helo command rejected: host not found`),
	rule("mailboxfull", `mailbox (is )?(full|has exceeded|exceeds|size|for .{1,80} is full)`, `(over|exceed(s|ed|ing)?|out of|insufficient) .{0,30}(quota|storage)`, `quota (exceeded|full|violation)`, `not enough (storage|space)`, `disk quota`, `inbox (is )?full`, `user is over`, `over ?quota`, `mailbox .{0,40}quota`, `too much mail data`, `storage (limit|allocation)`, `maildir (over|delivery failed: .{0,60}quota)`, `exceeded storage`),
	rule("mesgtoobig", `message (size|length).{0,30}(exceed|too|limit|larger)`, `message (is )?too (big|large)`, `exceeds? .{0,40}(size limit|maximum message size|size)`, `max(imum)? message size`, `too large`),
	rule("virusdetected", `virus`, `malware`, `infected`),
	rule("spamdetected", `\bspam\b`, `unsolicited`, `junk mail`, `content (is )?(spam|looks like)`),
	rule("badreputation", `reputation`, `poor .{0,20}score`, `very low reputation`),
	rule("blocked", `blacklist`, `black list`, `\brbl\b`, `\bdnsbl\b`, `spamhaus`, `blocklist`, `block list`, `blocked (using|by|for|due)`, `ip (address )?.{0,40}(blocked|banned|rejected)`, `client host .{0,60}(rejected|blocked)`, `access denied.{0,20}ip`, `your (ip|network|host) .{0,30}(is|has been) (blocked|banned)`, `bad sender ip`, `connection refused by policy`),
	rule("norelaying", `relay(ing)? (access )?(denied|not permitted|not allowed|prohibited)`, `unable to relay`, `not permitted to relay`, `relaying denied`, `we do not relay`, `no relaying`, `relay not`),
	rule("failedstarttls", `starttls`, `tls (required|negotiation)`),
	rule("toomanyconn", `too many (concurrent )?(connection|session)`, `connection rate`),
	rule("speeding", `rate limit`, `too (fast|many mails|many messages)`, `receiving mail at a rate`, `sending rate`, `throttl`, `too much mail`),
	rule("notcompliantrfc", `rfc ?-?(2822|5322|822)`, `not .{0,20}compliant`, `multiple from`, `bare lf`),
	rule("suspend", `(account|mailbox|user|recipient|address).{0,40}(disabled|suspended|inactive|deactivated|locked|not active|frozen|temporarily unavailable)`, `inactive (user|account|mailbox)`, `disabled (user|account|mailbox)`, `mailbox currently suspended`),
	rule("userunknown", `user unknown`, `unknown (user|recipient|address|local|account|mailbox)`, `no such (user|recipient|address|mailbox|account|person|local)`, `(user|recipient|mailbox|account|address|rcpt).{0,60}(not found|does ?n[o']t exist|not exist|unknown|unavailable|not known|invalid|no longer|not listed|undeliverable)`,
		`invalid (recipient|user|address|mailbox|local)`, `not a (valid|known) (user|recipient|mailbox|address)`, `does not exist`, `no (valid )?(mailbox|recipient)`, `nicht gefunden`, `unbekannt`, `unrouteable address`, `address rejected`, `not found in`, `bad destination mailbox`, `is not a (mailbox|user)`, `no mail ?box`, `doesn't have a .{1,40} account`, `not our customer`, `recipnotfound`, `recipient not`, `user .{0,40} not`, `unable to find .{0,20}(user|recipient)`, `no account`, `not registered`, `wasn't found`, `couldn't be found`, `recipient name is not recogni[sz]ed`, `account or domain may not exist`, `address not found`),
	rule("hostunknown", `host (or domain name )?(unknown|not found)`, `unknown host`, `(domain|host)( name)?.{0,60}(not found|does ?n[o']t exist|not exist|unknown)`, `no such (host|domain)`, `name service error`, `couldn't find any host`, `bad destination (system|host|domain)`, `unable to (resolve|look up)`, `nxdomain`, `no (mx|mail exchanger)`, `unrouteable mail domain`, `illegal host`, `dns (lookup )?(error|fail)`, `recipient.{0,20}domain`),
	rule("notaccept", `does not accept (mail|any)`, `not accept(ing)? mail`, `null mx`, `nullmx`, `doesn't accept`),
	rule("networkerror", `connection (timed out|refused|reset|dropped|closed|lost)`, `network (error|is unreachable|unreachable)`, `no route to host`, `could not connect`, `unable to connect`, `mail loop`, `loops? back`, `too many hops`, `hop count`, `host .{0,40}(not responding|unreachable)`, `temporary (dns|lookup)`, `routing loop`, `lost connection`, `conversation .{0,40}timed out`),
	rule("systemfull", `(system|file ?system|disk) (is )?full`, `no space left`),
	rule("securityerror", `authentication (required|failed|turned on)`, `security`, `must be authenticated`, `executable`, `attachment.{0,30}(not allowed|blocked|type)`),
	rule("policyviolation", `policy`, `policies`, `prohibited`, `sender .{0,30}not allowed`, `administrative prohibition`, `suspicious`),
	rule("contenterror", `content .{0,20}(rejected|error|not accept)`, `message rejected due to content`, `improper use of 8-bit`),
	rule("rejected", `sender (address )?.{0,40}(rejected|denied|refused|blocked|not (verified|exist))`, `sender.{0,40}domain`, `address .{0,20}blacklist`, `mail from.{0,60}(rejected|refused|denied)`, `not (allowed|authorized) to send`, `unauthorized sender`, `backscatter`, `from address`),
	rule("expired", `delivery time.{0,3} ?(expired|out)`, `time(d)? ?out`, `message (has )?expired`, `too old`, `could not be delivered for`, `not (yet )?(been )?delivered .{0,40}(hours|days)`, `delayed`, `still trying`, `will (retry|keep trying|be retried)`, `retry time ?out`, `retry timeout exceeded`, `queue (life)?time`, `in queue (too|for)`, `exceeded time`, `no longer on server`, `been (attempt|try)ing`, `ausgestellt werden`, `delivery temporarily`, `gave up`, `given up`),
	rule("filtered", `filter`, `not want to receive`, `refused (mail|by)`, `recipient (refused|reject)`, `due to extended inactivity`, `server rejected`, `undeliverable: `, `this mail is .{0,20}reject`),
	rule("mailererror", `mailer error`, `command (failed|output|died|not found)`, `exit (status|code)`, `x-unix`, `local delivery agent`, `(program|pipe) .{0,30}(failed|error)`, `bad interpreter`),
	rule("systemerror", `system (error|config|resources)`, `internal (server )?error`, `local error`, `server error`, `i/o error`, `configuration error`, `lmtp .{0,20}error`, `loop(s|ing)? to`, `local configuration`, `interrupted system call`),
	rule("blocked", `access denied`, `rejected`, `refused`, `denied`),
}

var statusReasons = map[string]string{
	"1.1": "userunknown", "1.0": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.6": "hasmoved", "1.7": "rejected", "1.8": "rejected", "1.9": "userunknown", "1.10": "notaccept",
	"2.1": "suspend", "2.2": "mailboxfull", "2.3": "mesgtoobig", "2.0": "filtered", "3.1": "systemfull", "3.4": "mesgtoobig", "3.2": "notaccept", "4.1": "expired", "4.2": "networkerror", "4.3": "networkerror", "4.4": "hostunknown", "4.5": "speeding", "4.6": "networkerror", "4.7": "expired",
	"7.1": "blocked", "7.7": "authfailure", "7.20": "authfailure", "7.21": "authfailure", "7.22": "authfailure", "7.23": "authfailure", "7.24": "authfailure", "7.25": "requireptr", "7.26": "authfailure", "7.27": "notaccept",
}

// bounceReason gives one word for why a mail was not delivered; "undefined" when
// nothing tells.
func bounceReason(status, reply, words string) string {
	if len(words) > 8192 {
		words = words[:8192]
	}
	if len(status) == 5 && (status[2:] == "1.8" || status[2:] == "1.7") {
		return "rejected" // the sender's address, not the recipient's
	}
	if words != "" {
		for _, r := range reasonRules {
			if r.words.MatchString(words) {
				return r.reason
			}
		}
	}
	if len(status) > 2 {
		if r, ok := statusReasons[status[2:]]; ok {
			return r
		}
		if status[0] == '2' {
			return "delivered"
		}
	}
	return "undefined"
}

// hardBounce is true when the address will never work: nobody of that name, no
// such host, moved away, or a host that takes no mail at all.
func hardBounce(reason, status, reply string) bool {
	switch reason {
	case "userunknown", "hostunknown", "hasmoved":
		return !strings.HasPrefix(status, "4") && !(status == "" && strings.HasPrefix(reply, "4"))
	case "notaccept":
		return strings.HasPrefix(status, "5") || strings.HasPrefix(reply, "5")
	}
	return false
}
