package mailmsg

import (
	"encoding/binary"
	"sort"
	"strings"
	"time"
)

// This file reads Outlook's .msg files ([MS-OXMSG]): a compound file in which
// every MAPI property of the message is a stream or a slot of a table.

// MAPI property ids of a message that are read, beside those of tnef.go.
const (
	propClass           = 0x001A
	propSubject         = 0x0037
	propSubmitted       = 0x0039
	propSentByName      = 0x0042
	propReplyNames      = 0x0050
	propSentByAddress   = 0x0065
	propHeaders         = 0x007D
	propRecipientType   = 0x0C15
	propSenderName      = 0x0C1A
	propSenderAddress   = 0x0C1F
	propDelivered       = 0x0E06
	propMessageID       = 0x1035
	propReferences      = 0x1039
	propInReplyTo       = 0x1042
	propCreated         = 0x3007
	propAddress         = 0x3003
	propSMTPAddress     = 0x39FE
	propInternetCP      = 0x3FDE
	propMessageCP       = 0x3FFD
	propSenderSMTP      = 0x5D01
	propSentBySMTP      = 0x5D02
	maxOutlookDepth     = 5
	maxOutlookPersons   = 500
	propSendAccount     = 0x0E28
	propNextAccount     = 0x0E29
	propCreatorName     = 0x3FF8
	propCreatorSMTP     = 0x5D0A
	outlookStringNarrow = 0x001E
	outlookStringWide   = 0x001F
	outlookBinary       = 0x0102
	outlookObject       = 0x000D
	outlookTime         = 0x0040
	outlookLong         = 0x0003
)

// outlook is a message read from a .msg file.
type outlook struct {
	class           string
	from            Address
	to, cc, replyTo []Address
	subject         string
	date            time.Time
	id              string
	inReplyTo, refs []string
	headers         []byte // as the mail came over the Internet; empty for others
	body            block
	files           []Attachment
	messages        []*outlook // attached messages, each with the name of its file
	name            string     // what an attached message is called
	place           int        // of an attached message among the files
	unreadable      int        // attachments that could not be read
}

// mapi is the set of properties of one storage.
type mapi struct {
	c       *compound
	streams map[string]compoundEntry
	slots   map[uint32][]byte // tag → the 8 bytes of its value
	page    string            // charset of narrow strings
}

// readOutlook reads a .msg file.
func readOutlook(data []byte) (*outlook, error) {
	c, err := openCompound(data)
	if err != nil {
		return nil, err
	}
	files := maxParts
	o := c.message(c.entries[0], 32, 0, &files)
	if o == nil {
		return nil, errCompound
	}
	return o, nil
}

// properties reads the table of a storage; header is the length of what precedes it.
func (c *compound) properties(storage compoundEntry, header int) *mapi {
	p := &mapi{c: c, streams: map[string]compoundEntry{}, slots: map[uint32][]byte{}, page: "windows-1252"}
	for _, e := range c.list(storage) {
		p.streams[strings.ToLower(e.name)] = e
	}
	table := c.read(p.streams["__properties_version1.0"])
	for b := table[min(header, len(table)):]; len(b) >= 16; b = b[16:] {
		p.slots[binary.LittleEndian.Uint32(b)] = b[8:16]
	}
	for _, id := range []uint32{propMessageCP, propInternetCP} {
		if n, ok := p.long(id); ok && n > 0 {
			p.page = codepageName(n)
		}
	}
	return p
}

func streamName(id uint32, typ uint32) string {
	const digits = "0123456789abcdef"
	name := []byte("__substg1.0_")
	for tag, shift := id<<16|typ, 28; shift >= 0; shift -= 4 {
		name = append(name, digits[tag>>shift&15])
	}
	return string(name)
}

// bytes gives a binary property.
func (p *mapi) bytes(id uint32) []byte {
	e, ok := p.streams[streamName(id, outlookBinary)]
	if !ok {
		return nil
	}
	return p.c.read(e)
}

// text gives a string property, "" when there is none.
func (p *mapi) text(ids ...uint32) string {
	for _, id := range ids {
		if e, ok := p.streams[streamName(id, outlookStringWide)]; ok {
			if s := utf16Text(p.c.read(e)); s != "" {
				return s
			}
		}
		if e, ok := p.streams[streamName(id, outlookStringNarrow)]; ok {
			b := p.c.read(e)
			if i := strings.IndexByte(string(b), 0); i >= 0 {
				b = b[:i]
			}
			if s, _ := toUTF8(b, p.page); s != "" {
				return s
			}
		}
	}
	return ""
}

func (p *mapi) long(id uint32) (uint32, bool) {
	b, ok := p.slots[id<<16|outlookLong]
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint32(b), true
}

