// Store: the survey's record in one SQLite file (schema.sql). Owns the connection; one Store belongs to one
// thread at a time, several may be open on one file.
//
// A name is done when its row is committed. Every call that changes something is one transaction: after an
// error nothing of that call is in the file. Counts of a finished month are kept, not recounted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/category.h"
#include "data/finding.h"
#include "data/month.h"
#include "data/stored_answers.h"
#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"

namespace dauth::data {

struct StoreError {
  enum class Kind : std::uint8_t {
    kNotFound,  // no such file, and it was not to be created
    kNotOurs,   // not SQLite, or a SQLite file of another program
    kNewer,     // written by a newer dauth
    kBusy,      // another process writes and did not finish in time
    kFull,      // disk full
    kCorrupt,   // the file is damaged: SQLite says so, it was cut short, or rows are missing
    kReadOnly,  // may not be written
    kConflict,  // the call does not fit what the file holds: month there already, rows that do not add up
    kIo,        // anything else of the storage
  };
  Kind kind = Kind::kIo;
  std::string message;  // one line for a person, without the path
};

template <class T>
using StoreResult = Result<T, StoreError>;

using RunId = std::int64_t;

enum class RunState : std::uint8_t {
  kListing = 0,    // the list is being read into the file
  kSurveying = 1,  // names are being asked, or the run was stopped
  kComplete = 2,   // counts are stored
  kImported = 3,   // published counts of others; no names
};
std::string_view to_text(RunState state);  // "listing", "surveying", "complete", "imported"

// What a run was started with; kept word for word, and shown by `dauth runs`.
struct RunSettings {
  Month month{1970, 1};
  std::vector<std::string> lists;      // as given on the command line; "-" for standard input
  std::vector<std::string> exclude;    // files of names that are not asked
  std::string categories;              // "jp", "suffix" or a file's path
  std::string probes;                  // "mx,spf,domainkeys"
  std::string wildcard_types;          // "TXT,A"
  std::vector<std::string> resolvers;  // "192.0.2.1:53", "[2001:db8::1]:53"
  std::vector<double> resolver_rates;  // messages a second by resolver, 0 or no entry: no limit
  std::uint64_t in_flight = 0;         // questions
  double queries_per_second = 0;       // over all resolvers, 0: no limit
  std::uint64_t timeout_ms = 0;
  std::uint64_t tries = 0;
  std::string tool_version;
  std::uint32_t rules_version = 0;
  std::string suffix_list_version;
  std::uint64_t seed = 0;  // of the survey's order and of the random labels
};

// What a run has come to; sums over all its parts where it was stopped and resumed.
struct RunFigures {
  std::uint64_t questions = 0;  // datagrams and TCP messages sent, retries included
  std::uint64_t retries = 0;    // questions sent again, before or after a time-out
  std::uint64_t timeouts = 0;   // tries that no answer came to
  std::uint64_t tcp_questions = 0;
  std::uint64_t run_milliseconds = 0;  // time spent surveying
};

// Lines of the lists that have a name or should have one.
struct ListLines {
  std::uint64_t rejected = 0;
  std::uint64_t all = 0;

