package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
)

// step is how many bytes are taken before they are flushed and counted.
const step = 512 << 10

// turn is somebody's time to write to an upload.
type turn struct {
	stop func()
	done chan struct{}
}

// interrupt ends whoever writes to an upload in this program, and waits until what they brought is counted.
func (s *Store) interrupt(id int64) {
	s.mu.Lock()
	t := s.writing[id]
	s.mu.Unlock()
	if t != nil {
		t.stop()
		<-t.done
	}
}

// take gives the turn to write, after ending whoever has it; give it back with the function.
func (s *Store) take(id int64, stop func()) (back func()) {
	mine := &turn{stop: stop, done: make(chan struct{})}
	for {
		s.mu.Lock()
		other := s.writing[id]
		if other == nil {
			s.writing[id] = mine
			s.mu.Unlock()
			return func() {
				s.mu.Lock()
				delete(s.writing, id)
				s.mu.Unlock()
				close(mine.done)
			}
		}
		s.mu.Unlock()
		other.stop()
		<-other.done
	}
}

// Body is what is written: a reader whose Read ends soon after Stop was called by somebody else.
type Body interface {
	io.Reader
	Stop()
}

// errOffset is for a writer who begins elsewhere than where the upload stands.
var errOffset = fault.Conflict(i18n.M("This file stands elsewhere by now."))

// Write adds what body brings at offset, which must be where the upload stands: else fault.Conflict. More than is missing
// is fault.TooLarge. However it ends, what came is counted in the Upload given.
func (s *Store) Write(ctx context.Context, secret string, offset int64, body Body) (u Upload, err error) {
	if u, err = s.find(ctx, secret); err != nil {
		return u, err
	}
	defer s.take(u.ID, body.Stop)()
	if u, err = s.find(ctx, secret); err != nil {
		return u, err
	}
	if u.Received != offset {
		return u, errOffset
	}
	f, err := os.OpenFile(s.path(u.ID), os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return u, errNone // removed just now
	}
	if err != nil {
		return u, fmt.Errorf("open upload: %w", err)
	}
	defer f.Close()
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		return u, fmt.Errorf("open upload: %w", err)
	}
	// What came stays also when whoever sent it has gone.
	return s.receive(context.WithoutCancel(ctx), u, f, body)
}

func (s *Store) receive(ctx context.Context, u Upload, f *os.File, body io.Reader) (Upload, error) {
	for {
		n, err := io.CopyN(f, body, min(step, u.Length-u.Received))
		if n > 0 {
			if sync := f.Sync(); sync != nil {
				return u, fmt.Errorf("write upload: %w", sync)
			}
			if counted := s.counted(ctx, &u, n); counted != nil {
				return u, counted
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return u, nil
		case err != nil:
			return u, fmt.Errorf("write upload: %w", err)
		case u.Whole():
			if n, _ := io.ReadFull(body, make([]byte, 1)); n > 0 {
				return u, fault.TooLarge(i18n.M("More came of this file than was announced."))
			}
			return u, nil
		}
	}
}

// counted notes n bytes more. Another program may have taken the turn: then the row says so.
func (s *Store) counted(ctx context.Context, u *Upload, n int64) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		changed, err := tx.Exec(ctx, `UPDATE upload SET received = $3 WHERE id = $1 AND received = $2`, u.ID, u.Received, u.Received+n)
		if err == nil && changed == 0 {
			err = errOffset
		}
		if err == nil {
			tx.AfterCommit(func() { u.Received += n })
		}
		return err
	})
}
