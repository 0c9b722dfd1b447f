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
ALTER TABLE run ADD COLUMN pruned TEXT;
ALTER TABLE listed ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE plan ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE observation ADD COLUMN operator INTEGER REFERENCES name_server_operator (id);
ALTER TABLE observation ADD COLUMN outcomes INTEGER REFERENCES outcomes (id);
ALTER TABLE observation ADD COLUMN txt INTEGER REFERENCES answer (id);
ALTER TABLE observation ADD COLUMN mx INTEGER REFERENCES answer (id);
ALTER TABLE observation ADD COLUMN dmarc INTEGER REFERENCES answer (id);
DROP VIEW domain_finding;
DROP VIEW unmeasured_finding;
CREATE VIEW domain_finding AS
  SELECT run.month AS month, name.text AS domain,
    (SELECT code FROM category WHERE category.id = observation.category) AS category,
    (SELECT evidence.name FROM domainkeys_evidence AS evidence
      WHERE evidence.id = observation.domainkeys_evidence) AS domainkeys_evidence,
    2 - 2 * (measured >> 0 & 1) + (published >> 0 & 1) AS "exists",
    2 - 2 * (measured >> 1 & 1) + (published >> 1 & 1) AS mx,
    2 - 2 * (measured >> 2 & 1) + (published >> 2 & 1) AS null_mx,
    2 - 2 * (measured >> 3 & 1) + (published >> 3 & 1) AS mx_address_literal,
    2 - 2 * (measured >> 4 & 1) + (published >> 4 & 1) AS spf,
    2 - 2 * (measured >> 5 & 1) + (published >> 5 & 1) AS spf_txt,
    2 - 2 * (measured >> 6 & 1) + (published >> 6 & 1) AS spf_type99,
    2 - 2 * (measured >> 7 & 1) + (published >> 7 & 1) AS spf_record,
    2 - 2 * (measured >> 8 & 1) + (published >> 8 & 1) AS spf_multiple,
    2 - 2 * (measured >> 9 & 1) + (published >> 9 & 1) AS spf_invalid,
    2 - 2 * (measured >> 10 & 1) + (published >> 10 & 1) AS spf_all_fail,
    2 - 2 * (measured >> 11 & 1) + (published >> 11 & 1) AS spf_all_softfail,
    2 - 2 * (measured >> 12 & 1) + (published >> 12 & 1) AS spf_all_neutral,
    2 - 2 * (measured >> 13 & 1) + (published >> 13 & 1) AS spf_all_pass,
    2 - 2 * (measured >> 14 & 1) + (published >> 14 & 1) AS spf_redirect,
    2 - 2 * (measured >> 15 & 1) + (published >> 15 & 1) AS spf_no_all,
    2 - 2 * (measured >> 16 & 1) + (published >> 16 & 1) AS spf_with_mx,
    2 - 2 * (measured >> 17 & 1) + (published >> 17 & 1) AS sender_id,
    2 - 2 * (measured >> 18 & 1) + (published >> 18 & 1) AS domainkeys_subdomain,
    2 - 2 * (measured >> 19 & 1) + (published >> 19 & 1) AS domainkeys_by_a,
    2 - 2 * (measured >> 20 & 1) + (published >> 20 & 1) AS domainkeys_policy,
    2 - 2 * (measured >> 21 & 1) + (published >> 21 & 1) AS dkim_policy,
    2 - 2 * (measured >> 22 & 1) + (published >> 22 & 1) AS dmarc,
    2 - 2 * (measured >> 23 & 1) + (published >> 23 & 1) AS dmarc_none,
    2 - 2 * (measured >> 24 & 1) + (published >> 24 & 1) AS dmarc_quarantine,
    2 - 2 * (measured >> 25 & 1) + (published >> 25 & 1) AS dmarc_reject,
    2 - 2 * (measured >> 26 & 1) + (published >> 26 & 1) AS dmarc_rua,
    2 - 2 * (measured >> 27 & 1) + (published >> 27 & 1) AS dmarc_testing,
    2 - 2 * (measured >> 28 & 1) + (published >> 28 & 1) AS dmarc_multiple,
    2 - 2 * (measured >> 29 & 1) + (published >> 29 & 1) AS dmarc_invalid,
    2 - 2 * (measured >> 30 & 1) + (published >> 30 & 1) AS dmarc_with_mx,
    (SELECT who.domain FROM name_server_operator AS who WHERE who.id = observation.operator) AS operator
  FROM run
  CROSS JOIN observation ON observation.id > run.first_row AND observation.id <= run.first_row + run.names
  LEFT JOIN name ON name.id = +observation.name
  WHERE run.state = 2;
CREATE VIEW domain_answer (month, domain, operator, outcomes, txt, mx, dmarc) AS
  SELECT run.month, name.text,
    (SELECT who.domain FROM name_server_operator AS who WHERE who.id = observation.operator),
    (SELECT text FROM outcomes WHERE outcomes.id = observation.outcomes),
    (SELECT text FROM answer WHERE answer.id = observation.txt),
    (SELECT text FROM answer WHERE answer.id = observation.mx),
    (SELECT text FROM answer WHERE answer.id = observation.dmarc)
  FROM run
  CROSS JOIN observation ON observation.id > run.first_row AND observation.id <= run.first_row + run.names
  LEFT JOIN name ON name.id = +observation.name
  WHERE run.state = 2;
CREATE VIEW unmeasured_finding (month, domain, metric, cause) AS
  SELECT run.month, name.text, metric.name, cause.name
  FROM run
  CROSS JOIN unmeasured
    ON unmeasured.observation > run.first_row AND unmeasured.observation <= run.first_row + run.names
  CROSS JOIN observation ON observation.id = unmeasured.observation
  LEFT JOIN name ON name.id = +observation.name
  JOIN cause ON cause.id = unmeasured.cause
  JOIN metric ON metric.id < 63 AND (unmeasured.metrics >> metric.id) & 1
  WHERE run.state = 2;
PRAGMA user_version = 3;
