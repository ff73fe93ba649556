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

-- A macro: a text, actions, or both; a text alone is what people call a canned reply. scope is 'own', 'team' or 'all'. risk is
-- 'yes', 'no', or 'words' when its words decide. removed_at is 0 for one that is there.
CREATE TABLE macro (
  id {{id}},
  owner_id BIGINT NOT NULL REFERENCES person (id),
  scope TEXT NOT NULL,
  team_id BIGINT REFERENCES team (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  shortcut TEXT NOT NULL,
  folder TEXT NOT NULL,
  actions TEXT NOT NULL,
  risk TEXT NOT NULL,
  used BIGINT NOT NULL DEFAULT 0,
  used_at BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX macro_scope ON macro (scope, owner_id);
CREATE INDEX macro_removed ON macro (removed_at) WHERE removed_at <> 0;

-- Its text in one language, in light Markdown, with variables.
CREATE TABLE macro_text (
  macro_id BIGINT NOT NULL REFERENCES macro (id) ON DELETE CASCADE,
  language TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (macro_id, language)
);
