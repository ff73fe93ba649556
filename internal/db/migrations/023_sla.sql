-- Promises about time: policies, and the clocks that run for tickets.

CREATE TABLE sla_policy (
  id {{id}},
  created_at BIGINT NOT NULL
);

-- Every form that a policy had, as JSON; the latest counts, and one that was removed says so. by_id is NULL for the program itself.
CREATE TABLE sla_policy_version (
  id {{id}},
  policy_id BIGINT NOT NULL REFERENCES sla_policy (id),
  by_id BIGINT REFERENCES person (id),
  at BIGINT NOT NULL,
  definition TEXT NOT NULL
);
CREATE INDEX sla_policy_version_policy ON sla_policy_version (policy_id, id);

-- The terms that count for a ticket, of each level; '' for none.
CREATE TABLE sla_ticket (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  sla TEXT NOT NULL,
  ola TEXT NOT NULL
);

-- One promise of one ticket. used is how many milliseconds were counted up to since, from which it runs or rests; due_at is 0 while it
-- rests; next_at is when there is something to tell, 0 for nothing. terms are the policy's version and the calendars' versions that count.
CREATE TABLE sla_clock (
  id {{id}},
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  promise TEXT NOT NULL,
  team_id BIGINT NOT NULL,
  policy_id BIGINT NOT NULL,
  terms TEXT NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  target BIGINT NOT NULL,
  used BIGINT NOT NULL,
  since BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  warned BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  breached_at BIGINT NOT NULL,
  brought_by BIGINT NOT NULL
);
CREATE INDEX sla_clock_ticket ON sla_clock (ticket_id, id);
CREATE INDEX sla_clock_next ON sla_clock (next_at, id) WHERE next_at > 0;
CREATE INDEX sla_clock_policy ON sla_clock (policy_id, id) WHERE state <> 'ended';

-- A stretch of time of a clock that is over: whether it was counted, why not, and how much of it, in milliseconds.
CREATE TABLE sla_span (
  id {{id}},
  clock_id BIGINT NOT NULL REFERENCES sla_clock (id),
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  terms TEXT NOT NULL,
  target BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE INDEX sla_span_clock ON sla_span (clock_id, id);
