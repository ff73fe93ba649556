-- The rota: who is at the desk when.

-- How a team plans; id is the team's. zone is where its days begin and end ("" for the desk's). rest_minutes is how long somebody rests between two
-- shifts, week_minutes how long they work in a week at most, ahead_weeks for how many weeks to come shifts are made.
CREATE TABLE rota (
  id BIGINT PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
  zone TEXT NOT NULL,
  rest_minutes BIGINT NOT NULL,
  week_minutes BIGINT NOT NULL,
  ahead_weeks BIGINT NOT NULL
);

-- Of somebody who has shifts; id is theirs. week_minutes is their own most (0 for the team's), invites says that shifts come by mail as
-- invitations, feed counts how often the secret of their calendar addresses was renewed.
CREATE TABLE rota_person (
  id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
  week_minutes BIGINT NOT NULL DEFAULT 0,
  invites BOOLEAN NOT NULL DEFAULT TRUE,
  feed BIGINT NOT NULL DEFAULT 0
);

-- What comes again and again. rule is of RFC 5545 and says on which days; first_day is a day, like shift.day; begins and ends are minutes of the
-- wall clock in zone, ends beyond 1440 on the next day. breaks are "750-780", the same. skills are words with spaces between them.
-- unloved is said by whoever plans, beside what is found out. ended_at is 0 while shifts are made of it; made_until is the day up to which they are.
CREATE TABLE shift_pattern (
  id {{id}},
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  rule TEXT NOT NULL,
  first_day BIGINT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  zone TEXT NOT NULL,
  breaks TEXT NOT NULL,
  needed BIGINT NOT NULL,
  skills TEXT NOT NULL,
  unloved BOOLEAN NOT NULL,
  made_until BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX shift_pattern_team ON shift_pattern (team_id);
CREATE INDEX shift_pattern_made ON shift_pattern (made_until) WHERE ended_at = 0;

-- One shift of one person, or an open one (person_id NULL). day is that of its beginning in zone, in days since 1970, slot which of those needed at
-- once it is: a pattern makes one for each. breaks are moments, "from-until" with spaces between them. unloved is how many of its minutes are. by_hand
-- says that somebody changed it, so that its pattern leaves it alone. for_id is who had it before somebody covered for them.
CREATE TABLE shift (
  id {{id}},
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  pattern_id BIGINT REFERENCES shift_pattern (id) ON DELETE SET NULL,
  day BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  breaks TEXT NOT NULL,
  skills TEXT NOT NULL,
  unloved BIGINT NOT NULL,
  person_id BIGINT REFERENCES person (id),
  for_id BIGINT REFERENCES person (id),
  published BOOLEAN NOT NULL,
  by_hand BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX shift_made ON shift (pattern_id, day, slot) WHERE pattern_id IS NOT NULL;
CREATE INDEX shift_team ON shift (team_id, from_at);
CREATE INDEX shift_person ON shift (person_id, from_at) WHERE person_id IS NOT NULL;

-- An invitation to a shift, as it was last said: a shift and a person have one for good. It tells all that its mails say, so that one can be called
-- off whose shift is gone. said is the last sequence that was mailed, -1 for none. answer is "", accepted, declined or tentative; wanted_from and
-- wanted_until are what they proposed instead, 0 for nothing. strays is who answered from another address, and what, a line each.
CREATE TABLE shift_invite (
  id {{id}},
  shift_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL REFERENCES person (id),
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  breaks TEXT NOT NULL,
  address TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  called_off BOOLEAN NOT NULL,
  said BIGINT NOT NULL DEFAULT -1,
  answer TEXT NOT NULL DEFAULT '',
  comment TEXT NOT NULL DEFAULT '',
  answered_at BIGINT NOT NULL DEFAULT 0,
  wanted_from BIGINT NOT NULL DEFAULT 0,
  wanted_until BIGINT NOT NULL DEFAULT 0,
  strays TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX shift_invite_of ON shift_invite (shift_id, person_id);
CREATE INDEX shift_invite_person ON shift_invite (person_id);

-- Somebody asks a colleague to swap shifts. state is asked, done, refused, withdrawn or void (one of the shifts is not as it was).
CREATE TABLE shift_swap (
  id {{id}},
  given_id BIGINT NOT NULL REFERENCES shift (id) ON DELETE CASCADE,
  wanted_id BIGINT NOT NULL REFERENCES shift (id) ON DELETE CASCADE,
  asker_id BIGINT NOT NULL REFERENCES person (id),
  other_id BIGINT NOT NULL REFERENCES person (id),
  note TEXT NOT NULL,
  state TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX shift_swap_asker ON shift_swap (asker_id, asked_at);
CREATE INDEX shift_swap_other ON shift_swap (other_id, asked_at);
CREATE INDEX shift_swap_given ON shift_swap (given_id);
CREATE INDEX shift_swap_wanted ON shift_swap (wanted_id);

-- Somebody asks to be covered for a while of a shift. state is asked, taken, withdrawn or nobody. due_at is when it is said that nobody said yes.
CREATE TABLE shift_cover (
  id {{id}},
  shift_id BIGINT NOT NULL REFERENCES shift (id) ON DELETE CASCADE,
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  asker_id BIGINT NOT NULL REFERENCES person (id),
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  taker_id BIGINT REFERENCES person (id),
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX shift_cover_shift ON shift_cover (shift_id);
CREATE INDEX shift_cover_due ON shift_cover (due_at) WHERE state = 'asked';
CREATE INDEX shift_cover_asker ON shift_cover (asker_id, asked_at);

-- Who is asked; passed says that they cannot.
CREATE TABLE shift_cover_ask (
  cover_id BIGINT NOT NULL REFERENCES shift_cover (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  passed BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (cover_id, person_id)
);
CREATE INDEX shift_cover_ask_person ON shift_cover_ask (person_id);

-- What whoever plans took out, so that its pattern does not make it again.
CREATE TABLE shift_left_out (
  pattern_id BIGINT NOT NULL REFERENCES shift_pattern (id) ON DELETE CASCADE,
  day BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  PRIMARY KEY (pattern_id, day, slot)
);
