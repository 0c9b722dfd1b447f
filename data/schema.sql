-- The survey's database, version 4. One file holds every month.
--
-- Stable for other programs: the views monthly_count, domain_finding, domain_answer and unmeasured_finding at
-- the end.
-- Months are 'YYYY-MM'; times are UTC, 'YYYY-MM-DDTHH:MM:SSZ'; a share is a part of 1. Findings are numbers:
-- 0 absent, 1 published, 2 unmeasured (0 and 1 take no room in a row, a 2 one octet).
-- A later version adds columns and tables by a migration (data/store_schema.cpp); it never renumbers.

-- Groups that names are counted in, and TOTAL, the row of the tables that sums them.
CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE            -- 'CO', 'GEOGRAPHIC', 'TOTAL'; a public suffix such as 'co.uk'
) STRICT;

-- What is counted. 0 to 62: a finding, and its bit in `observation` and in `unmeasured.metrics`.
CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO metric (id, name) VALUES
  (0, 'exists'), (1, 'mx'), (2, 'null_mx'), (3, 'mx_address_literal'), (4, 'spf'), (5, 'spf_txt'),
  (6, 'spf_type99'), (7, 'spf_record'), (8, 'spf_multiple'), (9, 'spf_invalid'), (10, 'spf_all_fail'),
  (11, 'spf_all_softfail'), (12, 'spf_all_neutral'), (13, 'spf_all_pass'), (14, 'spf_redirect'),
  (15, 'spf_no_all'), (16, 'spf_with_mx'), (17, 'sender_id'), (18, 'domainkeys_subdomain'),
  (19, 'domainkeys_by_a'), (20, 'domainkeys_policy'), (21, 'dkim_policy'), (22, 'dmarc'),
  (23, 'dmarc_none'), (24, 'dmarc_quarantine'), (25, 'dmarc_reject'), (26, 'dmarc_rua'),
  (27, 'dmarc_testing'), (28, 'dmarc_multiple'), (29, 'dmarc_invalid'), (30, 'dmarc_with_mx'),
  (31, 'mx_ipv6'), (32, 'mx_no_address'),
  (255, 'registered');

-- Why a finding is unmeasured.
CREATE TABLE cause (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO cause (id, name) VALUES
  (1, 'timeout'), (2, 'servfail'), (3, 'refused'), (4, 'notimp'), (5, 'formerr'), (6, 'other_rcode'),
  (7, 'malformed'), (8, 'truncated'), (9, 'cname_loop'), (10, 'referral'), (11, 'unfinished_chain'),
  (12, 'unreachable'), (20, 'wildcard_varies'), (21, 'not_asked'), (22, 'excluded'),
  (23, 'persistent_servfail');          -- in both passes, while other names resolved

-- How the DomainKeys procedure came to its end.
CREATE TABLE domainkeys_evidence (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE            -- '' where nothing was asked
) STRICT;
INSERT INTO domainkeys_evidence (id, name) VALUES
  (0, ''), (1, 'name_error'), (2, 'own_zone'), (3, 'no_wildcard'), (4, 'same_as_wildcard'),
  (5, 'both_empty'), (6, 'differs_from_wildcard'), (7, 'wildcard_varies'), (8, 'lookup_failure');

-- Every domain ever listed, once for all months.
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE            -- presentation form in lower case, without the last dot; A-labels
) STRICT;

-- Who runs the name servers of a name, as far as their names tell: a registered domain such as 'example.net'.
CREATE TABLE name_server_operator (
  id INTEGER PRIMARY KEY,
  domain TEXT NOT NULL UNIQUE
) STRICT;

