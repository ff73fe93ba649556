-- Who a mail goes to without being named, and answers that may still be taken back.

-- named: chosen for this one message, follower or not; blind: nobody else is told. reason is error without what differs
-- from mail to mail, so that failures of one kind can be sent again together.
ALTER TABLE delivery ADD COLUMN named BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE delivery ADD COLUMN blind BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE delivery ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX delivery_failed ON delivery (next_at, id) WHERE state = 'failed';
CREATE INDEX delivery_late ON delivery (next_at, id) WHERE state = 'queued' AND error <> '';

-- from_name is both, mailbox or agent: whose name stands in From.
ALTER TABLE mailbox ADD COLUMN from_name TEXT NOT NULL DEFAULT 'both';
ALTER TABLE mailbox ADD COLUMN signature TEXT NOT NULL DEFAULT '';

-- An answer that waits for its moment, or that was taken back and waits for its author. draft is JSON; it becomes a
-- message when it is given, and the row goes in the same transaction.
CREATE TABLE held_reply (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  author_id BIGINT NOT NULL REFERENCES person (id),
  draft TEXT NOT NULL,
  next_status TEXT NOT NULL,
  taken_back BOOLEAN NOT NULL,
  held_at BIGINT NOT NULL,
  give_at BIGINT NOT NULL
);
CREATE INDEX held_reply_ticket ON held_reply (ticket_id, id);

-- The keys that mails of a domain are signed with. private_key is sealed.
CREATE TABLE dkim_key (
  domain TEXT PRIMARY KEY,
  selector TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  private_key TEXT NOT NULL,
  public_key TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
);