// time gives a property that counts 100 ns since 1601, as UTC.
func (p *mapi) time(ids ...uint32) time.Time {
	for _, id := range ids {
		b, ok := p.slots[id<<16|outlookTime]
		if !ok {
			continue
		}
		if n := int64(binary.LittleEndian.Uint64(b)); n > 116444736000000000 && n < 1<<61 {
			n -= 116444736000000000
			return time.Unix(n/1e7, n%1e7*100).UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}

// person gives a mailbox; addresses of a directory (/o=…) are none that mail can go to.
func (p *mapi) person(name uint32, addresses ...uint32) Address {
	a := Address{Name: strings.Trim(p.text(name), "' ")}
	for _, id := range addresses {
		if v := strings.Trim(p.text(id), "'<> "); strings.Contains(v, "@") && !strings.HasPrefix(v, "/") {
			a.Address = v
			break
		}
	}
	if a.Name == a.Address || a.Address == "" && strings.Contains(a.Name, "@") && !strings.ContainsAny(a.Name, " <>") {
		a.Address, a.Name = a.Name, ""
	}
	return a
}

// message reads the message of a storage. files counts down what may still be read.
func (c *compound) message(storage compoundEntry, header, depth int, files *int) *outlook {
	p := c.properties(storage, header)
	if len(p.streams) == 0 {
		return nil
	}
	o := &outlook{
		class: p.text(propClass), subject: strings.TrimSpace(p.text(propSubject)), date: p.time(propSubmitted, propDelivered, propCreated),
		from: p.person(propSentByName, propSentBySMTP, propSentByAddress), headers: []byte(p.text(propHeaders)),
		id: singleID([]byte(p.text(propMessageID))), inReplyTo: messageIDs([]byte(p.text(propInReplyTo))), refs: messageIDs([]byte(p.text(propReferences))),
	}
	if sender := p.person(propSenderName, propSenderSMTP, propSenderAddress); o.from.Address == "" && (sender.Address != "" || o.from.Name == "") {
		o.from = sender
	}
	if o.from.Name != "" && o.from.Address == "" {
		o.from.Address = p.ownAddress(o.from.Name)
	}
	for _, name := range strings.Split(p.text(propReplyNames), ";") {
		if name = strings.TrimSpace(name); strings.Contains(name, "@") {
			o.replyTo = append(o.replyTo, ParseAddresses([]byte(name))...)
		}
	}
	o.readBody(p)
	names := make([]string, 0, len(p.streams))
	for name := range p.streams {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		e := p.streams[name]
		switch {
		case strings.HasPrefix(name, "__recip_version1.0_") && len(o.to)+len(o.cc) < maxOutlookPersons:
			o.addRecipient(c.properties(e, 8))
		case strings.HasPrefix(name, "__attach_version1.0_") && *files > 0:
			*files--
			o.addFile(c, c.properties(e, 8), depth, files)
		}
	}
	return o
}

// ownAddress finds the Internet address of a sender whom Exchange names only by
// its directory: of the account that the mail was sent with, or of its creator.
func (p *mapi) ownAddress(name string) string {
	for _, id := range []uint32{propSendAccount, propNextAccount} {
		if account := p.text(id); strings.Contains(account, "@") {
			return account[strings.LastIndexByte(account, 1)+1:]
		}
	}
	if p.text(propCreatorName) == name {
		return p.text(propCreatorSMTP)
	}
	return ""
}

func (o *outlook) addRecipient(p *mapi) {
	a := p.person(propDisplayName, propSMTPAddress, propAddress)
	if a == (Address{}) {
		return
	}
	switch kind, _ := p.long(propRecipientType); kind {
	case 2:
		o.cc = append(o.cc, a)
	case 3: // a hidden copy is nobody's business
	default:
		o.to = append(o.to, a)
	}
}

func (o *outlook) readBody(p *mapi) {
	o.body.plain = cleanText(p.text(propBody))
	html := p.bytes(propHTML)
	switch {
	case len(html) > 0:
		label := metaCharset(html)
		if label == "" {
			label = p.page
		}
		o.body.html, _ = toUTF8(html, label)
	default:
		o.body.html = p.text(propHTML)
	}
	if o.body.html == "" {
		if rtf, err := inflateRTF(p.bytes(propRTF)); err == nil {
			text, html := readRTF(rtf)
			if o.body.html = html; html == "" && strings.TrimSpace(o.body.plain) == "" {
				o.body.plain = text
			}
		}
	}
	o.body.html = strings.ReplaceAll(o.body.html, "\x00", "")
	o.body.hasHTML = o.body.html != ""
}

// addFile reads one attachment: a file, or a message in a storage of its own.
func (o *outlook) addFile(c *compound, p *mapi, depth int, files *int) {
	a := Attachment{Name: p.text(propLongName, propFileName, propDisplayName), Type: strings.ToLower(p.text(propMIMETag)), ContentID: strings.Trim(p.text(propContentID), "<> ")}
	if inner, ok := p.streams[streamName(propAttachData, outlookObject)]; ok && inner.kind == compoundStorage {
		if depth < maxOutlookDepth {
			if m := c.message(inner, 24, depth+1, files); m != nil && (m.class != "" || m.subject != "" || m.body != (block{})) {
				m.name, m.place = a.Name, len(o.files)
				o.messages = append(o.messages, m)
				return
			}
		}
		o.unreadable++
		return
	}
	a.Data = p.bytes(propAttachData)
	if len(a.Data) == 0 && a.Name == "" {
		return
	}
	o.files = append(o.files, a)
}
