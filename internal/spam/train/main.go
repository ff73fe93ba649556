// Command train counts the words of labelled mails for the table that package spam comes with.
//
//	go run ./internal/spam/train -mails DIR > internal/spam/prior.tsv
//
// DIR has a folder a set; those whose names begin with "spam" hold spam, the others wanted mail. What is printed holds
// single words and how many mails had them, and nothing of the mails themselves.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"goodturn/internal/mailmsg"
	"goodturn/internal/spam"
)

func main() {
	mails := flag.String("mails", "", "the folder with the labelled mails")
	flag.Parse()
	t, err := count(*mails)
	if err != nil {
		log.Fatal(err)
	}
	w := bufio.NewWriter(os.Stdout)
	for _, word := range slices.Sorted(maps.Keys(t)) {
		fmt.Fprintf(w, "%s\t%d\t%d\n", word, t[word].Spam, t[word].Ham)
	}
	if err := w.Flush(); err != nil {
		log.Fatal(err)
	}
}

func count(dir string) (spam.Table, error) {
	t := spam.Table{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		m := mailmsg.Parse(raw)
		t.Learn(spam.Words(spam.Mail{FromAddress: m.From.Address, Subject: m.Subject, Text: m.Text}), strings.HasPrefix(filepath.Base(filepath.Dir(path)), "spam"), 1)
		return nil
	})
	return t.Portable(), err
}
