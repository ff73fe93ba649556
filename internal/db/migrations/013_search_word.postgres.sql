-- The words that documents hold, with how many (about) hold each; scope 0 is what everybody at the desk may know, others are
-- the words of those who may see more. The word '' counts the documents. Compared byte by byte, for ranges of beginnings.
CREATE TABLE search_word (
  scope BIGINT NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  documents BIGINT NOT NULL,
  PRIMARY KEY (scope, word)
);
CREATE INDEX search_word_common ON search_word (scope, documents);

-- What leads from a word that was typed to those that were meant: see internal/search/form.go and near.go.
CREATE TABLE search_key (
  key BIGINT NOT NULL,
  word TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (key, word)
);

-- How far the words have been learned: of the spine up to the id of an event; of the people who were there before, from the
-- newest down to an id. Later people are learned when they come.
CREATE TABLE search_learned (
  name TEXT PRIMARY KEY,
  position BIGINT NOT NULL
);
INSERT INTO search_learned (name, position) VALUES ('event', 0);
INSERT INTO search_learned (name, position) SELECT 'person', coalesce(max(id), 0) FROM person;

-- What somebody looked at last, and what they pinned: kind is 'ticket', 'person' or 'view'; ref is its number or its address.
CREATE TABLE person_visit (
  person_id BIGINT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  at BIGINT NOT NULL,
  pinned_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person_id, kind, ref)
);
