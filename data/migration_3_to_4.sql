-- From version 3 to version 4, which knows the addresses of MX hosts. Rows measured before did not ask for them.
INSERT INTO metric (id, name) VALUES (31, 'mx_ipv6'), (32, 'mx_no_address');
DROP VIEW domain_finding;
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
    (SELECT who.domain FROM name_server_operator AS who WHERE who.id = observation.operator) AS operator,
    2 - 2 * (measured >> 31 & 1) + (published >> 31 & 1) AS mx_ipv6,
    2 - 2 * (measured >> 32 & 1) + (published >> 32 & 1) AS mx_no_address
  FROM run
  CROSS JOIN observation ON observation.id > run.first_row AND observation.id <= run.first_row + run.names
  LEFT JOIN name ON name.id = +observation.name
  WHERE run.state = 2;
PRAGMA user_version = 4;
