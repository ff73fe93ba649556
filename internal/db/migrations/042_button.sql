-- What the button for other people's pages offers; one row, id 1. origins has one address of a page a line, such as https://intranet.example.com:
-- only their pages are answered. plain is the form for those who want no script.
CREATE TABLE button (
  id BIGINT PRIMARY KEY,
  search BOOLEAN NOT NULL,
  papercut BOOLEAN NOT NULL,
  request BOOLEAN NOT NULL,
  chat BOOLEAN NOT NULL,
  plain BOOLEAN NOT NULL,
  origins TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);
