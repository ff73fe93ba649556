// Package upload keeps files that are on their way to a form which is not sent yet, so that a line that breaks costs
// nothing but time: whoever comes again goes on where it broke.
//
//	store, err := upload.Open(database, filepath.Join(data, "uploads"))
//	u, err := store.Begin(ctx, upload.New{Holder: "192.0.2.7", Name: "half a page.jpg", Type: "image/jpeg", Length: 480_000})
//	u, err = store.Write(ctx, u.Secret, 0, body)                 // the line breaks after 100,000 bytes
//	u, err = store.Find(ctx, u.Secret)                           // u.Received == 100_000
//	u, err = store.Write(ctx, u.Secret, u.Received, rest)
//	files, missing, err := store.Collect(ctx, blobs, []string{u.Secret})
//	err = store.Spend(ctx, tx, []string{u.Secret})               // in the transaction that refers to the files
//
// Invariants: whoever has the secret can go on with an upload, send it or remove it, and nobody else; nobody can read it
// back; the bytes that Received counts would survive a power cut; what was removed or ran out is gone from the disk, and
// the same file sent by somebody else is another file. What is kept is bounded for each holder and hour, and in all.
//
// One upload has one writer at a time: a second one, such as the same browser after a broken line, ends the first.
// Several programs may use one folder at once; between them the row decides.
package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/secret"
)

// Life is how long an upload is kept that nobody sends.
const Life = 24 * time.Hour

// Store is an open folder of uploads, safe for concurrent use. Limits may be changed before it is used.
type Store struct {
	DB     *db.DB
	Limits Limits

	dir     string
	mu      sync.Mutex
	writing map[int64]*turn
}

// Open makes the folder ready and clears away files that belong to no upload any more.
func Open(d *db.DB, dir string) (*Store, error) {
	s := &Store{DB: d, Limits: Usual, dir: dir, writing: map[int64]*turn{}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make upload folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("look into upload folder: %w", err)
	}
	for _, e := range entries {
		// Written last longer ago than any upload lives: a program ended between a row and its file.
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 2*Life {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
	return s, nil
}

// Upload is a file on its way.
type Upload struct {
	ID int64
	// Secret is the last part of its address; only Begin knows it.
	Secret     string `db:"-"`
	Name, Type string
	// Length and Received are bytes: of the whole file, and of what has come.
	Length, Received int64
	ExpiresAt        clock.Instant
}

// Whole says that all of it has come.
func (u Upload) Whole() bool { return u.Received == u.Length }

const columns = `id, name, type, length, received, expires_at`

// errNone is what is said of an upload that ran out, was sent or removed, or never was.
var errNone = fault.NotFound(i18n.M("This file is no longer here. Please choose it again."))

func (s *Store) path(id int64) string { return filepath.Join(s.dir, strconv.FormatInt(id, 10)) }

// Find gives an upload as it stands, and ends whoever still writes to it: whoever asks is about to go on.
func (s *Store) Find(ctx context.Context, secret string) (u Upload, err error) {
	if u, err = s.find(ctx, secret); err != nil {
		return u, err
	}
	s.interrupt(u.ID)
	return s.find(ctx, secret)
}

func (s *Store) find(ctx context.Context, word string) (u Upload, err error) {
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		u, err = db.One[Upload](ctx, tx, `SELECT `+columns+` FROM upload WHERE hash = $1 AND expires_at > $2`, secret.Hash(word), tx.Now)
		if errors.Is(err, db.ErrNoRow) {
			err = errNone
		}
		return err
	})
	u.Secret = word
	return u, err
}

// Remove ends an upload and takes its bytes from the disk. One that is not there is fault.NotFound.
func (s *Store) Remove(ctx context.Context, secret string) error {
	u, err := s.find(ctx, secret)
	if err != nil {
		return err
	}
	s.interrupt(u.ID)
	if err := s.erase(u.ID); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM upload WHERE id = $1`, u.ID)
		return err
	})
}

// erase takes the bytes of an upload from the disk. It goes before the row does: a program that ends in between leaves a
// row that will be swept, and no file that nobody knows of.
func (s *Store) erase(id int64) error {
	if err := os.Remove(s.path(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove upload: %w", err)
	}
	return nil
}

// File is an upload that was put among the files that are kept.
type File struct {
	Name, Type string
	Ref        blob.Ref
}

// Collect puts whole uploads among the files that are kept, in their order, and leaves the uploads as they are until
// Spend. missing is how many are gone. One that has not come whole is fault.Invalid with the field "files".
func (s *Store) Collect(ctx context.Context, blobs *blob.Store, secrets []string) (files []File, missing int, err error) {
	for _, secret := range secrets {
		u, err := s.Find(ctx, secret)
		if fault.Is(err, fault.KindNotFound) {
			missing++
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		ref, err := s.keep(ctx, blobs, u)
		if err != nil {
			return nil, 0, err
		}
		files = append(files, File{Name: u.Name, Type: u.Type, Ref: ref})
	}
	return files, missing, nil
}

func (s *Store) keep(ctx context.Context, blobs *blob.Store, u Upload) (blob.Ref, error) {
	if !u.Whole() {
		return blob.Ref{}, fault.Invalid(fault.F("files", i18n.M("“{{.Name}}” has not arrived whole yet. Please wait until it has, or take it out.", "Name", u.Name)))
	}
	f, err := os.Open(s.path(u.ID))
	if err != nil {
		return blob.Ref{}, fmt.Errorf("open upload: %w", err)
	}
	defer f.Close()
	ref, err := blobs.Put(ctx, io.LimitReader(f, u.Length), 0)
	if err == nil && ref.Size != u.Length {
		err = fmt.Errorf("upload %d has %d bytes on the disk, not %d", u.ID, ref.Size, u.Length)
	}
	return ref, err
}

// Total is how many bytes the uploads have together; those that are gone have none.
func (s *Store) Total(ctx context.Context, secrets []string) (sum int64, err error) {
	for _, secret := range secrets {
		u, err := s.find(ctx, secret)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return 0, err
		}
		sum += u.Length
	}
	return sum, nil
}

// Spend ends uploads in the transaction that refers to what Collect made of them. When one of them was spent or removed
// meanwhile it is fault.Invalid with the field "files".
func (s *Store) Spend(ctx context.Context, tx *db.Tx, secrets []string) error {
	for _, word := range secrets {
		id, err := db.One[int64](ctx, tx, `DELETE FROM upload WHERE hash = $1 RETURNING id`, secret.Hash(word))
		if errors.Is(err, db.ErrNoRow) {
			return ErrMissing()
		}
		if err != nil {
			return err
		}
		tx.AfterCommit(func() { _ = s.erase(id) }) // what stays is cleared away by Open
	}
	return nil
}

// ErrMissing is what is said of a form whose files are gone.
func ErrMissing() error {
	return fault.Invalid(fault.F("files", i18n.M("One of your files is no longer here: files wait for a day, and can be sent once. Please look at the list and choose it again.")))
}
