-- Articles: what the desk knows, written down for those who ask.

-- Sections are a tree. version counts changes, so that a form that was open meanwhile is noticed.
CREATE TABLE section (
  id {{id}},
  parent_id BIGINT REFERENCES section (id),
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  place BIGINT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- audience is everybody, organisations (article_organisation) or staff. published says that a text of it, in any language, is. language
-- is that of the original. review_at is when its owner looks at it again, 0 for never; review_days how long that holds then.
CREATE TABLE article (
  id {{id}},
  slug TEXT NOT NULL UNIQUE,
  section_id BIGINT REFERENCES section (id),
  place BIGINT NOT NULL,
  language TEXT NOT NULL,
  audience TEXT NOT NULL,
  published BOOLEAN NOT NULL,
  owner_id BIGINT REFERENCES person (id),
  review_days BIGINT NOT NULL,
  review_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX article_section ON article (section_id, place, id);
CREATE INDEX article_changed ON article (changed_at, id);
CREATE INDEX article_review ON article (review_at) WHERE review_at > 0;

CREATE TABLE article_organisation (
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  organisation_id BIGINT NOT NULL REFERENCES organisation (id) ON DELETE CASCADE,
  PRIMARY KEY (article_id, organisation_id)
);
CREATE INDEX article_organisation_of ON article_organisation (organisation_id);

-- Addresses that articles had before, which lead to them still.
CREATE TABLE article_address (
  slug TEXT PRIMARY KEY,
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE
);

-- An article in one language. title and body are what is being written, live_title and live_body what is read; live is the version of
-- that, 0 for none. follows is the version of the original's live text that a translation was made from.
CREATE TABLE article_text (
  id {{id}},
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  live_title TEXT NOT NULL,
  live_body TEXT NOT NULL,
  live BIGINT NOT NULL,
  live_at BIGINT NOT NULL,
  follows BIGINT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  changed_at BIGINT NOT NULL,
  UNIQUE (article_id, language)
);

-- Every version that was saved. Versions are never changed.
CREATE TABLE article_version (
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  version BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  by_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (article_id, language, version)
);

-- Pictures and files of an article, called by their name in its text.
CREATE TABLE article_file (
  id {{id}},
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (article_id, name)
);

-- What readers say of an article: helped is yes or no, or empty where only words say what is missing. settled_at is when its owner dealt
-- with those, 0 for not yet; what has no words asks for nothing.
CREATE TABLE article_answer (
  id {{id}},
  article_id BIGINT NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  version BIGINT NOT NULL,
  helped TEXT NOT NULL,
  words TEXT NOT NULL,
  person_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  settled_by BIGINT REFERENCES person (id)
);
CREATE INDEX article_answer_of ON article_answer (article_id, id);
CREATE INDEX article_answer_open ON article_answer (at, id) WHERE settled_at = 0 AND words <> '';
