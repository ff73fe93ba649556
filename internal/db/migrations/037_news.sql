-- When the requester was promised to hear something: one row a ticket that owes news, gone when they have heard.
CREATE TABLE news (
  ticket_id BIGINT PRIMARY KEY REFERENCES ticket (id),
  due_at BIGINT NOT NULL,
  late BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX news_due ON news (due_at) WHERE NOT late;