  double rejected_share() const {
    return all == 0 ? 0 : static_cast<double>(rejected) / static_cast<double>(all);
  }
  // So many that the list is hardly what it was taken for, and whoever publishes the month has to know.
  bool many_rejected() const { return rejected_share() > 0.01; }
};

struct RunRecord {
  RunId id = 0;
  RunState state = RunState::kListing;
  RunSettings settings;
  RunFigures figures;
  std::uint64_t names = 0;       // listed, duplicates once; 0 while listing
  std::uint64_t duplicates = 0;  // further mentions of a name
  std::uint64_t rejected = 0;    // lines that are no names
  ListLines list_lines() const { return {rejected, rejected + names + duplicates}; }
  std::uint64_t surveyed = 0;    // rows committed
  std::uint64_t unmeasured = 0;  // of those, with has_lookup_failure(); as of the last finish_run or now
  std::uint64_t persistent_servfail = 0;  // of the unmeasured, for Cause::kPersistentServfail alone
  std::uint64_t lost() const { return unmeasured - persistent_servfail; }
  bool provisional = false;
  std::uint64_t excluded = 0;    // names that nothing was asked about
  std::string judged;            // when the stored answers were judged again; empty: never
  std::string pruned;            // when its detail was dropped (prune); empty: it is there
  std::string list_fingerprint;  // hexadecimal digest of the lists' contents, set by finish_list
  std::string started;           // "2026-11-01T02:00:00Z", UTC
  std::string finished;          // empty while unfinished
};

struct ListedName {
  dns::DomainName name;
  Category category;
  // The registered domain of its first name server, "example.net"; empty where the list is no zone.
  std::string name_server_operator = {};
};

struct RejectedLine {
  std::string source;      // file name as given
  std::uint64_t line = 0;  // 1 is the first
  std::string reason;
  std::string text;  // what stood there, cut to 200 octets; hostile bytes
};

// A name in its place in the survey's order.
struct PlannedName {
  std::uint64_t position = 0;  // 1..names, pseudo-random by the run's seed
  dns::DomainName name;
  Category category;
  // Of a name that failed, in the row that it has: lookup_failures(), has_mx_host_failure(), and whether
  // SERVFAIL is among the causes of either.
  std::uint32_t failures = 0;
  bool mx_host_failure = false;
  bool servfail = false;
};

struct SurveyedName {
  std::uint64_t position = 0;
  Observation observation;
  StoredAnswers answers = {};
};

// One domain's row of a month, as exports show it.
struct DomainRow {
  std::string domain;
  Category category;
  Observation observation;
  std::string name_server_operator = {};  // empty where the list was no zone
  std::uint64_t seed = 0;                 // of the run
  StoredAnswers answers = {};             // only where they were asked for
};

enum class DomainDetail : std::uint8_t { kFindings, kAnswersToo };

// What judging a month again has changed.
struct Rejudgement {
  struct Change {
    Metric metric = Metric::kExists;
    FindingState before = FindingState::kAbsent;
    FindingState after = FindingState::kAbsent;
    std::uint64_t names = 0;
    std::vector<std::string> examples;  // kExamples at most
  };
  static constexpr std::size_t kExamples = 3;

  RunRecord run;                    // as it is now
  std::uint32_t rules_version = 0;  // before
  bool was_provisional = false;
  std::uint64_t judged = 0;     // names
  std::uint64_t excluded = 0;   // names that nothing was asked about; left as they are
  std::uint64_t changed = 0;    // names
  std::vector<Change> changes;  // by metric, then by the states; a cause alone is no change of state
};

// Whether what was judged is to be kept.
enum class RejudgeMode : std::uint8_t { kKeep, kOnlyTell };

// What was dropped with the detail of old months; with PruneMode::kOnlyTell, what would be.
struct Pruning {
  struct PrunedMonth {
    Month month;
    std::uint64_t names = 0;  // rows
  };
  std::vector<PrunedMonth> months;  // oldest first; those that had been pruned before are left out
  std::vector<Month> kept;          // surveyed months whose detail stays, oldest first
  // Texts that no month refers to any more.
  std::uint64_t names = 0;
  std::uint64_t answers = 0;
  std::uint64_t outcomes = 0;
  std::uint64_t operators = 0;
  // False where the file is of a version that does not give pages back: they are used by the next month.
  bool file_shrinks = true;
};

enum class PruneMode : std::uint8_t { kDrop, kOnlyTell };

// What has just been done; within a transaction unless it says otherwise.
enum class PruneStep : std::uint8_t { kSomeRows, kMonthCommitted, kSomeTexts, kTextsCommitted };

struct CountRow {
  Month month;
  Category category;   // TOTAL among them
  std::string metric;  // a Metric's name or "registered"
  std::uint64_t count = 0;
  std::optional<std::uint64_t> unmeasured;  // nothing for imported months
};

struct MonthState {
  Month month;
  bool imported = false;
  bool provisional = false;
  bool complete = false;
  ListLines list_lines = {};
};

// What a finished month was measured with, and what it failed at.
struct MonthQuality {
  struct Unmeasured {
    std::string metric;
    Cause cause = Cause::kNone;
    std::uint64_t names = 0;
  };
  RunRecord run;
  std::vector<Unmeasured> unmeasured;  // over all categories, by metric and cause in their order
};

// What became of the names between two surveyed months. A name is the same by its text alone.
//
// A failure is no absence: what is unmeasured in either month neither began nor ceased. In each row
//   before + began - ceased - left - became_unmeasured + was_unmeasured + moved_in - moved_out = after.
struct MonthChanges {
  struct Moves {
    std::uint64_t before = 0;             // published in the older month
    std::uint64_t began = 0;              // published now, absent or not listed before
    std::uint64_t newly_listed = 0;       // of those, not listed before
    std::uint64_t ceased = 0;             // published before, absent now
    std::uint64_t left = 0;               // published before, no longer listed
    std::uint64_t became_unmeasured = 0;  // published before, unmeasured now
    std::uint64_t was_unmeasured = 0;     // published now, unmeasured before
    std::uint64_t moved_in = 0;           // published in both, before in another category; 0 for TOTAL
    std::uint64_t moved_out = 0;          // published in both, now in another category; 0 for TOTAL
    std::uint64_t after = 0;              // published in the newer month
    std::uint64_t unmeasured = 0;         // unmeasured in either month, or in both, whatever the other says

