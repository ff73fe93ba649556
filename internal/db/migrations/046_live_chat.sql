-- Live chats: conversations on tickets while somebody is on both sides. What is said stands on the ticket; here stands who is there.

-- state is waiting (nobody has answered), talking, line (nobody came, it waits like every request) or ended. agent_id is who has it.
-- heard_at is when anybody last wrote, here_at when the visitor's page last asked, typed_at when they last typed, shown_id the newest message
-- that their page has shown. ended_by is visitor, agent or silence. mailed_at is when the conversation was asked
-- for by mail. due_at is when it is looked at again, 0 for never.
CREATE TABLE live_chat (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  agent_id BIGINT REFERENCES person (id),
  begun_at BIGINT NOT NULL,
  heard_at BIGINT NOT NULL,
  here_at BIGINT NOT NULL,
  typed_at BIGINT NOT NULL DEFAULT 0,
  shown_id BIGINT NOT NULL DEFAULT 0,
  ended_at BIGINT NOT NULL DEFAULT 0,
  ended_by TEXT NOT NULL DEFAULT '',
  mailed_at BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL
);
CREATE INDEX live_chat_due ON live_chat (due_at) WHERE due_at > 0;
CREATE INDEX live_chat_waiting ON live_chat (begun_at) WHERE state = 'waiting';

-- Who at the desk takes chats.
CREATE TABLE live_chat_taker (person_id BIGINT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE, since BIGINT NOT NULL);

-- What a page has sent already: a line that broke may have it send again.
CREATE TABLE live_chat_sent (hash BYTEA PRIMARY KEY, ticket_id BIGINT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX live_chat_sent_at ON live_chat_sent (at);

-- To which team chats go (NULL for where tickets usually go), and after how many minutes a chat that nobody takes waits in the line, and one in
-- which nobody writes is over.
ALTER TABLE button ADD COLUMN chat_team_id BIGINT REFERENCES team (id) ON DELETE SET NULL;
ALTER TABLE button ADD COLUMN chat_wait BIGINT NOT NULL DEFAULT 3;
ALTER TABLE button ADD COLUMN chat_silence BIGINT NOT NULL DEFAULT 15;
