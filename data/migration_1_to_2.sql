-- From version 1, in which each finding was a column that held 0 absent, 1 published or 2 unmeasured, to
-- version 2, in which all findings of a row are two numbers; a run knows its resolvers' rates and how many names
-- said SERVFAIL in both passes.
ALTER TABLE run_resolver ADD COLUMN queries_per_second REAL NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN persistent_servfail INTEGER NOT NULL DEFAULT 0;
INSERT INTO cause (id, name) VALUES (23, 'persistent_servfail');
-- Views of the user's own may read ours, which are gone for a while; renaming is not to look at them.
PRAGMA legacy_alter_table = ON;
DROP VIEW domain_finding;
DROP VIEW unmeasured_finding;
CREATE TABLE packed_observation (
  id INTEGER PRIMARY KEY,
  name INTEGER NOT NULL REFERENCES name (id),
  category INTEGER NOT NULL REFERENCES category (id),
  domainkeys_evidence INTEGER NOT NULL REFERENCES domainkeys_evidence (id),
  measured INTEGER NOT NULL,
  published INTEGER NOT NULL
) STRICT;
INSERT INTO packed_observation (id, name, category, domainkeys_evidence, measured, published)
  SELECT id, name, category, domainkeys_evidence,
    (("exists" <> 2) << 0) |
    ((mx <> 2) << 1) |
    ((null_mx <> 2) << 2) |
    ((mx_address_literal <> 2) << 3) |
    ((spf <> 2) << 4) |
    ((spf_txt <> 2) << 5) |
    ((spf_type99 <> 2) << 6) |
    ((spf_record <> 2) << 7) |
    ((spf_multiple <> 2) << 8) |
    ((spf_invalid <> 2) << 9) |
    ((spf_all_fail <> 2) << 10) |
    ((spf_all_softfail <> 2) << 11) |
    ((spf_all_neutral <> 2) << 12) |
    ((spf_all_pass <> 2) << 13) |
    ((spf_redirect <> 2) << 14) |
    ((spf_no_all <> 2) << 15) |
    ((spf_with_mx <> 2) << 16) |
    ((sender_id <> 2) << 17) |
    ((domainkeys_subdomain <> 2) << 18) |
    ((domainkeys_by_a <> 2) << 19) |
    ((domainkeys_policy <> 2) << 20) |
    ((dkim_policy <> 2) << 21) |
    ((dmarc <> 2) << 22) |
    ((dmarc_none <> 2) << 23) |
    ((dmarc_quarantine <> 2) << 24) |
    ((dmarc_reject <> 2) << 25) |
    ((dmarc_rua <> 2) << 26) |
    ((dmarc_testing <> 2) << 27) |
    ((dmarc_multiple <> 2) << 28) |
    ((dmarc_invalid <> 2) << 29) |
    ((dmarc_with_mx <> 2) << 30),
    (("exists" = 1) << 0) |
    ((mx = 1) << 1) |
    ((null_mx = 1) << 2) |
    ((mx_address_literal = 1) << 3) |
    ((spf = 1) << 4) |
    ((spf_txt = 1) << 5) |
    ((spf_type99 = 1) << 6) |
    ((spf_record = 1) << 7) |
    ((spf_multiple = 1) << 8) |
    ((spf_invalid = 1) << 9) |
    ((spf_all_fail = 1) << 10) |
    ((spf_all_softfail = 1) << 11) |
    ((spf_all_neutral = 1) << 12) |
    ((spf_all_pass = 1) << 13) |
    ((spf_redirect = 1) << 14) |
    ((spf_no_all = 1) << 15) |
    ((spf_with_mx = 1) << 16) |
    ((sender_id = 1) << 17) |
    ((domainkeys_subdomain = 1) << 18) |
    ((domainkeys_by_a = 1) << 19) |
    ((domainkeys_policy = 1) << 20) |
    ((dkim_policy = 1) << 21) |
    ((dmarc = 1) << 22) |
    ((dmarc_none = 1) << 23) |
    ((dmarc_quarantine = 1) << 24) |
    ((dmarc_reject = 1) << 25) |
    ((dmarc_rua = 1) << 26) |
    ((dmarc_testing = 1) << 27) |
    ((dmarc_multiple = 1) << 28) |
    ((dmarc_invalid = 1) << 29) |
    ((dmarc_with_mx = 1) << 30)
  FROM observation ORDER BY id;
DROP TABLE observation;
ALTER TABLE packed_observation RENAME TO observation;
CREATE VIEW domain_finding AS
  SELECT run.month AS month, name.text AS domain, category.code AS category,
    domainkeys_evidence.name AS domainkeys_evidence,
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
    2 - 2 * (measured >> 30 & 1) + (published >> 30 & 1) AS dmarc_with_mx
  FROM run
  JOIN observation ON observation.id > run.first_row AND observation.id <= run.first_row + run.names
  JOIN name ON name.id = observation.name
  JOIN category ON category.id = observation.category
  JOIN domainkeys_evidence ON domainkeys_evidence.id = observation.domainkeys_evidence
  WHERE run.state = 2;

CREATE VIEW unmeasured_finding (month, domain, metric, cause) AS
  SELECT run.month, name.text, metric.name, cause.name
  FROM run
  JOIN unmeasured
    ON unmeasured.observation > run.first_row AND unmeasured.observation <= run.first_row + run.names
  JOIN observation ON observation.id = unmeasured.observation
  JOIN name ON name.id = observation.name
  JOIN cause ON cause.id = unmeasured.cause
  JOIN metric ON metric.id < 63 AND (unmeasured.metrics >> metric.id) & 1
  WHERE run.state = 2;
PRAGMA legacy_alter_table = OFF;
PRAGMA user_version = 2;
