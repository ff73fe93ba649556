package mailmsg

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// storage is a folder of a compound file that a test makes; a []byte is a stream.
type storage map[string]any

// compoundFile writes a container whose streams all are small.
func compoundFile(root storage) []byte {
	type entry struct{ b [128]byte }
	var entries []*entry
	var mini []byte
	var miniFAT []uint32
	put := func(e *entry, name string, kind byte) {
		for i, u := range utf16.Encode([]rune(name)) {
			binary.LittleEndian.PutUint16(e.b[2*i:], u)
		}
		binary.LittleEndian.PutUint16(e.b[64:], uint16(2*len(name)+2))
		e.b[66] = kind
		for _, at := range []int{68, 72, 76} {
			binary.LittleEndian.PutUint32(e.b[at:], noEntry)
		}
	}
	var add func(name string, content any) int
	add = func(name string, content any) int {
		e := &entry{}
		n := len(entries)
		entries = append(entries, e)
		if data, ok := content.([]byte); ok {
			put(e, name, compoundStream)
			binary.LittleEndian.PutUint32(e.b[116:], uint32(len(miniFAT)))
			binary.LittleEndian.PutUint32(e.b[120:], uint32(len(data)))
			for i := 0; i < len(data); i += miniSector {
				miniFAT = append(miniFAT, uint32(len(miniFAT)+1))
				mini = append(mini, append(bytes.Clone(data[i:min(i+miniSector, len(data))]), make([]byte, max(0, i+miniSector-len(data)))...)...)
			}
			if len(data) > 0 {
				miniFAT[len(miniFAT)-1] = 0xFFFFFFFE
			}
			return n
		}
		put(e, name, compoundStorage)
		last := -1
		for name, child := range content.(storage) {
			n := add(name, child)
			if last < 0 {
				binary.LittleEndian.PutUint32(e.b[76:], uint32(n))
			} else {
				binary.LittleEndian.PutUint32(entries[last].b[72:], uint32(n))
			}
			last = n
		}
		return n
	}
	add("Root Entry", root)
	entries[0].b[66] = compoundRoot
	var directory []byte
	for _, e := range entries {
		directory = append(directory, e.b[:]...)
	}
	var table []byte
	for _, n := range miniFAT {
		table = binary.LittleEndian.AppendUint32(table, n)
	}
	// Sectors: the table of sectors, then directory, table of small ones, small ones.
	var fat []uint32
	var body []byte
	chain := func(b []byte) uint32 {
		start := uint32(len(fat))
		for i := 0; i < len(b); i += 512 {
			fat = append(fat, uint32(len(fat)+1))
			body = append(body, append(bytes.Clone(b[i:min(i+512, len(b))]), make([]byte, max(0, i+512-len(b)))...)...)
		}
		fat[len(fat)-1] = 0xFFFFFFFE
		return start
	}
	tables := 1
	for range tables {
		fat = append(fat, 0xFFFFFFFD)
	}
	binary.LittleEndian.PutUint32(entries[0].b[120:], uint32(len(mini)))
	starts := [3]uint32{chain(directory), chain(table), chain(mini)}
	binary.LittleEndian.PutUint32(body[116:], starts[2])
	binary.LittleEndian.PutUint32(body[120:], uint32(len(mini)))
	head := make([]byte, 512)
	copy(head, compoundMagic)
	binary.LittleEndian.PutUint16(head[26:], 3)
	binary.LittleEndian.PutUint16(head[30:], 9)
	binary.LittleEndian.PutUint32(head[48:], starts[0])
	binary.LittleEndian.PutUint32(head[60:], starts[1])
	binary.LittleEndian.PutUint32(head[68:], 0xFFFFFFFE)
	for i := range 109 {
		n := uint32(noEntry)
		if i < tables {
			n = uint32(i)
		}
		binary.LittleEndian.PutUint32(head[76+4*i:], n)
	}
	sectors := make([]byte, 0, tables*512)
	for i := range tables * 128 {
		n := uint32(noEntry)
		if i < len(fat) {
			n = fat[i]
		}
		sectors = binary.LittleEndian.AppendUint32(sectors, n)
	}
	return append(append(head, sectors...), body...)
}

