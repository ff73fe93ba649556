package mailbox

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// The spool is how a program of another user hands a mail to the desk: a file that is written in
// DATA/spool/tmp, flushed and renamed into DATA/spool/new. Anybody on the machine may add files there
// (mode 1733), nobody but the desk can list them, and names cannot be guessed, because the files
// must be readable for the desk's own user. The first line of a file is the envelope in JSON, the rest is
// the raw mail.

// Exit codes of a mail program, as <sysexits.h> has them.
const (
	ExitData       = 65 // the mail is empty or too large
	ExitNoUser     = 67 // unknown address
	ExitCantCreate = 73 // the file cannot be made, and trying again will not help
	ExitTemporary  = 75 // try again later
)

// SpoolError is why Deliver did not take a mail, with the exit code that says so to a mail server.
type SpoolError struct {
	Code int
	Err  error
}

// Error is the reason in English.
func (e *SpoolError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *SpoolError) Unwrap() error { return e.Err }

// ExitCode gives the code of a SpoolError, 0 for no error and ExitTemporary for any other.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if e := (*SpoolError)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ExitTemporary
}

// envelope is the first line of a spool file.
type envelope struct {
	From string `json:"from"`
	To   string `json:"to"`
}

const (
	maxSpooled   = 50 << 20 // bytes of one mail
	spoolNew     = "new"
	spoolTemp    = "tmp"
	spoolBad     = "bad"
	addressFile  = "addresses"
	spoolSharing = 0o733 | fs.ModeSticky
)

func spoolDir(dataDir, name string) string { return filepath.Join(dataDir, "spool", name) }

// Deliver puts a mail into the spool of a data folder and returns when it would survive a power cut. It
// needs no database and no rights but those of the spool. The error is a *SpoolError.
func Deliver(dataDir, to, from string, r io.Reader) error {
	list, err := os.ReadFile(filepath.Join(dataDir, "spool", addressFile))
	if err != nil {
		return &SpoolError{ExitTemporary, fmt.Errorf("read which addresses there are (has the desk been started?): %w", err)}
	}
	if _, ok := parseDirectory(string(list)).accepts(to); !ok {
		return &SpoolError{ExitNoUser, fmt.Errorf("%s is no address of this desk", to)}
	}
	body := bufio.NewReader(r)
	if _, err := body.Peek(1); err != nil {
		if errors.Is(err, io.EOF) {
			return &SpoolError{ExitData, errors.New("the mail is empty")}
		}
		return &SpoolError{ExitTemporary, fmt.Errorf("read the mail: %w", err)}
	}
	return spool(dataDir, envelope{From: from, To: to}, body)
}

func spool(dataDir string, e envelope, body io.Reader) (err error) {
	name := rand.Text() + rand.Text()
	path := filepath.Join(spoolDir(dataDir, spoolTemp), name)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return spoolFault("make a file in the spool", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
		_ = f.Close()
	}()
	if err := f.Chmod(0o644); err != nil { // whatever the umask
		return spoolFault("make a file in the spool", err)
	}
	head, err := json.Marshal(e)
	if err != nil {
		return &SpoolError{ExitData, err}
	}
	if _, err := f.Write(append(head, '\n')); err != nil {
		return spoolFault("write to the spool", err)
	}
	n, err := io.Copy(f, io.LimitReader(body, maxSpooled+1))
	if err != nil {
		return spoolFault("write to the spool", err)
	}
	if n > maxSpooled {
		return &SpoolError{ExitData, fmt.Errorf("the mail is larger than %d MiB", maxSpooled>>20)}
	}
	if err := f.Sync(); err != nil {
		return spoolFault("write to the spool", err)
	}
	target := filepath.Join(spoolDir(dataDir, spoolNew), name)
	if err := os.Rename(path, target); err != nil {
		return spoolFault("hand the mail to the desk", err)
	}
	path = target
	return spoolFault("write to the spool", syncName(filepath.Dir(target), f))
}

// spoolFault gives an error of the file system its exit code: what an administrator or time can mend is
// worth another try.
func spoolFault(doing string, err error) error {
	if err == nil {
		return nil
	}
	code := ExitTemporary
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		code = ExitCantCreate
	}
	return &SpoolError{code, fmt.Errorf("%s: %w", doing, err)}
}

// PrepareSpool makes the folders of the spool. The data folder must let others through to them, so what
// lies beside the spool is closed to others first.
func PrepareSpool(dataDir string) error {
	entries, err := os.ReadDir(dataDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || e.Name() == "spool" || !(info.Mode().IsRegular() || info.IsDir()) {
			continue
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			if err := os.Chmod(filepath.Join(dataDir, e.Name()), mode&^0o077); err != nil {
				return err
			}
		}
	}
	for _, dir := range []struct {
		path string
		mode fs.FileMode
	}{
		{filepath.Join(dataDir, "spool"), 0o711}, {spoolDir(dataDir, spoolTemp), spoolSharing}, {spoolDir(dataDir, spoolNew), spoolSharing}, {spoolDir(dataDir, spoolBad), 0o700},
	} {
		if err := os.MkdirAll(dir.path, 0o700); err != nil {
			return err
		}
		if err := os.Chmod(dir.path, dir.mode); err != nil {
			return err
		}
	}
	info, err := os.Stat(dataDir)
	if err != nil {
		return err
	}
	return os.Chmod(dataDir, info.Mode().Perm()|0o011)
}

// writeAddresses tells the pipe which addresses there are, when that has changed.
func writeAddresses(dataDir string, d *directory) error {
	path := filepath.Join(dataDir, "spool", addressFile)
	text := []byte(d.lines())
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, text) {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), addressFile+"-*")
	if err != nil {
		return err
	}
	_, werr := f.Write(text)
	if err := errors.Join(werr, f.Chmod(0o644), f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	return os.Rename(f.Name(), path)
}

// errNotPlain says that something in the spool is not a file that was put there in the proper way.
var errNotPlain = errors.New("not a plain file")

// readSpooled reads a spool file. Whoever may write to the spool could put a link to another's file
// there, so nothing but a plain file with one name is opened.
func readSpooled(path string) (Incoming, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return Incoming{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Incoming{}, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !info.Mode().IsRegular() || (ok && s.Nlink > 1) || info.Size() > maxSpooled+4096 {
		return Incoming{}, errNotPlain
	}
	all, err := io.ReadAll(io.LimitReader(f, info.Size()+1))
	if err != nil {
		return Incoming{}, err
	}
	if int64(len(all)) != info.Size() { // its owner still writes to it, perhaps without end
		return Incoming{}, errNotPlain
	}
	head, raw, ok := bytes.Cut(all, []byte("\n"))
	var e envelope
	if !ok || json.Unmarshal(head, &e) != nil || e.To == "" {
		return Incoming{}, errors.New("no envelope in its first line")
	}
	return Incoming{From: e.From, To: []string{e.To}, Raw: raw, Source: SourcePipe}, nil
}
