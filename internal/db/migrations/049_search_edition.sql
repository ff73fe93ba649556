-- Names the state of the index of pages: any change of it makes another. What was read from the index before may be used again while it is
-- the same.
CREATE TABLE search_edition (
  id BIGINT PRIMARY KEY,
  edition TEXT NOT NULL
);
