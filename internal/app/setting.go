package app

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// ErrSetting says that something in Config cannot be used as it is.
var ErrSetting = errors.New("a setting is wrong")

// check looks at what would otherwise fail late, or not at all: a database address of another kind would
// be taken for a file, and a public URL with a slash too many would break every link in a mail.
func (c *Config) check() error {
	if d := c.Database; d != "" && !strings.HasPrefix(d, "postgres://") && !strings.HasPrefix(d, "postgresql://") {
		return fmt.Errorf("%w: the database is given as a URL such as postgres://user@host/name; without one it is a file in the data folder", ErrSetting)
	}
	if c.PublicURL == "" {
		return nil
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%w: %q is no public URL; one looks like https://help.example.com", ErrSetting, c.PublicURL)
	}
	return nil
}

// zone is the name of the desk's zone. That of the machine has none of its own, so it is looked up where the system keeps it.
func (c *Config) zone() string {
	if c.Zone == nil {
		return "UTC"
	}
	if name := c.Zone.String(); name != "Local" {
		return name
	}
	if name := strings.TrimPrefix(os.Getenv("TZ"), ":"); name != "" {
		return name
	}
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(filepath.ToSlash(target), "/zoneinfo/"); ok {
			return name
		}
	}
	return "UTC"
}