-- What became of the questions about one domain, in the order in which they were asked; the same text serves
-- all rows that fared the same. Questions are separated by ', ', and each reads 'NAME TYPE OUTCOME':
--   NAME     relative to the domain: '@' the domain itself, '_domainkey', '_dmarc', '*'; '?' is the random label;
--            'mx:2' the host that the second MX RR in the text of the domain's MX answer names
--   OUTCOME  'answer', 'nodata', 'nodata-chain' (a CNAME or DNAME leads somewhere), 'nxdomain', or
--            'failure:CAUSE', with the rcode behind 'other_rcode'; 'answer+2': two further RRs that no rule reads
CREATE TABLE outcomes (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

-- The RRs of one answer, one a line, the same text once for all rows and months. A line is '[OWNER ]TYPE RDATA',
-- without OWNER where that is the name asked for. A name ends in '@' where it is the domain or stands below it
-- ('mail.@'), else in '.'. TXT and SPF: the strings of the RR joined. MX: preference and exchange. What is not
-- printable ASCII, and the backslash, reads '\DDD'. A and AAAA: the address (before version 4 as the rest). Other
-- RDATA is written as RFC 3597 section 5 has it.
CREATE TABLE answer (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

-- To find an answer by its text: 32 bits of a hash of it. Several answers may have the same.
CREATE TABLE answer_digest (
  digest INTEGER NOT NULL,
  answer INTEGER NOT NULL REFERENCES answer (id),
  PRIMARY KEY (digest, answer)
) STRICT, WITHOUT ROWID;

-- One survey of a list, or one import. A month has at most one finished run and one unfinished.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  month TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state IN (0, 1, 2, 3)),  -- 0 listing, 1 surveying, 2 complete, 3 imported
  provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1)),  -- too much was lost to the survey
  started TEXT NOT NULL,
  finished TEXT,                       -- NULL while unfinished
  -- The list.
  list_fingerprint TEXT NOT NULL DEFAULT '',  -- hexadecimal digest of the lists' contents
  names INTEGER NOT NULL DEFAULT 0,           -- listed, each once; 0 while listing
  first_row INTEGER NOT NULL DEFAULT 0,       -- the name at position P has the row first_row + P
  duplicates INTEGER NOT NULL DEFAULT 0,      -- further mentions of a name
  rejected INTEGER NOT NULL DEFAULT 0,        -- lines that are no names
  -- The settings.
  categories TEXT NOT NULL DEFAULT '',
  probes TEXT NOT NULL DEFAULT '',
  wildcard_types TEXT NOT NULL DEFAULT '',
  in_flight INTEGER NOT NULL DEFAULT 0,            -- questions
  queries_per_second REAL NOT NULL DEFAULT 0,      -- over all resolvers; 0: no limit
  timeout_ms INTEGER NOT NULL DEFAULT 0,
  tries INTEGER NOT NULL DEFAULT 0,
  seed INTEGER NOT NULL DEFAULT 0,                 -- 64 bits, shown as a signed number
  tool_version TEXT NOT NULL DEFAULT '',
  rules_version INTEGER NOT NULL DEFAULT 0,
  suffix_list_version TEXT NOT NULL DEFAULT '',
  -- The figures, summed over all parts of a run that was stopped and resumed.
  surveyed INTEGER NOT NULL DEFAULT 0,             -- rows in `observation`
  unmeasured INTEGER NOT NULL DEFAULT 0,           -- of those, with a lookup failure; set at the end
  questions INTEGER NOT NULL DEFAULT 0,            -- datagrams and TCP messages sent, retries included
  retries INTEGER NOT NULL DEFAULT 0,
  timeouts INTEGER NOT NULL DEFAULT 0,             -- tries that no answer came to
  tcp_questions INTEGER NOT NULL DEFAULT 0,
  run_ms INTEGER NOT NULL DEFAULT 0,               -- milliseconds spent surveying
  persistent_servfail INTEGER NOT NULL DEFAULT 0,  -- of `unmeasured`, for nothing else than this; the rest is lost
  max_unmeasured REAL,                 -- share of lost names above which the month is provisional; NULL before version 3
  judged TEXT,                         -- when the answers were judged again, by the rules of `rules_version`
  exclude TEXT NOT NULL DEFAULT '',    -- files of names that were not asked, separated by line feeds
  pruned TEXT                          -- when its rows, answers, causes and rejected lines were dropped
) STRICT;
CREATE UNIQUE INDEX run_finished ON run (month) WHERE state >= 2;
CREATE UNIQUE INDEX run_unfinished ON run (month) WHERE state < 2;

