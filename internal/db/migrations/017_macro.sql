-- Doing much at once: changes of many tickets, canned replies and macros.

-- One change of many tickets, asked for by one person. actions is JSON. filter is the view whose tickets it is about, '' for
-- tickets that were named one by one. undoes is the change that this one takes back.
CREATE TABLE bulk (
  id {{id}},
  person_id BIGINT NOT NULL REFERENCES person (id),
  actions TEXT NOT NULL,
  filter TEXT NOT NULL,
  undoes BIGINT UNIQUE REFERENCES bulk (id),
  state TEXT NOT NULL,
  total BIGINT NOT NULL DEFAULT 0,
  done BIGINT NOT NULL DEFAULT 0,
  changed BIGINT NOT NULL DEFAULT 0,
  failed BIGINT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX bulk_person ON bulk (person_id, id);
CREATE INDEX bulk_started ON bulk (started_at);

-- One ticket of it: waiting, changed, same (there was nothing to do), or failed with the reason. applied is what takes it back.
CREATE TABLE bulk_item (
  bulk_id BIGINT NOT NULL REFERENCES bulk (id) ON DELETE CASCADE,
  ticket_id BIGINT NOT NULL REFERENCES ticket (id),
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  applied TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (bulk_id, ticket_id)
);
CREATE INDEX bulk_item_state ON bulk_item (bulk_id, state, ticket_id);
CREATE INDEX bulk_item_ticket ON bulk_item (ticket_id);
