-- Texts that are found by what they are about (internal/search/page.go): the forms of their words in their order, which the ranking
-- reads, and an index of the forms. Shelves say who may find a page.
CREATE TABLE search_page (
  id BIGINT PRIMARY KEY,
  shelf BIGINT NOT NULL,
  heading TEXT NOT NULL,
  body TEXT NOT NULL,
  heading_words BIGINT NOT NULL,
  body_words BIGINT NOT NULL,
  in_heading TSVECTOR NOT NULL,
  anywhere TSVECTOR NOT NULL
);
CREATE INDEX search_page_heading ON search_page USING gin (in_heading);
CREATE INDEX search_page_anywhere ON search_page USING gin (anywhere);

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
