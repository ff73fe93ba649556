-- Tokens are made in Go; weight A is the subject, B the body. Ids order documents by age.
CREATE TABLE search_index (
  id BIGINT PRIMARY KEY,
  words TSVECTOR NOT NULL
);
CREATE INDEX search_index_words ON search_index USING gin (words);