-- The lists of a run as given on the command line, or the file of an import.
CREATE TABLE run_list (
  run INTEGER NOT NULL REFERENCES run (id),
  ordinal INTEGER NOT NULL,            -- 1 is the first
  source TEXT NOT NULL,
  PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE run_resolver (
  run INTEGER NOT NULL REFERENCES run (id),
  ordinal INTEGER NOT NULL,            -- 1 is the first
  address TEXT NOT NULL,               -- '192.0.2.1:53', '[2001:db8::1]:53'
  queries_per_second REAL NOT NULL DEFAULT 0,  -- at this one; 0: no limit of its own
  PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

-- Lines of the lists that are no names.
CREATE TABLE rejected_line (
  run INTEGER NOT NULL REFERENCES run (id),
  ordinal INTEGER NOT NULL,            -- 1 is the first
  source TEXT NOT NULL,                -- file name as given
  line INTEGER NOT NULL,               -- 1 is the first
  reason TEXT NOT NULL,
  content BLOB NOT NULL,               -- what stood there, at most 200 octets, any octets
  PRIMARY KEY (run, ordinal)
) STRICT, WITHOUT ROWID;

-- The list while it is being read; empty otherwise.
CREATE TABLE listed (
  run INTEGER NOT NULL REFERENCES run (id),
  name INTEGER NOT NULL REFERENCES name (id),
  category INTEGER NOT NULL REFERENCES category (id),
  operator INTEGER REFERENCES name_server_operator (id),
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- The list in the survey's order while it is being surveyed; empty otherwise. `text` repeats the name, since
-- a look-up in pseudo-random order would cost more than the room.
CREATE TABLE plan (
  id INTEGER PRIMARY KEY,              -- run.first_row + position; positions are 1 to run.names
  name INTEGER NOT NULL REFERENCES name (id),
  category INTEGER NOT NULL REFERENCES category (id),
  text TEXT NOT NULL,
  operator INTEGER REFERENCES name_server_operator (id)
) STRICT;

-- The findings of one domain in one run, in the survey's order. The rows of a run are those with an id from
-- run.first_row + 1 to run.first_row + run.names: appending by a number of their own is what makes them cheap.
-- Bit N (1 << N) stands for the metric with id N: published (and measured), absent (measured alone), or
-- unmeasured (neither). A metric that is younger than a row was not measured there.
CREATE TABLE observation (
  id INTEGER PRIMARY KEY,              -- run.first_row + position
  name INTEGER NOT NULL REFERENCES name (id),
  category INTEGER NOT NULL REFERENCES category (id),
  domainkeys_evidence INTEGER NOT NULL REFERENCES domainkeys_evidence (id),
  measured INTEGER NOT NULL,           -- bits
  published INTEGER NOT NULL,          -- bits, all of them in `measured` too
  operator INTEGER REFERENCES name_server_operator (id),  -- NULL where the list says no name server
  outcomes INTEGER REFERENCES outcomes (id),  -- NULL: nothing was asked (excluded), or measured before version 3
  txt INTEGER REFERENCES answer (id),  -- the answer to TXT at the domain; NULL where there is none that a rule reads
  mx INTEGER REFERENCES answer (id),   -- to MX at the domain
  dmarc INTEGER REFERENCES answer (id) -- to TXT at _dmarc
) STRICT;

-- The answers to all other questions.
CREATE TABLE further_answer (
  observation INTEGER NOT NULL REFERENCES observation (id),
  ordinal INTEGER NOT NULL,            -- of the question in `outcomes`; 1 is the first
  answer INTEGER NOT NULL REFERENCES answer (id),
  PRIMARY KEY (observation, ordinal)
) STRICT, WITHOUT ROWID;

-- The causes of unmeasured findings, all findings of a domain with the same cause in one row. A finding that
-- is not measured in `observation` and has no bit here was not asked.
CREATE TABLE unmeasured (
  observation INTEGER NOT NULL REFERENCES observation (id),
  cause INTEGER NOT NULL REFERENCES cause (id),
  metrics INTEGER NOT NULL,            -- bit N (1 << N) for the metric with id N
  PRIMARY KEY (observation, cause)
) STRICT, WITHOUT ROWID;

-- Names by month, category and metric, counted once when the run ended; kept for ever.
CREATE TABLE category_count (
  run INTEGER NOT NULL REFERENCES run (id),
  category INTEGER NOT NULL REFERENCES category (id),
  metric INTEGER NOT NULL REFERENCES metric (id),
  count INTEGER NOT NULL,              -- names published; for 'registered' names listed
  unmeasured INTEGER,                  -- names unmeasured; NULL for imported months
  PRIMARY KEY (run, category, metric)
) STRICT, WITHOUT ROWID;

-- The unmeasured ones of category_count by cause; kept for ever.
CREATE TABLE cause_count (
  run INTEGER NOT NULL REFERENCES run (id),
  category INTEGER NOT NULL REFERENCES category (id),
  metric INTEGER NOT NULL REFERENCES metric (id),
  cause INTEGER NOT NULL REFERENCES cause (id),
  count INTEGER NOT NULL,              -- names, 1 or more
  PRIMARY KEY (run, category, metric, cause)
) STRICT, WITHOUT ROWID;

CREATE VIEW monthly_count (month, category, metric, count, unmeasured) AS
  SELECT run.month, category.code, metric.name, category_count.count, category_count.unmeasured
  FROM category_count
  JOIN run ON run.id = category_count.run
  JOIN category ON category.id = category_count.category
  JOIN metric ON metric.id = category_count.metric;

-- The views below read the rows of the months that are asked for and no others. Left to itself, SQLite scans
-- the rows of all months, or sorts them by name first: CROSS JOIN fixes the order, and the '+' keeps it from
-- making an index for one query. What a query does not use is a subquery, so that it costs nothing.

-- Each domain of each finished month with its findings (0 absent, 1 published, 2 unmeasured).
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

-- What each domain of each finished month was asked, and the answers that most questions of people are about.
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

-- Why which finding of which domain is unmeasured, in each finished month; those not asked are left out.
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
