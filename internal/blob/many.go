package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"

	"golang.org/x/sync/errgroup"
)

// parallel is how many flushes wait for the disk at once. The file system commits them together: on ext4, 16 at once
// store 64 files of 20 KB one and a half times as fast as one by one, and more bring nothing. One syncfs for the whole
// batch was up to half as fast again, but it waits for what every other program wrote, too, and hides errors on older kernels.
const parallel = 16

// PutMany stores every body and returns when all are durable, with the references in the order of the bodies. On an
// error some may have been stored; storing them again does no harm.
func (s *Store) PutMany(ctx context.Context, bodies [][]byte) ([]Ref, error) {
	b := batch{store: s, refs: make([]Ref, len(bodies)), files: make([]*os.File, len(bodies))}
	if err := b.write(ctx, bodies); err != nil {
		b.discard()
		return nil, explain("store files", err)
	}
	for i, f := range b.files {
		if f == nil {
			continue
		}
		if err := os.Rename(f.Name(), s.path(b.refs[i].SHA256)); err != nil {
			b.discard()
			return nil, explain("store files", err)
		}
		b.files[i] = nil
	}
	if err := b.syncDirs(); err != nil {
		return nil, explain("store files", err)
	}
	return b.refs, nil
}

// batch is the work of one PutMany. files are what is not yet under its name; nil where nothing needs to be done.
type batch struct {
	store *Store
	refs  []Ref
	files []*os.File
}

// write hashes and writes the bodies and flushes each. Of equal bodies only the first is written.
func (b *batch) write(ctx context.Context, bodies [][]byte) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	seen := make(map[string]bool, len(bodies))
	for i, body := range bodies {
		sum := sha256.Sum256(body)
		ref := Ref{SHA256: hex.EncodeToString(sum[:]), Size: int64(len(body))}
		b.refs[i] = ref
		if seen[ref.SHA256] {
			continue
		}
		seen[ref.SHA256] = true
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if b.store.has(ref) {
				return nil
			}
			f, err := os.CreateTemp(b.store.tempDir(), "put-*")
			if err != nil {
				return err
			}
			b.files[i] = f
			_, err = f.Write(body)
			if err == nil {
				err = f.Sync()
			}
			return errors.Join(err, f.Close())
		})
	}
	return group.Wait()
}

// syncDirs flushes each folder of the batch once, also those whose blobs were there already: see Put.
func (b *batch) syncDirs() error {
	var group errgroup.Group
	group.SetLimit(parallel)
	seen := map[string]bool{}
	for _, ref := range b.refs {
		dir := b.store.folder(ref.SHA256)
		if !seen[dir] {
			seen[dir] = true
			group.Go(func() error { return syncDir(dir) })
		}
	}
	return group.Wait()
}

func (b *batch) discard() {
	for _, f := range b.files {
		if f != nil {
			_ = os.Remove(f.Name())
		}
	}
}
