package mailmsg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
)

// This file reads the Compound File Binary Format ([MS-CFB]), the container of
// Outlook's .msg files: a small file system with a table of sectors. Every chain
// is followed for no more steps than the file has sectors, and all that is read
// together is bounded, so that a container with loops costs no more than its size.

var (
	compoundMagic = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
	errCompound   = errors.New("not a compound file")
)

const (
	endOfChain        = 0xFFFFFFFA // this and above are no sectors
	noEntry           = 0xFFFFFFFF
	compoundStorage   = 1
	compoundStream    = 2
	compoundRoot      = 5
	miniSector        = 64
	miniCutoff        = 4096
	maxCompoundFiles  = 20000
	maxCompoundLevels = 16 // storages within storages
)

// compound is an opened container.
type compound struct {
	data    []byte
	size    int // bytes of a sector
	fat     []uint32
	miniFAT []uint32
	mini    []byte // the stream that small streams are kept in
	entries []compoundEntry
	budget  int // bytes that may still be read
}

// compoundEntry is a stream or a storage of the directory.
type compoundEntry struct {
	name               string
	kind               byte
	left, right, child uint32
	start              uint32
	length             uint64
}

func isCompound(data []byte) bool { return bytes.HasPrefix(data, compoundMagic) }

// openCompound reads the tables and the directory.
func openCompound(data []byte) (*compound, error) {
	if !isCompound(data) || len(data) < 512 {
		return nil, errCompound
	}
	c := &compound{data: data, budget: 3*len(data) + 1<<20}
	switch binary.LittleEndian.Uint16(data[30:]) {
	case 9:
		c.size = 512
	case 12:
		c.size = 4096
	default:
		return nil, errCompound
	}
	c.readFAT()
	directory := c.chain(binary.LittleEndian.Uint32(data[48:]), -1)
	for ; len(directory) >= 128 && len(c.entries) < maxCompoundFiles; directory = directory[128:] {
		c.entries = append(c.entries, readEntry(directory[:128]))
	}
	if len(c.entries) == 0 || c.entries[0].kind != compoundRoot {
		return nil, errCompound
	}
	c.miniFAT = sectorWords(c.chain(binary.LittleEndian.Uint32(data[60:]), -1))
	root := c.entries[0]
	c.mini = c.chain(root.start, int(min(root.length, uint64(len(data)))))
	return c, nil
}

func readEntry(b []byte) compoundEntry {
	length := int(binary.LittleEndian.Uint16(b[64:]))
	units := make([]uint16, 0, 32)
	for i := 0; i+1 < min(length, 64)-1; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(b[i:]))
	}
	return compoundEntry{
		name: string(utf16.Decode(units)), kind: b[66],
		left: binary.LittleEndian.Uint32(b[68:]), right: binary.LittleEndian.Uint32(b[72:]), child: binary.LittleEndian.Uint32(b[76:]),
		start: binary.LittleEndian.Uint32(b[116:]), length: binary.LittleEndian.Uint64(b[120:]) & 0xFFFFFFFF,
	}
}

func sectorWords(b []byte) []uint32 {
	list := make([]uint32, len(b)/4)
	for i := range list {
		list[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return list
}

// sector gives the bytes of a sector; the last one of a file may be short.
func (c *compound) sector(n uint32) []byte {
	from := (uint64(n) + 1) * uint64(c.size)
	if from >= uint64(len(c.data)) {
		return nil
	}
	return c.data[from:min(from+uint64(c.size), uint64(len(c.data)))]
}

// readFAT gathers the sectors of the table, of which the first 109 stand in the
// header and the others in a chain of their own ([MS-CFB] §2.3, 2.5).
func (c *compound) readFAT() {
	sectors := len(c.data)/c.size + 1
	add := func(list []uint32) {
		for _, n := range list {
			if n < endOfChain && len(c.fat) < sectors+c.size/4 {
				c.fat = append(c.fat, sectorWords(c.sector(n))...)
			}
		}
	}
	add(sectorWords(c.data[76:512]))
	next := binary.LittleEndian.Uint32(c.data[68:])
	for range sectors {
		list := sectorWords(c.sector(next))
		if next >= endOfChain || len(list) < c.size/4 {
			break
		}
		add(list[:len(list)-1])
		next = list[len(list)-1]
	}
}

// chain reads a chain of sectors, at most length bytes; -1 for all of it.
func (c *compound) chain(start uint32, length int) []byte {
	var out []byte
	n := start
	for range len(c.fat) {
		if n >= endOfChain || length >= 0 && len(out) >= length {
			break
		}
		b := c.sector(n)
		if c.budget -= len(b); c.budget < 0 || len(b) == 0 {
			break
		}
		out = append(out, b...)
		if int(n) >= len(c.fat) {
			break
		}
		n = c.fat[n]
	}
	if length >= 0 && len(out) > length {
		out = out[:length]
	}
	return out
}

// read gives the content of a stream, as far as it is there.
func (c *compound) read(e compoundEntry) []byte {
	if e.kind != compoundStream {
		return nil
	}
	length := int(min(e.length, uint64(len(c.data))))
	if length >= miniCutoff {
		return c.chain(e.start, length)
	}
	out := make([]byte, 0, length)
	n := e.start
	for len(out) < length && n < endOfChain && uint64(n+1)*miniSector <= uint64(len(c.mini))+miniSector {
		from := int(n) * miniSector
		if from >= len(c.mini) {
			break
		}
		out = append(out, c.mini[from:min(from+miniSector, len(c.mini))]...)
		if c.budget -= miniSector; c.budget < 0 || int(n) >= len(c.miniFAT) {
			break
		}
		n = c.miniFAT[n]
	}
	return out[:min(len(out), length)]
}

// list gives the entries of a storage by name, in the order of the tree.
func (c *compound) list(storage compoundEntry) []compoundEntry {
	var out []compoundEntry
	seen := map[uint32]bool{}
	open := []uint32{storage.child}
	for len(open) > 0 && len(seen) < maxCompoundFiles {
		n := open[len(open)-1]
		open = open[:len(open)-1]
		if n == noEntry || int64(n) >= int64(len(c.entries)) || seen[n] {
			continue
		}
		seen[n] = true
		e := c.entries[n]
		c.budget -= 128
		if c.budget < 0 {
			break
		}
		out = append(out, e)
		open = append(open, e.right, e.left)
	}
	return out
}
