-- What people ask that nobody has written down: topics of tickets, words that were searched in vain, articles that did not do.

-- kind is topic (tickets), nothing or unopened (searches), came (tickets after reading an article), asked (of an article) or stale. ref is
-- what it is of: the topic, the words, the article. article_id is what was written because of it, or what it is about; live_at since
-- when readers have that, 0 for not yet. lately is how often it came in the last four whole weeks. version counts what people changed.
CREATE TABLE gap (
  id {{id}},
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  label TEXT NOT NULL,
  state TEXT NOT NULL,
  owner_id BIGINT REFERENCES person (id),
  article_id BIGINT REFERENCES article (id) ON DELETE SET NULL,
  live_at BIGINT NOT NULL DEFAULT 0,
  lately BIGINT NOT NULL DEFAULT 0,
  found_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 0,
  UNIQUE (kind, ref)
);
CREATE INDEX gap_lately ON gap (state, kind, lately, id);
CREATE INDEX gap_article ON gap (article_id);

-- How often it came, by weeks counted from Monday, 5 January 1970 (UTC).
CREATE TABLE gap_week (
  gap_id BIGINT NOT NULL REFERENCES gap (id) ON DELETE CASCADE,
  week BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (gap_id, week)
);

-- Which tickets are of which gap; gap_id 0 is a ticket whose words fit no topic. Private teams' tickets are never here.
CREATE TABLE gap_ticket (
  ticket_id BIGINT NOT NULL REFERENCES ticket (id) ON DELETE CASCADE,
  gap_id BIGINT NOT NULL,
  week BIGINT NOT NULL,
  PRIMARY KEY (ticket_id, gap_id)
);
CREATE INDEX gap_ticket_of ON gap_ticket (gap_id, ticket_id);

-- What was searched, by words and week: how often, how often in vain, and how often a result was opened. Nobody's name stands here.
CREATE TABLE gap_search (
  words TEXT NOT NULL,
  week BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  empty BIGINT NOT NULL,
  opened BIGINT NOT NULL,
  PRIMARY KEY (words, week)
);
CREATE INDEX gap_search_week ON gap_search (week);

-- What was learned: the topics, of how many tickets, and up to which ticket they were taken in. One row, when there is any.
CREATE TABLE gap_model (
  id BIGINT PRIMARY KEY,
  model BYTEA NOT NULL,
  version BIGINT NOT NULL,
  learned BIGINT NOT NULL,
  position BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
