package main

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"goodturn/internal/app"
	"goodturn/internal/kb"
	"goodturn/internal/person"
)

type articleCmd struct {
	Import articleImportCmd `cmd:"" help:"Make articles of a folder, or a zip, of Markdown and HTML files."`
	Export articleExportCmd `cmd:"" help:"Write all articles into a zip, which import reads again."`
}

type articleImportCmd struct {
	store
	Folder   string `arg:"" help:"The folder or the zip." type:"path"`
	Language string `help:"The language of texts that do not say it, such as en." default:"en"`
	Audience string `help:"Who may read what does not say it: everybody or staff." enum:"everybody,staff" default:"staff"`
	Publish  bool   `help:"Put before readers at once what is no draft."`
}

func (c articleImportCmd) Run(ctx context.Context) error {
	fsys, done, err := folder(c.Folder)
	if err != nil {
		return coded{err, exitData}
	}
	defer done()
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	r, err := kb.Import{DB: a.DB, Blobs: a.Blobs, Actor: person.System, Language: c.Language, Audience: kb.Audience(c.Audience), Publish: c.Publish}.Folder(ctx, fsys)
	for _, row := range r.Rows {
		state := "imported"
		if row.ArticleID == 0 {
			state = "left out"
		}
		fmt.Printf("%s\t%s\t%s\n", state, row.Path, row.Title)
		for _, n := range row.Notes {
			fmt.Printf("\t%s\n", n)
		}
		if len(row.Missing) > 0 {
			fmt.Printf("\t%s\n", row.MissingWords())
		}
	}
	fmt.Printf("%d of %d files became articles, %d pictures and files came along. %d links were mended, %d could not be, %d lead elsewhere.\n", r.Articles, len(r.Rows), r.Files, r.Mended, r.Broken, r.Elsewhere)
	return err
}

// folder opens a folder, or a zip as one.
func folder(path string) (fsys fs.FS, done func(), err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		return os.DirFS(path), func() {}, nil
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is neither a folder nor a zip: %w", path, err)
	}
	return z, func() { z.Close() }, nil
}

type articleExportCmd struct {
	store
	File string `arg:"" help:"The zip to write, or - for standard output."`
}

func (c articleExportCmd) Run(ctx context.Context) (err error) {
	a, err := app.Open(ctx, c.config())
	if err != nil {
		return err
	}
	defer a.Close()
	var to io.Writer = os.Stdout
	if c.File != "-" {
		if !strings.HasSuffix(c.File, ".zip") {
			c.File += ".zip"
		}
		f, err := os.Create(c.File)
		if err != nil {
			return coded{err, exitData}
		}
		defer func() {
			if e := f.Close(); err == nil {
				err = e
			}
		}()
		to = f
	}
	return kb.Export(ctx, a.DB, a.Blobs, person.System, to)
}
