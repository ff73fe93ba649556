-- Articles out of work: drafted from solved tickets and fix notes, and beside macros.

-- to_check says that a text was made of what people wrote, and nobody has said yet that nobody can be recognised in it: it is not published
-- before.
ALTER TABLE article ADD COLUMN to_check BOOLEAN NOT NULL DEFAULT FALSE;

-- Which tickets an article was drafted from. Who may not see the ticket does not see the row.
CREATE TABLE lesson_source (
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  PRIMARY KEY (article_id, ticket_id)
);
CREATE INDEX lesson_source_of ON lesson_source (ticket_id);

-- Which sentence of the draft came from which ticket: for the writer, until it is checked. part is see, do or tell.
CREATE TABLE lesson_sentence (
  id {{id}},
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX lesson_sentence_of ON lesson_sentence (article_id, id);
CREATE INDEX lesson_sentence_ticket ON lesson_sentence (ticket_id);

-- What was taken out of the draft by rule, until it is checked: word stands there now, between before_it and after_it, in the title or in
-- the text. Of secrets, was is empty. back says that the writer put it back.
CREATE TABLE lesson_cut (
  id {{id}},
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  in_title BOOLEAN NOT NULL,
  kind TEXT NOT NULL,
  word TEXT NOT NULL,
  was TEXT NOT NULL,
  before_it TEXT NOT NULL,
  after_it TEXT NOT NULL,
  back BOOLEAN NOT NULL
);
CREATE INDEX lesson_cut_of ON lesson_cut (article_id, id);
CREATE INDEX lesson_cut_ticket ON lesson_cut (ticket_id);

-- Which macro says what which article says. version is the live version of the article's text in that language when they were last the
-- same, 0 for none; from_macro says that the article was made of the macro.
CREATE TABLE macro_article (
  macro_id BIGINT PRIMARY KEY REFERENCES macro (id) ON DELETE CASCADE,
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  version BIGINT NOT NULL,
  from_macro BOOLEAN NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX macro_article_of ON macro_article (article_id);
