package mailmsg

import (
	"regexp"
	"strings"
)

// Reasons of a bounce, one word each, in the vocabulary of the Sisimai library:
// userunknown, hostunknown, hasmoved, filtered (the recipient's side refused it,
// perhaps because there is no such user), mailboxfull, suspend, exceedlimit,
// mesgtoobig, notaccept, expired, networkerror, systemerror, systemfull,
// mailererror, rejected (the sender), blocked (the sender's host), norelaying,
// requireptr, badreputation, speeding, toomanyconn, authfailure, failedstarttls,
// notcompliantrfc, policyviolation, securityerror, contenterror, spamdetected,
// virusdetected; delivered and feedback; onhold when the report gives no reason,
// undefined when it cannot be understood.

// reasonRule gives the words by which mail systems name one reason.
type reasonRule struct {
	reason string
	words  *regexp.Regexp
}

func rule(reason string, words ...string) reasonRule {
	return reasonRule{reason, regexp.MustCompile(`(` + strings.Join(words, "|") + `)`)}
}

// reasonRules are tried on words in lower case, in order; the first match wins, so the narrow come first.
var reasonRules = []reasonRule{
	rule("hostunknown", `account or domain may not exist`),
	rule("blocked", `relay quota`),
	rule("norelaying", `relay(ing)? (access )?(was )?(denied|not permitted|not allowed|prohibited|disallowed)`, `unable to relay`, `not permitted to relay`, `we do not relay`, `no relaying`, `relay not`, `not configured to relay`, `relay (is )?(forbidden|rejected)`, `email address is not verified`, `not a relay`, `that domain isn't in my list of allowed rcpthosts`, `is not (a )?local(ly)? (domain|handled)`, `not an open relay`, `insecure mail relay`, `this is not a relaying host`, `attempt to relay`),
	rule("requireptr", `reverse (dns|host|mapping|lookup)`, `\bptr\b`, `no reverse`, `(host|ip) ?name lookup.{0,20}fail`, `cannot (find|resolve) your (reverse )?(hostname|address|ip)`, `unable to resolve .{0,40}hostname`, `helo command rejected: host not found`, `unverifyable sending ips`, `fix reverse dns`, `cannot find your hostname`, `dns lookup failure: .{0,80}try again later`, `rdns`),
	rule("failedstarttls", `starttls`, `tls (is )?(required|negotiation)`, `(support|without|require|requires) (a )?tls`, `must issue a starttls`, `tls handshake`),
	rule("authfailure", `dmarc`, `dkim`, `\bspf\b`, `sender policy framework`, `unauthenticated (e-?mail|mail|sender)`, `does not pass (domain )?authentication`, `sender ?id`, `fails? to pass`, `authentication (checks|information)`, `5322\.from`, `not authorized by`),
	rule("badreputation", `reputation`, `\[tss?\d\d\]`, `unexpected volume or user complaints`, `poor .{0,20}score`, `\(\w{0,4}s3\d\d\)`, `cloudmark|csi-global`, `senderscore`),
	rule("toomanyconn", `too many (concurrent |simultaneous )?(smtp )?(connections?|sessions?)`, `connection rate`, `aup#in-13\d\d`, `connections? (limit|count)`, `maximum number of (connections|concurrent)`, `too many smtp sessions`),
	rule("speeding", `rate limit`, `too (fast|many (mails|messages|recipients|e-?mails) (this|per|from|in))`, `receiving mail at a rate`, `sending rate`, `throttl`, `too much mail`, `mail sent to .{0,60}too (fast|many)`, `has been ratelimited`, `please try again slower`, `unusual rate`),
	rule("mesgtoobig", `(message|mail|e-?mail) (size|length)[^\n]{0,30}(too|larger|limit exceeded|exceeds the)`, `(message|mail) (is )?too (big|large|long)`, `line limit exceeded`, `\bmail size limit`, `message file too big`, `this message is larger than`, `data size exceeded`, `(message|data) size limit exceeded`, `exceeded the maximum (incoming )?message size`),
	rule("exceedlimit", `recipsizelimit`, `message (size|length) exceeds`, `message too large for this recipient`, `exceeds? (fixed )?max(imum)? message size`, `user exceeded maximum message size`),
	rule("mailboxfull", `mailbox (is |size |storage )?(full|has exceeded|exceeds|for .{1,80} is full)`, `(over|exceed(s|ed|ing)?|out of|insufficient|reached|exhausted|full) .{0,30}(disk )?(quota|storage)`, `quota (has been |is )?(exceeded|full|violation|exhausted|over)`, `not enough (storage|space|disk)`, `(disk|mail) ?quota`, `(in|mail)box (is |'s )?(full|exceed)`, `user is over`, `over ?quota`, `mailbox .{0,40}quota`, `too much mail data`, `storage (limit|allocation)`, `maildir (over|delivery failed: .{0,60}quota)`, `exceeded storage`, `mailbox exceeded`, `mailbox exceeds`, `messages in recipient's mailbox exceeded`, `quota .{0,40}(exceed|full|limit)`, `has no (more )?space`, `full mailbox`, `mailbox_full`, `boîte .{0,20}pleine`, `postfach .{0,20}voll`, `casilla .{0,20}llena`, `ящик .{0,20}переполнен`, `exceeded the (quota|space)`, `account is full`, `no space left for this user`, `recipient's mailbox is full`, `容量`),
	rule("systemfull", `mail system full`, `(file ?system|disk|server|system)('s disk)? (is )?full`, `no space left`, `insufficient (disk space|system (storage|resources))`, `out of (disk|memory)`, `mail (server|system) is full`),
	rule("suspend", `(account|mailbox|user|recipient|address|e-?mail)[^\n]{0,40}(disabled|suspended|inactive|deactivated|locked|not active|frozen|temporarily (unavailable|limited|suspended)|discontinued|closed due|blocked due to inactivity|expired|not currently active)`, `inactive (user|account|mailbox)`, `disabled (user|account|mailbox)`, `mailbox currently suspended`, `due to extended inactivity`, `no longer accepts mail`, `boite du destinataire archivee`, `suspended (user|account)`, `account (that you tried to reach )?is (inactive|over its inactivity)`, `is a deactivated`, `user .{0,40}no longer active`),
	rule("hasmoved", `(has|have) moved`, `moved to new address`, `new (e-?mail )?address is`, `address has (been )?changed`, `has been replaced by`, `please use the new address`, `has left the (company|organi[sz]ation)`),
	rule("notaccept", `null ?mx`, `does(n't| not) (accept|receive) (any )?(e-?mail|mail|internet)`, `not accept(ing)? (any )?(mail|network|smtp|messages)`, `name server: \.: host not found`, `(couldn't|could not|cannot) find a mail exchanger`, `no mx (record|host)?s? ?(found|exist)?`, `system not accepting network messages`, `smtp protocol (diag|returned).{0,40}no mx`, `host/domain does not accept`, `does not like email`),
	rule("virusdetected", `virus`, `malware`, `infected`, `trojan`, `\bworm\b`, `has detected .{0,30}threat`),
	rule("spamdetected", `\bspam\b`, `\bube\b`, `unsolicited`, `junk ?mail`, `content (is )?(spam|looks like)`, `content rejected`, `spam(my|like|ming|assassin)`, `bulk e-?mail filter`, `spamsignature`, `looks like spam`, `\bscore .{0,30}too high`, `rejected by .{0,20}(spam|anti)`),
	rule("policyviolation", `potential security issue`, `content presents a potential`, `attachment.{0,30}(not allowed|blocked|type|forbidden)`, `header error`, `prohibited by policy`, `message (was |has been )?blocked because`, `violat(es|ion of|ed) .{0,40}policy`, `policy (violation|rejection|reasons?)`, `due to .{0,40}(policy|policies)`, `executable (files?|attachment)`, `disallowed (attachment|content)`, `suspicious (content|attachment)`, `not allowed by policy`, `denied by policy`, `because the recipient is not accepting mail with (attachments|embedded images)`, `protocol violation`, `bad header`, `email rejected due to security policies`, `we do not accept messages containing images`),
	rule("blocked", `black ?list`, `\brbl\b`, `\bdnsbl\b`, `spamhaus`, `spamcop`, `barracudacentral`, `block ?list`, `blocked (using|by|for|due|from)`, `ip (address )?.{0,40}(blocked|banned|rejected)`, `client host .{0,60}(rejected|blocked)`, `access denied.{0,20}ip`, `(your|sending) (ip|network|host|server|mail server) .{0,30}(is|has been|was) (blocked|banned|rejected)`, `bad sender ip`, `connection refused by`, `use the smtp server of your isp`, `my name was rejected`, `service refuse`, `invalid ip for sending`, `not accepting connections`, `your e-?mail is redundant`, `weren't sent.{0,120}(network|ip address)`, `unwanted messages have been sent from`, `too many (unwanted|bad|invalid|errors|spams?)`, `refused to talk to me`, `service (not available|unavailable), closing (transmission|connection)`, `banned sending ip`, `dynamic (ip|pool|address)`, `dial-?up`, `open (proxy|relay)`, `bogus helo`, `invalid helo`, `helo .{0,40}(rejected|invalid|refused)`, `no access from mail server`, `unable to receive mail from your`, `connection (dropped|denied|rejected) (by|due)`, `we('ve| have) been blocked`, `mail from .{0,40}(ip|network|host) .{0,20}(refused|denied|not accepted)`, `rejecting (mail|connection)`, `your (access|server) .{0,30}(denied|has been (temporarily )?rejected)`, `we have refused`, `hosts with dynamic`, `permanently deferred`, `csi.cloudmark`, `email blocked by`, `unacceptable mail server`),
	rule("notcompliantrfc", `rfc ?-?(2822|5322|5321|1123)`, `(not|non)[ -].{0,20}(rfc|compliant)`, `multiple (addresses|from)`, `bare (lf|cr)`, `duplicate header`, `(missing|invalid|multiple|duplicate) .{0,20}\b(from|message-id|date|subject|to):? (header|field)`, `this message is not rfc`, `headers? (are|is) not accepted`),
	rule("contenterror", `headers? (are |is |line )?too (large|long|big)`, `content (was )?.{0,20}(error|not accept|invalid)`, `improper use of 8-bit`, `message (header|body) .{0,20}(size|illegal)`, `mime (error|header)`, `illegal (header|character)`, `too many (mime|received) (parts|headers)`, `8bit`),
	rule("securityerror", `(turn(ed)? on|requires?|need) (smtp )?auth`, `authentication (is )?(required|failed|credentials|turned on)`, `must be authenticated`, `account subject to recent password`, `security (policy|violation|problem|reason)`, `verification failure`, `insecure`, `unauthenticated senders not allowed`, `executable`, `not authenticated`, `smtp authentication`, `encrypt(ion|ed)? .{0,20}(required|needed)`, `resolver\.rst\.(authrequired|notauthorized|.*restricted)`),
	rule("rejected", `(purported|responsible) (responsible )?address`, `sender (address )?.{0,60}(rejected|denied|refused|blocked|not (verified|exist|valid|allowed)|does not exist|unknown|invalid)`, `(unroutable|unrouteable|invalid|unknown|bad|bogus|unverified|forged|unauthorized|verify|verifying|validate) sender`, `sender('s)? .{0,40}domain`, `domain of (the )?sender`, `address .{0,20}blacklist`, `mail from.{0,60}(rejected|refused|denied|not owned|not accept)`, `not (allowed|authorized|permitted) to (send|post)`, `backscatter`, `from address`, `all recipient addresses rejected`, `could not be verified for address`, `rejected by the mailing list`, `you may not have permission to post`, `groups\.google\.com/support`, `not (a )?(member|subscrib)`, `only (members|subscribers)`, `empty envelope senders?`, `envelope ?sender`, `null sender`, `does not accept bounces`, `access denied.{0,40}sender`, `return(-| )path`, `who are you`, `spf.{0,20}sender rejected`),
	rule("mailererror", `mailer error`, `command (failed|died|not found|output|terminated|died)`, `exit(ed)? (status|code|value)`, `x-unix`, `(program|pipe|filter) .{0,30}(failed|error|exited)`, `pipe to \|`, `bad interpreter`, `procmail`, `delivery agent`, `died of signal`, `child crashed`),
	rule("systemerror", `transaction failed`, `system (error|config|resources|temporarily)`, `internal (software |system |server )?error`, `local (configuration )?error`, `i/o error`, `configuration error`, `lmtp .{0,20}error`, `local configuration`, `interrupted system call`, `server configuration`, `insufficient permission`, `can't open mailbox`, `cannot (open|create|lock|append)`, `timeout waiting for input from`, `unable to (write|append|store|create)`, `misconfigur`, `mapi allocation`, `recipient deferred because there is no mdb`, `storedrv`, `address family mismatch`, `temporary (local )?(problem|error)`, `: temporary failure`, `requested action aborted`, `local error in processing`, `server error`, `service (is )?(currently |temporarily )?unavailable$`),
	rule("networkerror", `dns type '`, `try again$`, `host not found, try again`, `malformed or unexpected name server`, `dns query failed`, `temporary (dns|lookup)`, `name server (timeout|fail)`, `network (error|is unreachable|unreachable|dead)`, `no route to host`, `mail( is)? loop`, `loops? back`, `too many hops`, `hop ?count`, `maximum hop`, `routing loop`, `(mail )?forwarding loop`, `connection (reset|closed|lost|dropped)`, `lost connection`, `broken pipe`, `conversation .{0,40}timed out`, `could not (connect|establish)`, `unable to connect`, `host .{0,40}(unreachable)`, `host is unreachable`, `could(n't| not) be reached due to`, `bad file descriptor`, `dns (server )?(returned|time|temporary)`, `loop detected`, `received:? (header|count|line).{0,30}(exceed|too many)`, `service not available.{0,20}connect`),
	rule("expired", `(delivery time|envelope|message|retry|queue|mail)[^\n]{0,12} ?(has )?(expired|timed? ?out)`, `connection timed ?out`, `time(d)? ?out`, `too old`, `could not be delivered (for|within|after)`, `was not delivered within`, `not (yet )?(been )?delivered .{0,40}(hours|days|minutes)`, `delayed`, `still trying`, `will (retry|keep trying|be retried)`, `retry time`, `queue (life)?time`, `(in|on) (the )?queue (too|for)`, `exceeded time`, `no longer on server`, `been (attempt|try)ing`, `delivery temporarily`, `gave up`, `stopped trying`, `delivery failed \d+ attempts`, `failing for a long time`, `not accept our requests to connect`, `not responding`, `not respond`, `not reachable`, `deferred`, `zeit überschritten`, `connection refused`, `refused to accept a connection`, `temporarily (deferred|rejected)`, `attempts? to deliver`, `retries`, `in the queue too long`, `couldn't be reached`, `giving up`),
}

