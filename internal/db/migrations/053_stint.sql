-- Guests at the desk: who is one and until when, the tickets that were lent to them, and the stints in which that happens.
CREATE TABLE desk_guest (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  from_at BIGINT NOT NULL,
  until BIGINT NOT NULL
);

-- may is "see" or "draft".
CREATE TABLE ticket_grant (
  person_id BIGINT NOT NULL REFERENCES person (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  may TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (person_id, ticket_id)
);
CREATE INDEX ticket_grant_ticket ON ticket_grant (ticket_id);

-- What somebody does in the firm; people may do several things.
CREATE TABLE person_job (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  department TEXT NOT NULL,
  job TEXT NOT NULL,
  manager BOOLEAN NOT NULL
);
CREATE INDEX person_job_person ON person_job (person_id);
CREATE INDEX person_job_department ON person_job (department, person_id);

-- Who takes a turn at the desk, for how long, how often. departments, jobs: one a line; all three empty is the whole firm.
CREATE TABLE stint_policy (
  id {{id}},
  name TEXT NOT NULL,
  team_id BIGINT NOT NULL REFERENCES team (id),
  organisation_id BIGINT REFERENCES organisation (id) ON DELETE SET NULL,
  departments TEXT NOT NULL,
  jobs TEXT NOT NULL,
  managers BOOLEAN NOT NULL,
  minutes BIGINT NOT NULL,
  every_months BIGINT NOT NULL,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);

-- Who need not, and why.
CREATE TABLE stint_excuse (
  policy_id BIGINT NOT NULL REFERENCES stint_policy (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id),
  reason TEXT NOT NULL,
  until BIGINT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES person (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (policy_id, person_id)
);

-- Who is glad to be beside guests.
CREATE TABLE stint_mentor (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  since BIGINT NOT NULL
);

CREATE TABLE stint (
  id {{id}},
  policy_id BIGINT REFERENCES stint_policy (id) ON DELETE SET NULL,
  team_id BIGINT NOT NULL REFERENCES team (id),
  person_id BIGINT NOT NULL REFERENCES person (id),
  mentor_id BIGINT REFERENCES person (id),
  kind TEXT NOT NULL,
  stage TEXT NOT NULL,
  state TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  sequence BIGINT NOT NULL DEFAULT 0,
  invited_at BIGINT NOT NULL DEFAULT 0,
  reminded_at BIGINT NOT NULL DEFAULT 0,
  begun_at BIGINT NOT NULL DEFAULT 0,
  stayed BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT NOT NULL DEFAULT 0,
  answer TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL
);
CREATE INDEX stint_person ON stint (person_id, from_at);
CREATE INDEX stint_beside ON stint (mentor_id, from_at);
CREATE INDEX stint_policy_of ON stint (policy_id, person_id, from_at);
CREATE INDEX stint_due ON stint (due_at) WHERE due_at > 0;
CREATE INDEX stint_from ON stint (from_at, id);
CREATE INDEX stint_open ON stint (mentor_id) WHERE state IN ('invited', 'agreed', 'running');

-- Tickets of a stint, with the words why they fit.
CREATE TABLE stint_ticket (
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  at BIGINT NOT NULL,
  given_back_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (stint_id, ticket_id)
);
CREATE INDEX stint_ticket_ticket ON stint_ticket (ticket_id);

-- Words between a guest and who was their mentor then. They are on no spine, in no index, in no export.
CREATE TABLE whisper (
  id {{id}},
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  ticket_id BIGINT REFERENCES ticket (id) ON DELETE CASCADE,
  mentor_id BIGINT NOT NULL REFERENCES person (id),
  from_id BIGINT NOT NULL REFERENCES person (id),
  text TEXT NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX whisper_stint ON whisper (stint_id, id);

-- Each step that somebody was let go on, or came back from; both can read it.
CREATE TABLE stint_sign_off (
  id {{id}},
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  stage TEXT NOT NULL,
  by_id BIGINT NOT NULL REFERENCES person (id),
  words TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX stint_sign_off_stint ON stint_sign_off (stint_id, id);

-- What somebody took from their stint. A part says what became of it: a papercut, a request.
CREATE TABLE debrief (
  stint_id BIGINT PRIMARY KEY REFERENCES stint (id),
  saw TEXT NOT NULL,
  decider_id BIGINT REFERENCES person (id),
  thanks TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE debrief_point (
  id {{id}},
  stint_id BIGINT NOT NULL REFERENCES stint (id),
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  tickets TEXT NOT NULL,
  papercut_id BIGINT NOT NULL DEFAULT 0,
  ticket_id BIGINT NOT NULL DEFAULT 0,
  hours DOUBLE PRECISION NOT NULL DEFAULT 0
);
CREATE INDEX debrief_point_stint ON debrief_point (stint_id, id);
