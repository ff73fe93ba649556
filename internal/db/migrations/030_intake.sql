-- Guided intake: requests on which nobody could start work, what was asked about them, and the questions as a desk has changed them.

-- state is asking, done or stopped; ended says by what. why, thing, topic and symptom are what the judge said of it: see internal/intake.
-- acted_at is when somebody of the desk first did something about it, complete whether they knew by then what it was about and what was wrong.
CREATE TABLE intake (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  state TEXT NOT NULL,
  ended TEXT NOT NULL,
  language TEXT NOT NULL,
  why TEXT NOT NULL,
  thing TEXT NOT NULL,
  topic TEXT NOT NULL,
  symptom TEXT NOT NULL,
  unproven BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  acted_at BIGINT NOT NULL,
  complete BOOLEAN NOT NULL
);
CREATE INDEX intake_acted ON intake (acted_at, complete) WHERE acted_at > 0;

-- A question as it was put. place is 1, 2 or 3; question names it, slot is what it asks for; choices has a line for each answer to tap.
-- guess is the outage, or the topic, that a "yes" means.
CREATE TABLE intake_ask (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  place BIGINT NOT NULL,
  question TEXT NOT NULL,
  slot TEXT NOT NULL,
  text TEXT NOT NULL,
  choices TEXT NOT NULL,
  guess_outage BIGINT NOT NULL,
  guess_topic TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  mailed_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  answer TEXT NOT NULL,
  UNIQUE (ticket_id, place)
);

-- What a desk has changed about the questions that Goodturn comes with, and those it has added.
CREATE TABLE intake_question (
  topic TEXT NOT NULL,
  slot TEXT NOT NULL,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  choices TEXT NOT NULL,
  off BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (topic, slot, language)
);

-- What the tickets of the last weeks were about, to notice when many name the same thing.
CREATE TABLE intake_naming (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  topic TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX intake_naming_at ON intake_naming (at, topic);
CREATE INDEX intake_naming_topic ON intake_naming (topic, at);
