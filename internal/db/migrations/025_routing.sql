-- Who gets a ticket: how teams share work, who is away, what was offered.

-- How a team shares its work; id is the team's. way is none, turn or least; capacity 0 is no limit; calendar_id 0 is the desk's standard;
-- offer_after and offer_for are minutes. again_at is when its pile is looked at again, 0 for not by itself.
CREATE TABLE team_sharing (
  id BIGINT PRIMARY KEY REFERENCES team (id),
  way TEXT NOT NULL,
  capacity BIGINT NOT NULL,
  calendar_id BIGINT NOT NULL,
  at_work BOOLEAN NOT NULL,
  last_helper BOOLEAN NOT NULL,
  offer_after BIGINT NOT NULL,
  offer_for BIGINT NOT NULL,
  offer_leads BOOLEAN NOT NULL,
  turns BIGINT NOT NULL DEFAULT 0,
  again_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX team_sharing_again ON team_sharing (again_at) WHERE again_at > 0;

-- A member in the sharing of a team: a capacity of their own, NULL for the team's; and the number of the turn they had last.
CREATE TABLE team_share (
  team_id BIGINT NOT NULL REFERENCES team (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  capacity BIGINT,
  last_turn BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (team_id, person_id)
);

-- Of somebody who works here; id is theirs: working hours of their own (0 for the team's), until when nothing is given to them because
-- they are in a long call, and when a ticket was last offered to them.
CREATE TABLE helper (
  id BIGINT PRIMARY KEY REFERENCES person (id),
  calendar_id BIGINT NOT NULL DEFAULT 0,
  hold_until BIGINT NOT NULL DEFAULT 0,
  offered_at BIGINT NOT NULL DEFAULT 0
);

-- Languages ("de") and skills ("printer") of a person.
CREATE TABLE person_tag (
  person_id BIGINT NOT NULL REFERENCES person (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (person_id, tag)
);

-- hand_over is who gets what they have: team, deputy, nobody, or keep. begun_at is when that was done, 0 for not yet.
CREATE TABLE absence (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  note TEXT NOT NULL,
  hand_over TEXT NOT NULL,
  deputy_id BIGINT REFERENCES person (id),
  by_id BIGINT REFERENCES person (id),
  created_at BIGINT NOT NULL,
  begun_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX absence_person ON absence (person_id, until_at);
CREATE INDEX absence_until ON absence (until_at);
CREATE INDEX absence_deputy ON absence (deputy_id, until_at) WHERE deputy_id IS NOT NULL;
CREATE INDEX absence_begin ON absence (from_at) WHERE begun_at = 0;

-- Where new tickets go, asked in the order of place.
CREATE TABLE team_route (
  id {{id}},
  place BIGINT NOT NULL,
  filter TEXT NOT NULL,
  team_id BIGINT NOT NULL REFERENCES team (id),
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

-- A ticket that is our turn and that nobody has, in a team that shares its work or offers it around. shared says that it waits for
-- somebody whom it can be given to; next_at is when it is offered to the next, 0 for not; asked is who it is offered to now.
CREATE TABLE unclaimed (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  team_id BIGINT NOT NULL REFERENCES team (id),
  since BIGINT NOT NULL,
  shared BOOLEAN NOT NULL,
  next_at BIGINT NOT NULL,
  round TEXT NOT NULL DEFAULT '',
  asked_id BIGINT REFERENCES person (id)
);
CREATE INDEX unclaimed_next ON unclaimed (next_at) WHERE next_at > 0;
CREATE INDEX unclaimed_team ON unclaimed (team_id) WHERE shared;
CREATE INDEX unclaimed_asked ON unclaimed (asked_id) WHERE asked_id IS NOT NULL;

-- Who was asked to take a ticket that is in unclaimed.
CREATE TABLE offer (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, person_id)
);

-- The order of "take next": due soonest, then priority, then who waits longest.
CREATE INDEX ticket_next ON ticket (team_id, (CASE WHEN due_at = 0 THEN 9223372036854775807 ELSE due_at END),
  (CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END),
  (CASE WHEN waiting_since = 0 THEN 9223372036854775807 ELSE waiting_since END), id) WHERE turn = 'ours' AND assignee_id IS NULL;
CREATE INDEX ticket_load ON ticket (assignee_id, team_id) WHERE turn = 'ours';
