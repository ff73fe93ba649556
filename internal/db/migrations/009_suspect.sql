-- Suspect tickets, what the spam classifier has learnt, and limits on what one address may cause.
-- A ticket that is set aside says so in turn ('suspect' or 'spam'), so that every list leaves it out.

-- The guess about a ticket, and what people said of it. words are those that were learnt from, '' for nothing.
CREATE TABLE suspicion (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  score DOUBLE PRECISION NOT NULL,
  reasons TEXT NOT NULL,
  judged TEXT NOT NULL,
  words TEXT NOT NULL
);

-- How many mails judged as spam and as wanted held a word; '' counts the mails.
CREATE TABLE spam_word (
  word TEXT PRIMARY KEY,
  spam BIGINT NOT NULL,
  ham BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX spam_word_seen ON spam_word (seen_at);

-- Senders whose mail somebody has judged: trusted, or not wanted.
CREATE TABLE sender_trust (
  address TEXT PRIMARY KEY,
  trusted BOOLEAN NOT NULL,
  at BIGINT NOT NULL
);

-- The ticket that gathers the mails of somebody who writes too many.
CREATE TABLE collector (
  person_id BIGINT PRIMARY KEY REFERENCES person (id),
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  since BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);

-- Automatic mails of the last day, one row each.
CREATE TABLE automatic_mail (
  id {{id}},
  address TEXT NOT NULL,
  why TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX automatic_mail_address ON automatic_mail (address, at);
CREATE INDEX automatic_mail_at ON automatic_mail (at);
CREATE INDEX person_created ON person (created_at);
