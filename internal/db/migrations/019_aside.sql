-- What the filter language looks up, and tickets that are put aside.

-- The domain of an address: what is left without all that stands up to the @. ticket.requesterField asks for the same.
CREATE INDEX person_address_domain ON person_address (replace(address, rtrim(address, replace(address, '@', '')), ''));

-- Files of deleted tickets that may be of no use any more: first noted (retired_at 0), then moved aside, then removed.
CREATE TABLE blob_gone (
  sha256 TEXT PRIMARY KEY,
  size BIGINT NOT NULL,
  retired_at BIGINT NOT NULL
);

-- What a ticket that is deleted for good is looked for by, in everything that refers to it.
CREATE INDEX event_message ON event (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX attachment_message ON attachment (message_id);
CREATE INDEX attachment_sha256 ON attachment (sha256);
CREATE INDEX mail_ticket ON mail (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX mail_sha256 ON mail (sha256);
CREATE INDEX message_home ON message (home_id) WHERE home_id IS NOT NULL;
CREATE INDEX collector_ticket ON collector (ticket_id);
CREATE INDEX form_sent_ticket ON form_sent (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX ticket_merge_event ON ticket_merge (event_id);
CREATE INDEX draft_file_sha256 ON draft_file (sha256);

-- Senders that somebody blocked, beside those whose mail was judged. by_id is who did it.
ALTER TABLE sender_trust ADD COLUMN blocked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sender_trust ADD COLUMN by_id BIGINT REFERENCES person (id);
CREATE INDEX sender_trust_blocked ON sender_trust (at) WHERE blocked;
