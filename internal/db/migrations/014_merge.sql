-- Tickets that became part of others. Their messages lie with the ticket that was kept, so that whoever reads a
-- ticket's messages reads them all; home_id is where a message goes when that is undone, NULL where it lies at home.
ALTER TABLE message ADD COLUMN home_id BIGINT REFERENCES ticket (id);

-- by_merge: the row is there only because of a ticket that became part of this one, and goes with it.
ALTER TABLE follower ADD COLUMN by_merge BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ticket_tag ADD COLUMN by_merge BOOLEAN NOT NULL DEFAULT FALSE;

-- kept is what the kept ticket was before, as JSON, for undoing it.
CREATE TABLE ticket_merge (
  id {{id}},
  kept_id BIGINT NOT NULL REFERENCES ticket (id),
  gone_id BIGINT NOT NULL REFERENCES ticket (id),
  by_id BIGINT REFERENCES person (id),
  merged_at BIGINT NOT NULL,
  event_id BIGINT NOT NULL REFERENCES event (id),
  before TEXT NOT NULL,
  undone_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX ticket_merge_gone ON ticket_merge (gone_id) WHERE undone_at = 0;
CREATE INDEX ticket_merge_kept ON ticket_merge (kept_id, id);
