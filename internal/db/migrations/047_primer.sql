-- The primer: what people ask most with its best answer, as a short read.

-- One row, id 1. opening is what leads wrote above it; changed_at is when what it says changed last, made_at when it was looked at, due_at
-- when it is looked at again.
CREATE TABLE primer (
  id BIGINT PRIMARY KEY,
  opening TEXT NOT NULL,
  version BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);

-- What may stand in it. ref is what it is of: "topic:12", "service:3", "article:7", "ticket:1042". title and text are what it says where no
-- article says it, in language; often counts how often it came in four weeks. article_id or ticket_id is what it rests on. pinned, left_out
-- and place (0 for none) are what a lead chose; found says that the last look still found it.
CREATE TABLE primer_entry (
  id {{id}},
  ref TEXT NOT NULL UNIQUE,
  chapter TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT NOT NULL,
  often BIGINT NOT NULL,
  article_id BIGINT REFERENCES article (id) ON DELETE SET NULL,
  ticket_id BIGINT REFERENCES ticket (id) ON DELETE CASCADE,
  service_id BIGINT,
  pinned BOOLEAN NOT NULL,
  left_out BOOLEAN NOT NULL,
  place BIGINT NOT NULL,
  found BOOLEAN NOT NULL
);
CREATE INDEX primer_entry_article ON primer_entry (article_id);
CREATE INDEX primer_entry_ticket ON primer_entry (ticket_id);

-- Who has read it, and when.
CREATE TABLE primer_reader (
  person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
  at BIGINT NOT NULL
);
