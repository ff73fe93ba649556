-- Texts that are found by what they are about (internal/search/page.go): the forms of their words in their order, which the ranking
-- reads, and an index of the forms. Shelves say who may find a page.
CREATE TABLE search_page (
  id BIGINT PRIMARY KEY,
  shelf BIGINT NOT NULL,
  heading TEXT NOT NULL,
  body TEXT NOT NULL,
  heading_words BIGINT NOT NULL,
  body_words BIGINT NOT NULL
);

-- place is id * 65536 + shelf. The words themselves lie aside (toast), so that a list of places is read from few blocks.
CREATE TABLE search_place (
  place BIGINT PRIMARY KEY,
  in_heading TSVECTOR NOT NULL,
  anywhere TSVECTOR NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE search_place ALTER COLUMN in_heading SET STORAGE EXTERNAL;
ALTER TABLE search_place ALTER COLUMN anywhere SET STORAGE EXTERNAL;
CREATE INDEX search_place_heading ON search_place USING gin (in_heading);
CREATE INDEX search_place_anywhere ON search_place USING gin (anywhere);

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
