-- Texts that are found by what they are about (internal/search/page.go): the forms of their words in their order, which the ranking
-- reads, and indexes of the forms, anywhere and in headings. A row of an index is id * 65536 + shelf. Shelves say who may find a page.
CREATE TABLE search_page (
  id INTEGER PRIMARY KEY,
  shelf BIGINT NOT NULL,
  heading TEXT NOT NULL,
  body TEXT NOT NULL,
  heading_words BIGINT NOT NULL,
  body_words BIGINT NOT NULL
);
CREATE VIRTUAL TABLE search_page_index USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE search_heading_index USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize="unicode61 remove_diacritics 0");

-- How many pages stand on a shelf, with how many words: what the ranking needs to know of all.
CREATE TABLE search_shelf (
  shelf BIGINT PRIMARY KEY,
  pages BIGINT NOT NULL,
  heading_words BIGINT NOT NULL,
  body_words BIGINT NOT NULL
);

-- Words and phrases that mean the same at this desk, one a line. name is '' for the desk's own; a name is that of a group that
-- comes with the program, which this row replaces: without words it is left out.
CREATE TABLE search_synonym (
  id {{id}},
  name TEXT NOT NULL,
  words TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX search_synonym_name ON search_synonym (name) WHERE name <> '';
