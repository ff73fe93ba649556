package kb

import (
	"context"
	"path"
	"strconv"
	"strings"

	"goodturn/internal/blob"
	"goodturn/internal/clock"
	"goodturn/internal/db"
	"goodturn/internal/fault"
	"goodturn/internal/i18n"
	"goodturn/internal/person"
)

// File is a picture or a file of an article.
type File struct {
	ID, ArticleID int64
	Name, Type    string
	SHA256        string `db:"sha256"`
	Size          int64
	At            clock.Instant
}

const fileColumns = `id, article_id, name, type, sha256, size, at`

// Ref is where its bytes are.
func (f File) Ref() blob.Ref { return blob.Ref{SHA256: f.SHA256, Size: f.Size} }

// URL is where readers get it.
func (f File) URL() string { return FileURL(f.ArticleID, f.Name) }

// FileURL is where a file of an article is.
func FileURL(articleID int64, name string) string {
	return "/help/files/" + strconv.FormatInt(articleID, 10) + "/" + escapePath(name)
}

// MaxFiles is how many files an article can have; MaxPicture and MaxFile are how large one may be in bytes.
const (
	MaxFiles   = 200
	MaxPicture = 10 << 20
	MaxFile    = 32 << 20
)

// Files are those of an article, by name.
func Files(ctx context.Context, tx *db.Tx, articleID int64) ([]File, error) {
	return db.All[File](ctx, tx, `SELECT `+fileColumns+` FROM article_file WHERE article_id = $1 ORDER BY name`, articleID)
}

// AddFile puts a file beside an article's text; another of that name gives way to it when its bytes differ and replace says so, else the
// new one gets another name. The field of what is wrong is files.
func AddFile(ctx context.Context, tx *db.Tx, a person.Actor, articleID int64, name, mediaType string, ref blob.Ref, replace bool) (File, error) {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return File{}, fault.Denied(i18n.Text{})
	}
	if err := tx.Lock(ctx, "article", articleID); err != nil {
		return File{}, err
	}
	if name = fileName(name); name == "" {
		name = "file"
	}
	if limit := MostOf(name, mediaType); ref.Size > limit {
		return File{}, TooLarge(name, ref.Size, limit)
	}
	all, err := Files(ctx, tx, articleID)
	if err != nil {
		return File{}, err
	}
	byName := map[string]File{}
	for _, f := range all {
		byName[f.Name] = f
		if f.SHA256 == ref.SHA256 && f.Name == name {
			return f, nil
		}
	}
	if len(all) >= MaxFiles {
		return File{}, fault.Invalid(fault.F("files", i18n.M("An article can have up to {{.Most}} files. Please take one out first.", "Most", MaxFiles)))
	}
	if _, taken := byName[name]; taken && replace {
		if _, err := tx.Exec(ctx, `DELETE FROM article_file WHERE article_id = $1 AND name = $2`, articleID, name); err != nil {
			return File{}, err
		}
	} else if taken {
		ext := path.Ext(name)
		for n := 2; taken; n++ {
			try := strings.TrimSuffix(name, ext) + "-" + strconv.Itoa(n) + ext
			if _, taken = byName[try]; !taken {
				name = try
			}
		}
	}
	f := File{ArticleID: articleID, Name: name, Type: mediaType, SHA256: ref.SHA256, Size: ref.Size, At: tx.Now}
	f.ID, err = db.One[int64](ctx, tx, `INSERT INTO article_file (article_id, name, type, sha256, size, at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`, f.ArticleID, f.Name, f.Type, f.SHA256, f.Size, f.At)
	return f, err
}

// MostOf is how large a file of a name and a type may be, in bytes.
func MostOf(name, mediaType string) int64 {
	if strings.HasPrefix(mediaType, "image/") || pictureTypes[strings.ToLower(path.Ext(name))] != "" {
		return MaxPicture
	}
	return MaxFile
}

// TooLarge says of a file how large it is and what is taken. Its field is files.
func TooLarge(name string, size, most int64) error {
	return fault.Invalid(fault.F("files", i18n.M("“{{.Name}}” is {{.Size}}; at most {{.Most}} fits into an article, so that it can be read on a bad line too. Please make it smaller.", "Name", name, "Size", i18n.Size(size), "Most", i18n.Size(most))))
}

// RemoveFile takes a file away from an article.
func RemoveFile(ctx context.Context, tx *db.Tx, a person.Actor, articleID, id int64) error {
	if !person.Can(a, person.WriteArticles, person.Thing{}) {
		return fault.Denied(i18n.Text{})
	}
	_, err := tx.Exec(ctx, `DELETE FROM article_file WHERE article_id = $1 AND id = $2`, articleID, id)
	return err
}

// fileName is a name without folders, and without what addresses and Markdown trip over.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f || strings.ContainsRune(`"<>?#%()[]*|:`, r):
			return -1
		case r == ' ':
			return '-'
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimLeft(name, ".")
	if len(name) > 120 {
		ext := path.Ext(name)
		name = strings.ToValidUTF8(name[:max(1, 120-len(ext))], "") + ext
	}
	return name
}
