-- What somebody is writing of an article and has not saved: one for each person, article and language, or, of an article that is not there
-- yet, for each form. was is the version that they began with.
CREATE TABLE article_unsaved (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  article_id BIGINT REFERENCES article (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  was BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE UNIQUE INDEX article_unsaved_of ON article_unsaved (person_id, article_id, language) WHERE article_id IS NOT NULL;
CREATE UNIQUE INDEX article_unsaved_new ON article_unsaved (person_id, key) WHERE article_id IS NULL;
CREATE INDEX article_unsaved_article ON article_unsaved (article_id);
CREATE INDEX article_unsaved_at ON article_unsaved (at);