func wide(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// slots writes a table of properties.
func slots(header int, values map[uint32]uint64) []byte {
	b := make([]byte, header)
	for tag, v := range values {
		b = binary.LittleEndian.AppendUint32(b, tag)
		b = append(b, 6, 0, 0, 0)
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return b
}

func outlookFile(header int, inner storage) storage {
	return storage{
		"__properties_version1.0": slots(header, map[uint32]uint64{propSubmitted<<16 | outlookTime: 133485408000000000}),
		"__substg1.0_001A001F":    wide("IPM.Note"), "__substg1.0_0037001F": wide("Drucker läuft nicht"), "__substg1.0_0C1A001F": wide("Ann Ask"), "__substg1.0_5D01001F": wide("ann@example.com"), "__substg1.0_1000001F": wide("Guten Tag,\r\nbitte helfen Sie.\r\n"),
		"__recip_version1.0_#00000000":  storage{"__properties_version1.0": slots(8, map[uint32]uint64{propRecipientType<<16 | outlookLong: 1}), "__substg1.0_3001001F": wide("Desk"), "__substg1.0_39FE001F": wide("desk@example.com")},
		"__recip_version1.0_#00000001":  storage{"__properties_version1.0": slots(8, map[uint32]uint64{propRecipientType<<16 | outlookLong: 2}), "__substg1.0_3001001E": []byte("Zo\xeb"), "__substg1.0_3003001E": []byte("zoe@example.com")},
		"__attach_version1.0_#00000000": storage{"__properties_version1.0": slots(8, nil), "__substg1.0_3707001F": wide("log.txt"), "__substg1.0_37010102": []byte("error 7")},
		"__attach_version1.0_#00000001": inner,
	}
}

func TestOutlook(t *testing.T) {
	nested := storage{"__properties_version1.0": slots(8, nil), "__substg1.0_3001001F": wide("older"), "__substg1.0_3701000D": storage{
		"__properties_version1.0": slots(24, nil), "__substg1.0_001A001F": wide("IPM.Note"), "__substg1.0_0037001F": wide("Before that"), "__substg1.0_1000001F": wide("inner text"),
		"__attach_version1.0_#00000000": storage{"__properties_version1.0": slots(8, nil), "__substg1.0_3707001F": wide("inner.pdf"), "__substg1.0_37010102": []byte("%PDF-")},
	}}
	raw := compoundFile(outlookFile(32, nested))
	m := Parse(raw)
	if m.From != (Address{"Ann Ask", "ann@example.com"}) || m.Subject != "Drucker läuft nicht" || m.Text != "Guten Tag,\nbitte helfen Sie." || m.Date.Format(time.RFC3339) != "2024-01-01T00:00:00Z" || m.Broken || m.Language != "de" {
		t.Errorf("got %v, %q, %q, %v, %s, warnings %q", m.From, m.Subject, m.Text, m.Date, m.Language, m.Warnings)
	}
	if len(m.To) != 1 || m.To[0] != (Address{"Desk", "desk@example.com"}) || len(m.CC) != 1 || m.CC[0] != (Address{"Zoë", "zoe@example.com"}) {
		t.Errorf("to %v, cc %v", m.To, m.CC)
	}
	if got := attachmentNames(m); got != "log.txt Before that.txt inner.pdf" {
		t.Errorf("files %q", got)
	}

	mail := "From: bob@example.com\nSubject: see this\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease look.\n--b\nContent-Type: application/vnd.ms-outlook; name=\"Drucker.msg\"\nContent-Transfer-Encoding: base64\n\n" + base64Lines(raw) + "--b--\n"
	m = Parse([]byte(mail))
	if got := attachmentNames(m); got != "Drucker.msg Drucker.txt log.txt Before that.txt inner.pdf" || m.Text != "Please look." {
		t.Fatalf("files %q, text %q, warnings %q", got, m.Text, m.Warnings)
	}
	if letter := string(m.Attachments[1].Data); !strings.HasPrefix(letter, "From: Ann Ask <ann@example.com>\nTo: Desk <desk@example.com>\n") || !strings.Contains(letter, "bitte helfen") {
		t.Errorf("text file %q", letter)
	}
}

func attachmentNames(m *Message) string {
	var names []string
	for _, a := range m.Attachments {
		names = append(names, a.Name)
	}
	return strings.Join(names, " ")
}

// TestOutlookHostile: containers that loop, nest or lie about sizes give what can be read, quickly.
func TestOutlookHostile(t *testing.T) {
	deep := storage{"__substg1.0_1000001F": wide("bottom")}
	for range 40 {
		deep = storage{"__substg1.0_001A001F": wide("IPM.Note"), "__attach_version1.0_#00000000": storage{"__substg1.0_3701000D": deep}}
	}
	whole := compoundFile(outlookFile(32, storage{}))
	loop := bytes.Clone(whole)
	for i := 512; i < 512+512; i += 4 {
		binary.LittleEndian.PutUint32(loop[i:], 1) // every sector leads to the directory
	}
	ring := bytes.Clone(whole)
	for i := 512 + 512; i+128 <= len(ring); i += 128 {
		binary.LittleEndian.PutUint32(ring[i+76:], 0) // every storage holds the root
	}
	huge := bytes.Clone(whole)
	for i := 512 + 512; i+128 <= len(huge); i += 128 {
		binary.LittleEndian.PutUint32(huge[i+120:], 0xFFFFFFF0)
	}
	for name, raw := range map[string][]byte{"deep": compoundFile(deep), "loop": loop, "ring": ring, "huge": huge, "cut": whole[:3000], "head": whole[:512], "magic": whole[:8]} {
		start := time.Now()
		Parse(raw)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func FuzzOutlook(f *testing.F) {
	f.Add(compoundFile(outlookFile(32, storage{})))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o, err := readOutlook(data); err == nil && o == nil {
			t.Error("neither a message nor an error")
		}
	})
}

// TestScoreOutlook prints what is read of the .msg files that people have sent.
func TestScoreOutlook(t *testing.T) {
	s := score{name: "Outlook files", floor: 100}
	err := filepath.WalkDir(corpus(t, "mail", "msg-bbottema"), func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".msg" {
			return err
		}
		m := Parse(readFile(t, path))
		t.Logf("%-68s %-28s %-40.40q %3d files %6d bytes of text %6d of HTML", filepath.Base(path), m.From.Address, m.Subject, len(m.Attachments), len(m.Text), len(m.HTML))
		s.check(!m.Broken && len(m.To) > 0 && !m.Date.IsZero() && (m.Text != "" || m.Encrypted) && len(m.Warnings) == 0, filepath.Base(path)+strings.Join(m.Warnings, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.report(t)
}

// base64Lines encodes as the body of a part.
func base64Lines(data []byte) string {
	var b strings.Builder
	for text := base64.StdEncoding.EncodeToString(data); text != ""; {
		n := min(76, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}
