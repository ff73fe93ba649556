-- How the requester's pages look and what they are called; id is the organisation's, 0 for the desk's own. What is empty is the desk's.
-- accent and accent_dark are #rrggbb; links has "words address" a line; languages are codes with spaces between; logo is a small picture
-- that we made ourselves, logo_type its media type.
CREATE TABLE brand (
  id BIGINT PRIMARY KEY,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  headline TEXT NOT NULL,
  sentence TEXT NOT NULL,
  accent TEXT NOT NULL,
  accent_dark TEXT NOT NULL,
  links TEXT NOT NULL,
  languages TEXT NOT NULL,
  logo BYTEA NOT NULL,
  logo_type TEXT NOT NULL,
  logo_width BIGINT NOT NULL,
  logo_height BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX brand_slug ON brand (slug) WHERE slug <> '';