// Words that say an address or host does not exist. What they mean depends on
// where in the dialogue they were said.
var (
	// Said by the system that knows its users, outside of any dialogue.
	surelyUnknown = regexp.MustCompile(`(not (listed|found) in .{0,40}(directory|name & address|address book)|recipient name is not recogni[sz]ed|mail\.local: unknown user|no valid recipients for this|delivery error: dd this user doesn|couldn't find .{0,60}in .{0,30}(directory|address)|unknown local[ -]?part|unknown x\.?400|^\s*unknown recipient|resolver\.adr\.(recip|ex)|user .{0,80} not listed|no mailbox here by that name|550 .{0,30}no such (local )?user here|#5\.1\.1|there is no user by that name|the gateway could not find|couldn't be found( or is unable)? at|email address you entered couldn't be found|^<?\S+@\S+>? rejected\.?$)`)
	unknownUser   = regexp.MustCompile(`(user unknown|unknown (user|recipient|address|local|account|mailbox|e-?mail)|no such (user|recipient|address|mailbox|account|person|local|e-?mail|customer)|(user|recipient|mailbox|account|address|rcpt|inbox|customer)[^\n]{0,60}(not found|does ?n[o']t exist|not exist|unknown|unavailable|not known|invalid|no longer|not listed|undeliverable|not valid|not available|is not (on|at|in) )|invalid (recipient|user|address|mailbox|local|e-?mail)|not a (valid|known|local|registered) (user|recipient|mailbox|address|account)|does(n't| not) exist|no (valid |such )?(mailbox|recipients?|user)\b|nicht gefunden|unbekannt|unrouteable address|not found in|bad destination mailbox|is not a (mailbox|user|valid|known)|no mail ?box|doesn't have an? .{0,40} ?account|not our customer|recipnotfound|recipient not|unable to find .{0,20}(user|recipient)|no account|not registered|wasn't found|couldn't be found|address not found|email account that you tried to reach|no existe|n'existe pas|inconnu|desconocid|desconhecid|sconosciut|onbekend|okänd|ukjent|ukendt|nieznany|neznám|не существует|не найден|неизвест|존재하지|不存在|見つから|存在しません|cannot (find|deliver to) (the )?(user|recipient)|mailbox unavailable|unable to validate recipient|address is (rejected|unknown))`)
	unknownHost   = regexp.MustCompile(`(host (or domain name )?(unknown|not found)|unknown (host|domain)|(domain|host)( name)?( [^\s:]+){0,3} (not found|does ?n[o']t exist|not exist|unknown|couldn't be found|may not exist|is not valid|invalid)|account or domain may not exist|no such (host|domain)|name service error|couldn't find any host|bad destination (system|host|domain)|unable to (resolve|look ?up|route)|nxdomain|no mail exchanger|unrouteable (mail domain|address)|illegal (host|domain)|dns (lookup )?(error|fail)|invalid (domain|host)|routing error: no .{0,30}host|no (dns|a) record|bad host|domain is not reachable|unroutable|lookup .{0,30}failed)`)
	namesUser     = regexp.MustCompile(`\b(user|mailbox|account|customer|inbox)\b`)
	refusedPlain  = regexp.MustCompile(`(access denied|rejected|refused|denied|not accept|not allowed|prohibited|banned|polic(y|ies)|suspicious)`)
	filteredWords = regexp.MustCompile(`(filter|not want to receive|refused (mail|by)|recipient (refused|reject)|server rejected|undeliverable: |this mail is .{0,20}reject|recipient address rejected|because of protection settings|rejected by recipient|access (was )?rejected|permanent failure: )`)
	// Notes about the whole report that say more than what stands at the recipient.
	reportWords = []reasonRule{
		rule("suspend", `user\(s\) account is (disabled|temporarily limited)`),
		rule("expired", `was not delivered within \d+ days? and \d+ hours?`),
		rule("mailboxfull", `as their mailbox is full`),
	}
	linkQuery    = regexp.MustCompile(`(https?://[^\s?]*)\?\S*`)
	codesInWords = regexp.MustCompile(`\s+|\b[245]\d\d[ -]?(?:#?[245]\.\d{1,3}\.\d{1,3}\b)?`)
)

