-- Tokens are made in Go; the index keeps no text. Ids order documents by age.
CREATE VIRTUAL TABLE search_index USING fts5 (subject, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0");