    friend bool operator==(const Moves&, const Moves&) = default;
  };
  // Of "registered" every listed name is published. What is about the older month alone (before, ceased,
  // left, became_unmeasured, moved_out) counts in the name's category of then, all else in that of now.
  struct Row {
    std::string metric;
    Category category;
    Moves moves;
  };
  struct OperatorMoves {
    std::string metric;
    std::string name_server_operator;  // now, else then; empty where neither list said one
    std::uint64_t began = 0;
    std::uint64_t ceased = 0;
  };
  static constexpr std::size_t kOperators = 10;

  RunRecord older;
  RunRecord newer;
  std::vector<Row> rows;  // "registered", then the metrics asked for; by category code
  std::vector<OperatorMoves>
      operators;  // by metric, those with the most began and ceased first, kOperators each
  std::vector<std::string> not_asked;  // metrics that one of the months did not ask; they have no rows
};

enum class OpenMode : std::uint8_t {
  kCreate,    // read and write, made when absent (mode by umask)
  kExisting,  // read and write, must be there
  kReadOnly,
};

struct StoreOptions {
  std::chrono::milliseconds busy_timeout{5000};  // how long a call waits for another process that writes
  std::function<std::chrono::system_clock::time_point()> now = [] {
    return std::chrono::system_clock::now();
  };
};

class Store {
 public:
  static StoreResult<Store> open(const std::string& path, OpenMode mode, const StoreOptions& options = {});
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // Asked now and then within long statements, from here until it is set to none: true breaks the call off,
  // which then fails with nothing changed.
  void set_interrupt(std::function<bool()> wanted);

  // --- runs
  StoreResult<std::vector<RunRecord>> runs();  // by month, then by id
  // A new run in state listing. A finished run of the month stays until finish_run puts this one in its
  // place. kConflict where the month has an unfinished run.
  StoreResult<RunId> begin_run(const RunSettings& settings);
  // A run that goes on may have other files than it was begun with: those are added to its settings.
  StoreResult<void> note_exclude(RunId run, std::span<const std::string> files);
  // Drops a run that did not finish, with its list.
  StoreResult<void> abandon_run(RunId run);

  // --- the list
  // Names that the run has already are counted as duplicates, the first category stands. Returns how many
  // were new. Batches of 1,000 and more are cheapest. kConflict for the category TOTAL, which is no name's.
  StoreResult<std::uint64_t> add_names(RunId run, std::span<const ListedName> names);
  StoreResult<void> add_rejected(RunId run, std::span<const RejectedLine> lines);
  // Puts the names into their pseudo-random order; the run is surveying from here.
  StoreResult<void> finish_list(RunId run, const std::string& fingerprint);
  StoreResult<std::vector<RejectedLine>> rejected_lines(RunId run, std::size_t limit);

