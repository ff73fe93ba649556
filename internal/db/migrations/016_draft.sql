-- What is being written and not said yet: one draft of an answer and one of a note for each person on each ticket.

-- version counts the saves, and writer is the tab that saved last, by a word that it chose itself: a tab that knew another
-- version is told. addressed says that the three lines of addresses are meant, and not everybody on the ticket. shared lets
-- asked_id, or everybody on the ticket where that is NULL, read, change and send it; editor_id is who changed it last.
CREATE TABLE draft (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  internal BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  writer TEXT NOT NULL,
  editor_id BIGINT NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  addressed BOOLEAN NOT NULL,
  to_line TEXT NOT NULL,
  cc_line TEXT NOT NULL,
  bcc_line TEXT NOT NULL,
  follow BOOLEAN NOT NULL,
  taken_back BOOLEAN NOT NULL,
  shared BOOLEAN NOT NULL,
  asked_id BIGINT REFERENCES person (id),
  comment TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  UNIQUE (ticket_id, person_id, internal)
);
CREATE INDEX draft_person ON draft (person_id, updated_at, id);
CREATE INDEX draft_shared ON draft (ticket_id) WHERE shared;
CREATE INDEX draft_old ON draft (updated_at);

CREATE TABLE draft_file (
  id {{id}},
  draft_id BIGINT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  inline BOOLEAN NOT NULL,
  content_id TEXT NOT NULL
);
CREATE INDEX draft_file_draft ON draft_file (draft_id, id);

-- What a draft said when somebody else, or another tab, wrote over it: one for each writer.
CREATE TABLE draft_copy (
  id {{id}},
  draft_id BIGINT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
  writer TEXT NOT NULL,
  editor_id BIGINT NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  html TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (draft_id, writer)
);

-- Who sends an answer that somebody else wrote; NULL for the author.
ALTER TABLE held_reply ADD COLUMN sender_id BIGINT REFERENCES person (id);
