-- What a rota is proposed from, and proposals.

-- When somebody likes to work: part is a part of the week (proposal.Parts), weight from -3 (please not) to 3 (very gladly).
CREATE TABLE rota_wish (
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (person_id, part)
);

-- How many a team wants to be at the desk; id is the team's. share of a hundred are to be taken up within so many minutes, per_hour is how many
-- conversations somebody gets done in an hour, in hundredths, 0 for as it was measured, least is how many are there whenever the desk is open.
CREATE TABLE rota_need (
  id BIGINT PRIMARY KEY REFERENCES team (id) ON DELETE CASCADE,
  share BIGINT NOT NULL,
  within_minutes BIGINT NOT NULL,
  per_hour BIGINT NOT NULL,
  least BIGINT NOT NULL
);

-- A proposal of who takes the open shifts of a time. state is working, ready, failed, taken or dropped; done is how far it is, of a hundred; result
-- is what came of it, as JSON.
CREATE TABLE rota_proposal (
  id {{id}},
  team_id BIGINT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  person_id BIGINT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL,
  done BIGINT NOT NULL DEFAULT 0,
  result TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rota_proposal_team ON rota_proposal (team_id, id);
CREATE INDEX rota_proposal_person ON rota_proposal (person_id);
CREATE INDEX rota_proposal_asked ON rota_proposal (asked_at);
