package mailbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// A file of the pipe is taken within this time.
	scanEvery = 250 * time.Millisecond
	// Files of one batch.
	scanFiles = 50
	// A half-written file of this age belongs to nobody.
	spoolTempAge = 24 * time.Hour
	cleanEvery   = time.Hour
)

// watchSpool takes what the pipe leaves in the spool.
func (p *Post) watchSpool(ctx context.Context) {
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	cleaned := time.Time{}
	for ctx.Err() == nil {
		if time.Since(cleaned) > cleanEvery {
			cleaned = time.Now()
			cleanSpool(spoolDir(p.Data, spoolTemp), cleaned.Add(-spoolTempAge))
		}
		more := p.scanSpool(ctx)
		if more {
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// scanSpool takes some files and tells whether there may be more to take at once.
func (p *Post) scanSpool(ctx context.Context) (more bool) {
	dir, err := os.Open(spoolDir(p.Data, spoolNew))
	if err != nil {
		p.Log.Error("spool could not be opened", "error", err)
		return false
	}
	names := p.spoolNames(dir)
	dir.Close()
	taken := 0
	for _, group := range p.readSpool(ctx, names) {
		if p.takeSpooled(ctx, group) {
			taken += len(group)
		}
	}
	return len(names) >= scanFiles && taken > 0
}

// spoolNames gives the names of some files. Those that cannot be taken away are passed over, or whoever may write to the
// spool could put so many there that nothing else is ever seen.
func (p *Post) spoolNames(dir *os.File) (names []string) {
	for len(names) < scanFiles {
		some, err := dir.Readdirnames(scanFiles) // the end of the folder is an error without a name
		for _, name := range some {
			if !p.stuck[filepath.Join(dir.Name(), name)] {
				names = append(names, name)
			}
		}
		if err != nil {
			break
		}
	}
	return names
}

// spooled is a file of the spool that was read.
type spooled struct {
	path string
	mail Incoming
}

// readSpool reads files, in groups that are small enough to be in memory together. What is no mail is
// put aside.
func (p *Post) readSpool(ctx context.Context, names []string) (groups [][]spooled) {
	var group []spooled
	size := 0
	for _, name := range names {
		if ctx.Err() != nil {
			return nil
		}
		path := filepath.Join(spoolDir(p.Data, spoolNew), name)
		if p.stuck[path] {
			continue
		}
		m, err := readSpooled(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			if ok, oops := p.Accepts(ctx, m.To[0]); oops != nil {
				continue
			} else if !ok {
				err = ErrUnknownAddress
			}
		}
		if err != nil {
			p.putAside(path, err)
			continue
		}
		if size += len(m.Raw); size > batchBytes && len(group) > 0 {
			return append(groups, group) // the rest is for the next scan
		}
		group = append(group, spooled{path, m})
	}
	if len(group) > 0 {
		groups = append(groups, group)
	}
	return groups
}

// takeSpooled takes files and removes them. After a kill in between they are taken again, and recognised.
func (p *Post) takeSpooled(ctx context.Context, group []spooled) bool {
	mails := make([]Incoming, len(group))
	for i, s := range group {
		mails[i] = s.mail
	}
	if err := p.Take(ctx, mails); err != nil {
		if ctx.Err() == nil {
			p.Log.Error("mails of the spool could not be taken", "error", err)
		}
		return false
	}
	for _, s := range group {
		if err := os.Remove(s.path); err != nil {
			p.Log.Error("file of the spool could not be removed", "file", s.path, "error", err)
			p.leave(s.path)
		}
	}
	return true
}

// putAside keeps a file that is no mail for somebody to look at.
func (p *Post) putAside(path string, why error) {
	to := filepath.Join(spoolDir(p.Data, spoolBad), filepath.Base(path))
	err := os.Rename(path, to)
	p.Log.Error("file of the spool put aside", "file", to, "reason", why, "error", err)
	if err != nil {
		p.leave(path)
	}
}

// leave has a file that cannot be taken away not be looked at again. Only the one who watches the spool calls it.
func (p *Post) leave(path string) {
	if p.stuck == nil {
		p.stuck = map[string]bool{}
	}
	p.stuck[path] = true
}

// cleanSpool removes what killed programs left half written.
func cleanSpool(dir string, before time.Time) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
