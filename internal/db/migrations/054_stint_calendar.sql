-- What the calendar of each of the two of a stint knows of it, as it was last said by mail.
CREATE TABLE stint_invite (
  id {{id}},
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  with_id BIGINT NOT NULL,
  address TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  first_at BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  called_off BOOLEAN NOT NULL,
  strays TEXT NOT NULL,
  UNIQUE (stint_id, person_id)
);
CREATE INDEX stint_invite_person ON stint_invite (person_id);

-- That a mentor said yes to a draft, to exactly this version of it: digest is that of its text, addresses and files.
CREATE TABLE stint_approval (
  draft_id BIGINT PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  version BIGINT NOT NULL,
  digest TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL
);

-- Who said that something should be written down, in their words, and when they were told that it is; 0 for not yet.
CREATE TABLE gap_follower (
  gap_id BIGINT NOT NULL REFERENCES gap (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  PRIMARY KEY (gap_id, person_id)
);
CREATE INDEX gap_follower_waiting ON gap_follower (gap_id) WHERE told_at = 0;
ALTER TABLE debrief_point ADD COLUMN gap_id BIGINT NOT NULL DEFAULT 0;

-- The weekly mail to those who help now and then: who wants none, and when each had the last.
CREATE TABLE weekly_mail (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  stopped BOOLEAN NOT NULL,
  sent_at BIGINT NOT NULL
);