// statusReasons tells the reason by subject and detail of a status.
var statusReasons = map[string]string{
	"1.1": "userunknown", "1.0": "userunknown", "1.2": "hostunknown", "1.3": "userunknown", "1.4": "userunknown", "1.6": "hasmoved", "1.7": "rejected", "1.8": "rejected", "1.9": "userunknown", "1.10": "userunknown", "1.20": "rejected",
	"2.0": "filtered", "2.1": "suspend", "2.2": "mailboxfull", "2.3": "exceedlimit", "2.4": "filtered", "2.121": "speeding", "2.122": "exceedlimit", "3.0": "systemerror", "3.1": "systemfull", "3.2": "notaccept", "3.3": "systemerror", "3.4": "mesgtoobig", "3.5": "systemerror",
	"4.1": "expired", "4.2": "networkerror", "4.3": "networkerror", "4.4": "hostunknown", "4.5": "systemfull", "4.6": "networkerror", "4.7": "expired", "4.14": "networkerror", "4.300": "expired", "4.310": "networkerror", "4.312": "networkerror", "4.316": "expired",
	"5.3": "exceedlimit", "6.0": "contenterror", "6.1": "contenterror", "6.2": "contenterror", "6.3": "contenterror", "6.5": "contenterror", "6.7": "contenterror",
	"7.1": "blocked", "7.2": "filtered", "7.3": "rejected", "7.5": "securityerror", "7.6": "securityerror", "7.7": "authfailure", "7.8": "securityerror", "7.9": "securityerror", "7.13": "suspend", "7.17": "hasmoved",
	"7.20": "authfailure", "7.21": "authfailure", "7.22": "authfailure", "7.23": "authfailure", "7.24": "authfailure", "7.25": "requireptr", "7.26": "authfailure", "7.27": "notaccept", "7.28": "speeding", "7.64": "norelaying", "7.124": "rejected", "7.133": "rejected", "7.509": "authfailure",
	"7.501": "spamdetected", "7.502": "spamdetected", "7.503": "spamdetected", "7.508": "toomanyconn", "7.511": "blocked", "7.515": "authfailure", "7.606": "blocked", "7.650": "badreputation", "7.705": "speeding", "7.708": "blocked",
}

