-- People whom others ask for help: the links they share, what they handed on to the desk, and the minutes they note.

-- The secret of a link is made of its id by the installation's key; hash is the SHA-256 of it.
CREATE TABLE help_link (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  hash BYTEA UNIQUE,
  made_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX help_link_person ON help_link (person_id, id);

-- how is link, address or mail; answer is '' until they chose: follow or let_go.
CREATE TABLE handed_on (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  how TEXT NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (ticket_id, person_id)
);
CREATE INDEX handed_on_person ON handed_on (person_id, at);
CREATE INDEX handed_on_at ON handed_on (at);

-- Minutes of help that somebody gave beside their work. words and whom are their own, and seen by nobody else.
CREATE TABLE help_entry (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  minutes BIGINT NOT NULL,
  words TEXT NOT NULL DEFAULT '',
  folded TEXT NOT NULL DEFAULT '',
  whom TEXT NOT NULL DEFAULT '',
  at BIGINT NOT NULL,
  noted_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0,
  handed_id BIGINT UNIQUE REFERENCES handed_on (id) ON DELETE SET NULL
);
CREATE INDEX help_entry_person ON help_entry (person_id, at, id);
CREATE INDEX help_entry_at ON help_entry (at);

-- What somebody reckons with. Money is in hundredths of the currency; counted says that their minutes count in the desk's totals.
CREATE TABLE help_reckoning (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  hourly BIGINT NOT NULL DEFAULT 0,
  currency TEXT NOT NULL DEFAULT '',
  monthly BIGINT NOT NULL DEFAULT 0,
  week_minutes BIGINT NOT NULL DEFAULT 0,
  counted BOOLEAN NOT NULL DEFAULT FALSE
);

-- A page without names that somebody shows to others. Its secret is made of its id, as that of a link is.
CREATE TABLE help_shown (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  words BOOLEAN NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX help_shown_person ON help_shown (person_id, id);
