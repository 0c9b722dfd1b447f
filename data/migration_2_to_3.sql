-- From version 2, which kept findings alone, to version 3, which keeps the answers that they rest on, and who runs
-- the name servers of a name. Rows measured before have no answers.
CREATE TABLE name_server_operator (
  id INTEGER PRIMARY KEY,
  domain TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE outcomes (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE answer (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE answer_digest (
  digest INTEGER NOT NULL,
  answer INTEGER NOT NULL REFERENCES answer (id),
  PRIMARY KEY (digest, answer)
) STRICT, WITHOUT ROWID;
CREATE TABLE further_answer (
  observation INTEGER NOT NULL REFERENCES observation (id),
  ordinal INTEGER NOT NULL,
  answer INTEGER NOT NULL REFERENCES answer (id),
  PRIMARY KEY (observation, ordinal)
) STRICT, WITHOUT ROWID;
ALTER TABLE run ADD COLUMN max_unmeasured REAL;
ALTER TABLE run ADD COLUMN judged TEXT;
ALTER TABLE run ADD COLUMN exclude TEXT NOT NULL DEFAULT '';
ALTER TABLE listed ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE plan ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE observation ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE observation ADD COLUMN outcomes INTEGER REFERENCES outcomes (id);
ALTER TABLE observation ADD COLUMN txt INTEGER REFERENCES answer (id);
ALTER TABLE observation ADD COLUMN mx INTEGER REFERENCES answer (id);
ALTER TABLE observation ADD COLUMN dmarc INTEGER REFERENCES answer (id);
CREATE VIEW domain_answer (month, domain, operator, outcomes, txt, mx, dmarc) AS
  SELECT run.month, name.text, name_server_operator.domain, outcomes.text, txt.text, mx.text, dmarc.text
  FROM run
  JOIN observation ON observation.id > run.first_row AND observation.id <= run.first_row + run.names
  JOIN name ON name.id = observation.name
  LEFT JOIN name_server_operator ON name_server_operator.id = observation.operator
  LEFT JOIN outcomes ON outcomes.id = observation.outcomes
  LEFT JOIN answer AS txt ON txt.id = observation.txt
  LEFT JOIN answer AS mx ON mx.id = observation.mx
  LEFT JOIN answer AS dmarc ON dmarc.id = observation.dmarc
  WHERE run.state = 2;
PRAGMA user_version = 3;