  // --- the survey
  // Names without a row, in order, those behind `after_position` (0: from the start).
  StoreResult<std::vector<PlannedName>> names_to_survey(RunId run, std::uint64_t after_position,
                                                        std::size_t limit);
  // Names whose row has a lookup failure or a failure at an MX host, in order: the second pass. And how many.
  StoreResult<std::vector<PlannedName>> names_that_failed(RunId run, std::uint64_t after_position,
                                                          std::size_t limit);
  StoreResult<std::uint64_t> count_names_that_failed(RunId run);
  // The first names, in order, that exist and have nothing unmeasured.
  StoreResult<std::vector<dns::DomainName>> names_measured(RunId run, std::size_t limit);
  // Writes the rows (in place of earlier ones) and adds to the run's figures, in one transaction.
  StoreResult<void> save(RunId run, std::span<const SurveyedName> rows, const RunFigures& added);
  // Counts the rows by category, stores the counts, drops the order and an earlier run of the month.
  // kConflict when the rows do not add up to the list. `max_unmeasured` is the share of the names above which
  // the month is provisional; the names of RunRecord::lost() count. A metric that was not asked of any
  // name has no counts.
  StoreResult<RunRecord> finish_run(RunId run, double max_unmeasured);

  // --- judging again
  // Gives the answers of each domain of a finished month to `judge`, puts its findings in the place of those
  // that differ, and counts anew; all in one transaction. A row whose SERVFAIL has persisted is judged like
  // any other. `judge` does not call this Store; its error, a line for a person, ends the work with nothing
  // changed (kCorrupt, as where rows of the month are missing). kConflict where the month was not surveyed,
  // no answers were kept for it, or they were dropped.
  using Judge = std::function<Result<Observation, std::string>(const dns::DomainName&, const StoredAnswers&)>;
  StoreResult<Rejudgement> rejudge(Month month, std::uint32_t rules_version, const Judge& judge,
                                   RejudgeMode mode);

  // --- dropping old detail
  // Drops rows, answers, causes and rejected lines of all surveyed months but the newest `keep`, and then the
  // names and texts that no month refers to any more. Counts, settings and figures stay. Each month is one
  // transaction and each kind of text another, so that a process that dies leaves whole months, and the next
  // call does the rest. Memory does not depend on the database. `watch` is called now and then.
  using PruneWatch = std::function<void(PruneStep)>;
  StoreResult<Pruning> prune(std::size_t keep, PruneMode mode, const PruneWatch& watch = {});

  // --- the tables
  StoreResult<std::vector<MonthState>> months();  // those with counts, oldest first
  // By month, category code and metric; TOTAL among the categories.
  StoreResult<std::vector<CountRow>> counts(std::optional<Month> from, std::optional<Month> to);
  // Of the finished months, oldest first; from what was kept when they ended, not from their names.
  StoreResult<std::vector<MonthQuality>> quality(std::optional<Month> from, std::optional<Month> to);
  // Reads the names of both months in order of the name, in memory that does not depend on how many they are;
  // SQLite sorts them in temporary files. kConflict where one of the months was not surveyed, its names were
  // dropped, or `older` is not before `newer`; kCorrupt where some of its names are missing.
  StoreResult<MonthChanges> changes(Month older, Month newer, std::span<const Metric> metrics);
  // Each domain of a finished month, sorted by the octets of its text; the sink returns false to stop and
  // does not call this Store. kConflict where the month was not surveyed, or its detail was dropped. kCorrupt
  // where rows are missing, which is known only behind the last: what was made of the others is void then.
  StoreResult<void> for_each_domain(Month month, const std::function<bool(const DomainRow&)>& sink,
                                    DomainDetail detail = DomainDetail::kFindings);
  // Puts published counts into the file, as printed. kConflict where one of the months is there, imported or
  // surveyed, and `replace` is not set; where it is, the whole month gives way. All months or none.
  StoreResult<void> import_counts(std::span<const CountRow> rows, const std::string& source, bool replace);

  struct Impl;  // internal to the store

 private:
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace dauth::data