// exitReasons tells the reason by what a program exited with (sysexits.h).
var exitReasons = map[string]string{"67": "userunknown", "68": "hostunknown", "71": "systemerror", "74": "systemerror", "77": "systemerror", "78": "systemerror", "": "mailererror", "1": "mailererror", "2": "mailererror", "127": "mailererror", "255": "mailererror"}

// diagnosis is what is known about one refusal.
type diagnosis struct {
	status string // "" or an enhanced code
	step   string // one of the steps, or ""
	words  string // what was said
	unix   bool   // said by a program on the receiving host, not in a dialogue
}

// tidy gives the words in lower case, without codes and line ends, and the code without its class.
func (d diagnosis) tidy() (words, subject string) {
	words = d.words[:min(len(d.words), 8192)]
	words = strings.TrimSpace(codesInWords.ReplaceAllString(linkQuery.ReplaceAllString(strings.ToLower(words), "$1"), " "))
	if len(d.status) > 2 {
		subject = d.status[2:]
	}
	return words, subject
}

// coded gives the reason that the code names, or else the plain words of a refusal;
// "" when nothing tells.
func (d diagnosis) coded() string {
	words, subject := d.tidy()
	if d.step == stepMail && (subject == "7.1" || subject == "0.0" || subject == "") && refusedPlain.MatchString(words) {
		return "rejected"
	}
	if r, ok := statusReasons[subject]; ok {
		if subject == "4.1" && d.status[0] == '5' {
			r = "rejected"
		}
		return r
	}
	if words == "" {
		return ""
	}
	switch {
	case filteredWords.MatchString(words):
		return "filtered"
	case refusedPlain.MatchString(words), d.step == stepConnect:
		return "blocked"
	}
	return ""
}

