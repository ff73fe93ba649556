-- Papercuts: small things that annoy, said in a tap or a sentence, without a ticket.

-- state is open, handed_on, gone or stays (not to be changed, with its reason). private_id is the private team whose ticket it came from.
-- looked says that staff have read it, so that what an unknown visitor wrote may be shown to others. people and recent are how many have it,
-- in all and within the last weeks; recount_at is when that changes by itself, 0 for never. first_id is its first sentence, known_id the first
-- of somebody who is known. gone_at is when it was last said to be gone.
CREATE TABLE papercut (
  id {{id}},
  title TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'open',
  team_id BIGINT REFERENCES team (id),
  private_id BIGINT REFERENCES team (id),
  looked BOOLEAN NOT NULL DEFAULT FALSE,
  hidden BOOLEAN NOT NULL DEFAULT FALSE,
  people BIGINT NOT NULL DEFAULT 0,
  recent BIGINT NOT NULL DEFAULT 0,
  recount_at BIGINT NOT NULL DEFAULT 0,
  first_id BIGINT,
  known_id BIGINT,
  said_at BIGINT NOT NULL,
  gone_at BIGINT NOT NULL DEFAULT 0,
  merged_into BIGINT REFERENCES papercut (id),
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX papercut_recent ON papercut (recent, id) WHERE merged_into IS NULL;
CREATE INDEX papercut_recount ON papercut (recount_at) WHERE recount_at > 0;
CREATE INDEX papercut_merged ON papercut (merged_into) WHERE merged_into IS NOT NULL;

-- Somebody has it: a person, or a visitor of whom only a number is known. text is their sentence, '' for "me too". how is portal, mail,
-- ticket or api; place the page where they were. known says that they had proven who they are; tell that they are told when it is gone.
-- from_id is the papercut that brought it when it became part of this one.
CREATE TABLE papercut_tap (
  id {{id}},
  papercut_id BIGINT NOT NULL REFERENCES papercut (id),
  person_id BIGINT REFERENCES person (id) ON DELETE SET NULL,
  visitor BIGINT NOT NULL DEFAULT 0,
  organisation_id BIGINT NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  more TEXT NOT NULL DEFAULT '',
  words BIGINT NOT NULL DEFAULT 0,
  how TEXT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  ticket_id BIGINT,
  team_id BIGINT REFERENCES team (id),
  by_id BIGINT REFERENCES person (id) ON DELETE SET NULL,
  known BOOLEAN NOT NULL,
  tell BOOLEAN NOT NULL,
  hidden BOOLEAN NOT NULL DEFAULT FALSE,
  from_id BIGINT,
  at BIGINT NOT NULL
);
CREATE INDEX papercut_tap_of ON papercut_tap (papercut_id, id);
CREATE INDEX papercut_tap_person ON papercut_tap (person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX papercut_tap_visitor ON papercut_tap (visitor, at) WHERE visitor > 0;
CREATE INDEX papercut_tap_at ON papercut_tap (at);
CREATE INDEX papercut_tap_ticket ON papercut_tap (ticket_id) WHERE ticket_id IS NOT NULL;

-- The words of sentences, as what is left of them without their endings.
CREATE TABLE papercut_word (
  word TEXT NOT NULL,
  tap_id BIGINT NOT NULL REFERENCES papercut_tap (id) ON DELETE CASCADE,
  place BIGINT NOT NULL,
  PRIMARY KEY (word, tap_id, place)
);
CREATE INDEX papercut_word_tap ON papercut_word (tap_id);

-- How many of an organisation have it; 0 is of those who belong to none.
CREATE TABLE papercut_count (
  papercut_id BIGINT NOT NULL REFERENCES papercut (id) ON DELETE CASCADE,
  organisation_id BIGINT NOT NULL,
  people BIGINT NOT NULL,
  recent BIGINT NOT NULL,
  first_id BIGINT,
  known_id BIGINT,
  PRIMARY KEY (papercut_id, organisation_id)
);
CREATE INDEX papercut_count_of ON papercut_count (organisation_id, recent);

-- What staff did with it. what is said, titled, noted, state, merged, split, hid, shown or team.
CREATE TABLE papercut_event (
  id {{id}},
  papercut_id BIGINT NOT NULL REFERENCES papercut (id) ON DELETE CASCADE,
  what TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  by_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL
);
CREATE INDEX papercut_event_of ON papercut_event (papercut_id, id);

-- Where papercuts are handed on to: kind is mail or webhook; sealed holds the address and the key that signs.
CREATE TABLE papercut_tracker (
  id {{id}},
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  host TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  made_by BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0
);

-- One handing on. state is waiting, sent or failed; answer is what the other side said, link where it stands there.
CREATE TABLE papercut_handing (
  id {{id}},
  papercut_id BIGINT NOT NULL REFERENCES papercut (id) ON DELETE CASCADE,
  tracker_id BIGINT NOT NULL REFERENCES papercut_tracker (id),
  text TEXT NOT NULL,
  call_id TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  tries BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '',
  link TEXT NOT NULL DEFAULT '',
  by_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0,
  form BYTEA UNIQUE
);
CREATE INDEX papercut_handing_of ON papercut_handing (papercut_id, id);

-- Whom it was told that a papercut is gone, each time once.
CREATE TABLE papercut_told (
  papercut_id BIGINT NOT NULL REFERENCES papercut (id) ON DELETE CASCADE,
  gone_at BIGINT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  PRIMARY KEY (papercut_id, gone_at, person_id)
);
CREATE INDEX papercut_told_person ON papercut_told (person_id);

-- Who wants to hear nothing of papercuts, and who was asked by mail whether they want to.
CREATE TABLE papercut_quiet (person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE, at BIGINT NOT NULL);
CREATE TABLE papercut_asked (
  papercut_id BIGINT NOT NULL REFERENCES papercut (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  visitor BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (papercut_id, person_id)
);
CREATE INDEX papercut_asked_person ON papercut_asked (person_id);
