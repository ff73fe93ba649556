package mailmsg

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
)

// This file reads winmail.dat: the Transport Neutral Encapsulation Format in which
// Outlook and Exchange pack attachments and body ([MS-OXTNEF]; properties as in
// [MS-OXPROPS]).

const tnefSignature = 0x223E9F78

// TNEF attribute ids that are read (the low word of the attribute).
const (
	attrAttachData    = 0x800F
	attrAttachTitle   = 0x8010
	attrAttachRender  = 0x9002
	attrProperties    = 0x9003
	attrAttachment    = 0x9005
	attrCodepage      = 0x9007
	attrBody          = 0x800C
	attrSubject       = 0x8004
	attrAttachLevel   = 2
	maxTNEFProperties = 5000
)

// MAPI property ids that are read.
const (
	propBody        = 0x1000
	propRTF         = 0x1009
	propHTML        = 0x1013
	propAttachData  = 0x3701
	propFileName    = 0x3704
	propLongName    = 0x3707
	propMIMETag     = 0x370E
	propContentID   = 0x3712
	propDisplayName = 0x3001
)

// tnef is the content of a winmail.dat.
type tnef struct {
	codepage string
	subject  string
	from     Address
	plain    string
	html     []byte
	rtf      []byte
	files    []Attachment
}

var errTNEF = errors.New("not a TNEF stream")

// readTNEF reads a stream as far as it goes. It fails only when nothing could be
// read of it.
func readTNEF(data []byte) (*tnef, error) {
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		return nil, errTNEF
	}
	t := &tnef{codepage: "windows-1252"}
	data = data[6:]
	read := 0
	for len(data) >= 11 && len(t.files) < maxParts {
		level, id := data[0], binary.LittleEndian.Uint32(data[1:])
		size := uint64(binary.LittleEndian.Uint32(data[5:]))
		data = data[9:]
		if size > uint64(len(data)) {
			break
		}
		value := data[:size]
		t.attribute(level, uint16(id), value)
		read++
		if uint64(len(data)) < size+2 {
			break
		}
		data = data[size+2:]
	}
	if read == 0 {
		return nil, errTNEF
	}
	return t, nil
}

func (t *tnef) attribute(level byte, id uint16, value []byte) {
	if level == attrAttachLevel {
		if id == attrAttachRender {
			t.files = append(t.files, Attachment{})
			return
		}
		if len(t.files) == 0 {
			return
		}
		file := &t.files[len(t.files)-1]
		switch id {
		case attrAttachTitle:
			if file.Name == "" {
				file.Name = t.text(value)
			}
		case attrAttachData:
			file.Data = value
		case attrAttachment:
			for _, p := range t.properties(value) {
				p.describe(file)
			}
		}
		return
	}
	switch id {
	case attrCodepage:
		if len(value) >= 4 {
			t.codepage = codepageName(binary.LittleEndian.Uint32(value))
		}
	case attrSubject:
		t.subject = t.text(value)
	case attrBody:
		t.plain = t.text(value)
	case attrProperties:
		for _, p := range t.properties(value) {
			t.property(p)
		}
	}
}

// property copies what a property says about the message.
func (t *tnef) property(p property) {
	switch p.id {
	case propSubject:
		t.subject = p.text
	case propSenderName:
		t.from.Name = p.text
	case propSenderAddress, propSenderSMTP:
		if strings.Contains(p.text, "@") {
			t.from.Address = p.text
		}
	case propBody:
		t.plain = p.text
	case propHTML:
		t.html = p.data
		if len(p.data) == 0 {
			t.html = []byte(p.text)
		}
	case propRTF:
		if rtf, err := inflateRTF(p.data); err == nil {
			t.rtf = rtf
		}
	}
}

func codepageName(n uint32) string {
	switch {
	case n >= 1250 && n <= 1258:
		return "windows-125" + string(rune('0'+n-1250))
	case n == 65001:
		return "utf-8"
	case n == 932:
		return "shift_jis"
	case n == 936:
		return "gbk"
	case n == 949:
		return "euc-kr"
	case n == 950:
		return "big5"
	}
	return "windows-1252"
}

func (t *tnef) text(b []byte) string {
	if i := strings.IndexByte(string(b), 0); i >= 0 {
		b = b[:i]
	}
	s, _ := toUTF8(b, t.codepage)
	return s
}

// property is one MAPI property; text is set for strings, data for binary values.
type property struct {
	id   uint16
	text string
	data []byte
}

// describe copies what a property says about an attachment.
func (p property) describe(file *Attachment) {
	switch p.id {
	case propLongName:
		if p.text != "" {
			file.Name = p.text
		}
	case propFileName, propDisplayName:
		if file.Name == "" {
			file.Name = p.text
		}
	case propMIMETag:
		file.Type = strings.ToLower(p.text)
	case propContentID:
		file.ContentID = strings.Trim(p.text, "<> ")
	case propAttachData:
		if len(file.Data) == 0 {
			file.Data = p.data
			// An embedded message or OLE object begins with the id of its interface.
			if len(p.data) > 16 && p.data[8] == 0xC0 && p.data[15] == 0x46 {
				file.Data = p.data[16:]
			}
		}
	}
}

// cursor reads little-endian values; after the end every read gives zero.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.b) {
		c.bad, c.b = true, nil
		return nil
	}
	v := c.b[:n]
	c.b = c.b[n:]
	return v
}

func (c *cursor) word() uint32 {
	if v := c.take(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

// padded takes n bytes and what fills them up to a multiple of four.
func (c *cursor) padded(n uint32) []byte {
	if uint64(n) > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	v := c.take(int(n))
	c.take(min((4-int(n)%4)%4, len(c.b)))
	return v
}

// properties reads a list of MAPI properties ([MS-OXTNEF] §2.1.3.4).
func (t *tnef) properties(b []byte) []property {
	c := &cursor{b: b}
	count := c.word()
	var list []property
	for range min(count, maxTNEFProperties) {
		head := c.word()
		typ, id := uint16(head), uint16(head>>16)
		if id >= 0x8000 {
			c.take(16)
			if kind := c.word(); kind == 0 {
				c.word()
			} else {
				c.padded(c.word())
			}
		}
		p := property{id: id}
		t.value(c, typ, &p)
		if c.bad {
			return list
		}
		list = append(list, p)
	}
	return list
}

func (t *tnef) value(c *cursor, typ uint16, p *property) {
	many := typ&0x1000 != 0
	switch base := typ &^ 0x1000; base {
	case 0x1E, 0x1F, 0x102, 0x0D:
		for range min(c.word(), maxTNEFProperties) {
			data := c.padded(c.word())
			if c.bad {
				return
			}
			switch base {
			case 0x1E:
				p.text = t.text(data)
			case 0x1F:
				p.text = utf16Text(data)
			default:
				p.data = data
			}
		}
	default:
		times := uint32(1)
		if many {
			times = c.word()
		}
		size := fixedSize(base)
		if size == 0 || uint64(times)*uint64(size) > uint64(len(c.b)) {
			c.bad = true
			return
		}
		c.take(int(times) * size)
	}
}

// fixedSize is the room a value of fixed size takes, padded; 0 for an unknown type.
func fixedSize(typ uint16) int {
	switch typ {
	case 0x02, 0x0B, 0x03, 0x04, 0x0A, 0x01:
		return 4
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8
	case 0x48:
		return 16
	}
	return 0
}

func utf16Text(b []byte) string {
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		u := binary.LittleEndian.Uint16(b[i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}
