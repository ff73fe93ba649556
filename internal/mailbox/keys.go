package mailbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"goodturn/internal/mailmsg"
)

// Keys that signatures of incoming mail are checked with lie in the folder "keys" of the data folder: PGP
// public keys as .asc, certificates of issuers for S/MIME as .pem or .crt. Files may be put there and taken
// away while the desk runs.

const (
	maxKeyFiles = 1000
	maxKeyFile  = 4 << 20 // bytes
)

// keyFolder holds the keys as they were when the files were looked at last.
type keyFolder struct {
	mu    sync.Mutex
	keys  mailmsg.Keys
	state string // names, sizes and times of the files
}

// read gives the keys of a folder, read anew when a file of it has changed. What cannot be read is told to bad
// once and does not keep the other files from being used.
func (f *keyFolder) read(dir string, bad func(file string, err error)) mailmsg.Keys {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, _ := os.ReadDir(dir) // no folder, no keys
	var state strings.Builder
	var files []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".asc", ".pem", ".crt":
		default:
			continue
		}
		info, err := e.Info()
		if err != nil || info.IsDir() || len(files) >= maxKeyFiles {
			continue
		}
		files = append(files, e.Name())
		fmt.Fprintf(&state, "%s %d %s\n", e.Name(), info.Size(), info.ModTime().Format(time.RFC3339Nano))
	}
	if state.String() == f.state {
		return f.keys
	}
	f.keys, f.state = mailmsg.Keys{}, state.String()
	for _, name := range files {
		if err := addKeyFile(&f.keys, filepath.Join(dir, name)); err != nil {
			bad(name, err)
		}
	}
	return f.keys
}

func addKeyFile(keys *mailmsg.Keys, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() > maxKeyFile {
		return fmt.Errorf("%d bytes are too many for a key file", info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return keys.Add(data)
}

// signature tells what is known of the signature of a mail; nil when it has none.
func (p *Post) signature(m *mailmsg.Message, raw []byte) *mailmsg.Signature {
	if !m.Signed {
		return nil
	}
	var keys mailmsg.Keys
	if p.Data != "" {
		keys = p.keys.read(filepath.Join(p.Data, "keys"), func(file string, err error) {
			p.Log.Warn("key file could not be read", "file", file, "error", err)
		})
	}
	s := mailmsg.CheckSignature(raw, keys)
	if s.Kind == "" {
		s = mailmsg.Signature{Kind: m.Crypto, State: mailmsg.SignatureUnchecked}
	}
	s.By, s.Issuer = cut(plainText(s.By), 200), cut(plainText(s.Issuer), 200)
	return &s
}