// named gives the reason that the words name, or "".
func (d diagnosis) named() string {
	words, subject := d.tidy()
	if subject == "1.8" || subject == "1.7" {
		return "rejected" // the sender's address, not the recipient's
	}
	if d.unix {
		if r, ok := exitReasons[strings.TrimSpace(d.words)]; ok {
			return r
		}
	}
	if words == "" {
		return ""
	}
	if surelyUnknown.MatchString(words) {
		return "userunknown"
	}
	absent := unknownUser.MatchString(words)
	for _, r := range reasonRules {
		if !r.words.MatchString(words) {
			continue
		}
		switch {
		case absent && (r.reason == "expired" || r.reason == "systemerror" || r.reason == "networkerror" || r.reason == "securityerror"):
			continue // what the system did after it heard that there is no such user
		case r.reason == "mailererror" && absent && !d.unix:
			continue
		case r.reason == "rejected" && absent && d.step == stepRcpt:
			continue
		case r.reason == "mesgtoobig" && subject == "2.3":
			return "exceedlimit"
		case r.reason == "exceedlimit" && subject == "3.4":
			return "mesgtoobig"
		case subject == "4.7" && (r.reason == "networkerror" || r.reason == "blocked" || r.reason == "systemerror"):
			return "expired"
		}
		return r.reason
	}
	switch {
	case d.step == stepMail && (absent || unknownHost.MatchString(words)):
		return "rejected"
	case absent && d.step == stepRcpt && namesUser.MatchString(words):
		return "userunknown"
	case unknownHost.MatchString(words) && !saysUnknown(subject):
		return "hostunknown"
	case d.unix && !(absent && saysUnknown(subject)):
		return "mailererror"
	case absent && (d.step == stepRcpt || saysUnknown(subject)):
		return "userunknown"
	case absent:
		// Said before or after the recipient was named, or who knows when: some hosts
		// answer so to everything they do not want.
		return "filtered"
	}
	return ""
}

// saysUnknown is true for the codes of a wrong recipient address (RFC 3463 §3.2).
func saysUnknown(subject string) bool {
	return statusReasons[subject] == "userunknown"
}

// hardBounce is true when the address will never work: nobody of that name, no
// such host, moved away, or a host that takes no mail at all.
func hardBounce(reason, status, reply string) bool {
	switch reason {
	case "userunknown", "hostunknown", "hasmoved", "notaccept":
		return strings.HasPrefix(status, "5") || status == "" && strings.HasPrefix(reply, "5")
	}
	return false
}
