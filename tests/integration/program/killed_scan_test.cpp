// SIGKILL at any moment, then the same command: the same tables and export as without it, and no name that
// was committed is asked again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <future>
#include <iterator>
#include <map>
#include <random>
#include <set>

#include "tests/integration/program/dauth_program.h"
#include "tests/support/drill.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using std::chrono::milliseconds;

constexpr int kNames = 400;
constexpr int kBrokenEach = 50;  // one name in so many says SERVFAIL for ever: the second pass

std::string name_of(int number) {
  return "n" + std::to_string(number) + ".example";
}

std::vector<ScriptedRule> rules() {
  std::vector<ScriptedRule> rules;
  for (int i = 0; i < kNames; ++i) {
    if (i % kBrokenEach == 1) {
      rules.push_back({.at_or_below = name_of(i), .reply = {.rcode = 2}});
      continue;
    }
    const std::string name = name_of(i);
    if (i % 3 == 0) {
      rules.push_back({.at_or_below = name,
                       .type = dns::RrType::kTxt,
                       .reply = {.answer = {{"@", dns::RrType::kTxt,
                                             txt({i % 2 == 0 ? "v=spf1 -all" : "v=spf1 mx ~all"})}}},
                       .only_at = true});
    }
    if (i % 4 == 0) {
      rules.push_back({.at_or_below = "_dmarc." + name,
                       .type = dns::RrType::kTxt,
                       .reply = {.answer = {{"@", dns::RrType::kTxt, txt({"v=DMARC1; p=none"})}}},
                       .only_at = true});
    }
    if (i % 7 != 0) rules.push_back({.at_or_below = name, .reply = {}, .only_at = true});  // it exists
  }
  return rules;
}

class KilledScan : public ::testing::Test {
 protected:
  KilledScan() : server(rules()) {
    std::string text;
    for (int i = 0; i < kNames; ++i) text += name_of(i) + "\n";
    list = directory.write("list.txt", text);
  }

  std::vector<std::string> scan(const std::string& database, const std::string& rate = "0") const {
    return {"scan",
            list,
            "-d",
            database,
            "-m",
            "2026-11",
            "--resolver",
            server.address().to_text(),
            "--tries",
            "1",
            "--second-pass-after",
            "20ms",
            "--qps",
            rate,
            "--no-preflight"};
  }

  // The tables and the export of the finished month.
  static std::vector<std::string> results(const std::string& database) {
    std::vector<std::string> texts;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"export", "-d", database, "-m", "2026-11"},
          {"export", "-d", database, "-m", "2026-11", "--format", "jsonl"},
          {"report", "adoption", "-d", database},
          {"report", "month", "-d", database},
          {"report", "month", "-d", database, "--format", "csv"}}) {
      const ProcessResult result = dauth(arguments);
      EXPECT_EQ(result.status(), 0) << result.err;
      texts.push_back(result.out);
    }
    return texts;
  }

  std::vector<std::string> undisturbed() const {
    const std::string database = directory.file("undisturbed.sqlite");
    const ProcessResult result = dauth(scan(database));
    EXPECT_EQ(result.status(), 0) << result.err;
    return results(database);
  }

  // The names that have a row without a failure.
  static std::set<std::string> committed(const std::string& database) {
    std::set<std::string> names;
    sqlite3* handle = nullptr;
    if (sqlite3_open_v2(database.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK) {
      const auto add = [](void* set, int, char** columns, char**) {
        static_cast<std::set<std::string>*>(set)->insert(columns[0]);
        return 0;
      };
      // There may be no table yet.
      sqlite3_exec(
          handle,
          "SELECT name.text FROM observation JOIN name ON name.id = observation.name WHERE NOT EXISTS "
          "(SELECT 1 FROM unmeasured WHERE unmeasured.observation = observation.id)",
          add, &names, nullptr);
    }
    sqlite3_close(handle);
    return names;
  }

  // How many questions have come; whatever was under way before this call is among them.
  std::size_t asked_so_far() const {
    const auto port = static_cast<std::uint16_t>(
        std::stoi(server.address().to_text().substr(server.address().to_text().rfind(':') + 1)));
    drill(port, "marker.test", "TXT");
    return server.questions().size();
  }

  // Expects no question about a name behind the number of questions that had come when it was committed.
  void expect_not_asked_again(const std::map<std::string, std::size_t>& asked_when_committed) const {
    const std::vector<dns::Question> questions = server.questions();
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const std::string qname = questions[i].name.to_text();
      // The second pass asks for random labels below names that were measured, to see whether others resolve.
      if (qname.find('.') == 26) continue;
      for (std::size_t at = 0; at != std::string::npos; at = qname.find('.', at + 1)) {
        const auto found = asked_when_committed.find(qname.substr(at == 0 ? 0 : at + 1));
        if (found == asked_when_committed.end()) continue;
        ASSERT_LT(i, found->second) << qname << " was asked though " << found->first << " was committed";
      }
    }
  }

  TemporaryDirectory directory;
  ScriptedServer server;
  std::string list;
};

TEST_F(KilledScan, FiftyTimesInOneRun) {
  const std::vector<std::string> expected = undisturbed();
  const std::string database = directory.file("survey.sqlite");
  std::mt19937 random(50);
  std::map<std::string, std::size_t> asked_when_committed;
  int kills = 0;
  for (; kills < 50; ++kills) {
    ChildProcess process(dauth_command(scan(database, "100")));
    if (process.wait_for_end(milliseconds(15 + random() % 700))) break;  // it was faster
    process.send_signal(SIGKILL);
    EXPECT_EQ(process.finish().end.signal, SIGKILL);
    const std::size_t asked = asked_so_far();
    for (const std::string& name : committed(database)) asked_when_committed.emplace(name, asked);
  }
  RecordProperty("kills", kills);
  EXPECT_EQ(kills, 50) << "the run was over before";
  const ProcessResult rest = dauth(scan(database));
  ASSERT_EQ(rest.status(), 0) << rest.err;
  EXPECT_EQ(results(database), expected);

  EXPECT_GT(asked_when_committed.size(), 50U);
  expect_not_asked_again(asked_when_committed);
}

TEST_F(KilledScan, OnceInFiftyRuns) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<std::string> expected = undisturbed();
  const auto usual = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
  int killed = 0;
  const auto kill_and_finish = [&](int number) {
    const std::string database = directory.file("survey" + std::to_string(number) + ".sqlite");
    std::mt19937 random(static_cast<unsigned>(number));
    const auto moment =
        milliseconds(static_cast<std::int64_t>(random() % static_cast<unsigned>(usual.count())));
    ChildProcess process(dauth_command(scan(database)));
    const bool was_killed = !process.wait_for_end(moment);
    if (was_killed) process.send_signal(SIGKILL);
    process.finish();
    const ProcessResult rest = dauth(scan(database));
    EXPECT_TRUE(rest.status() == 0 || (rest.status() == 2 && rest.err.find("already") != std::string::npos))
        << number << ": " << rest.err;
    EXPECT_EQ(results(database), expected) << number << ", killed after " << moment.count() << " ms";
    return was_killed;
  };
  int runs = 0;
  for (; killed < 50 && runs < 200; runs += 2) {
    auto other = std::async(std::launch::async, kill_and_finish, runs + 1);
    killed += kill_and_finish(runs) ? 1 : 0;
    killed += other.get() ? 1 : 0;
  }
  RecordProperty("kills", killed);
  RecordProperty("runs", runs);
  EXPECT_GE(killed, 50) << "of " << runs << " runs";
}

TEST_F(KilledScan, InTheSecondPass) {
  const std::vector<std::string> expected = undisturbed();
  const std::string database = directory.file("survey.sqlite");
  std::mt19937 random(7);
  std::map<std::string, std::size_t> asked_when_committed;
  int kills = 0;
  for (; kills < 8; ++kills) {
    ChildProcess process(dauth_command(scan(database)));
    while (process.err().find("second pass over") == std::string::npos &&
           !process.wait_for_end(milliseconds(2))) {
    }
    // The first at once, the others in the midst of it.
    if (process.wait_for_end(milliseconds(kills == 0 ? 0 : random() % 150))) break;
    process.send_signal(SIGKILL);
    EXPECT_EQ(process.finish().end.signal, SIGKILL);
    const std::size_t asked = asked_so_far();
    for (const std::string& name : committed(database)) asked_when_committed.emplace(name, asked);
    EXPECT_GE(asked_when_committed.size(), std::size_t{kNames - kNames / kBrokenEach})
        << "the main pass was over";
  }
  RecordProperty("kills", kills);
  EXPECT_GT(kills, 0) << "the run was over before";
  const ProcessResult rest = dauth(scan(database));
  EXPECT_TRUE(rest.status() == 0 || rest.status() == 2) << rest.err;
  EXPECT_EQ(results(database), expected);
  expect_not_asked_again(asked_when_committed);
}

TEST_F(KilledScan, DuringTheMigrationOfTheSchema) {
  const std::string database = directory.file("old.sqlite");
  std::ifstream file(DAUTH_SCHEMA_1);
  const std::string schema((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSERT_FALSE(schema.empty());
  std::string findings;
  for (int metric = 0; metric < 31; ++metric) findings += ", (x * " + std::to_string(metric + 7) + ") % 3";
  const std::string fill =
      "PRAGMA application_id = 0x64617574; PRAGMA user_version = 1; PRAGMA journal_mode = WAL; BEGIN;"
      "INSERT INTO category VALUES (1, 'CO');"
      "INSERT INTO run (id, month, state, started, names, first_row, probes, wildcard_types) VALUES (1, "
      "'2026-10', 2, "
      "'2026-10-01T00:00:00Z', 60000, 0, 'mx,spf', 'TXT');"
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000) "
      "INSERT INTO name SELECT x, 'n' || x || '.co.jp' FROM n;"
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60000) "
      "INSERT INTO observation SELECT x, x, 1, x % 9" +
      findings + " FROM n; COMMIT;";
  const ProcessResult made = run({"sqlite3", database, "\n" + schema + fill});
  ASSERT_EQ(made.status(), 0) << made.err;
  // The columns that were there before.
  const std::string columns =
      run({"sqlite3", database,
           "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info('domain_finding')"})
          .out;
  const std::string all = "SELECT " + columns + " FROM domain_finding ORDER BY domain";
  const std::string before = run({"sqlite3", database, all}).out;
  ASSERT_GT(before.size(), 60'000U);

  std::mt19937 random(3);
  int killed = 0;
  for (int i = 0; i < 20; ++i) {
    // Anything that opens it for writing; this month is refused.
    ChildProcess process(dauth_command({"rejudge", "-d", database, "-m", "2026-10"}));
    if (process.wait_for_end(milliseconds(random() % (i < 10 ? 40 : 200)))) break;
    process.send_signal(SIGKILL);
    process.finish();
    ++killed;
    ASSERT_EQ(run({"sqlite3", database, "PRAGMA integrity_check"}).out, "ok\n");
  }
  EXPECT_GT(killed, 3);
  const ProcessResult last = dauth({"rejudge", "-d", database, "-m", "2026-10"});
  EXPECT_EQ(last.status(), 2) << last.err;
  EXPECT_THAT(last.err, ::testing::HasSubstr("without keeping the answers"));
  EXPECT_EQ(run({"sqlite3", database, "PRAGMA user_version"}).out, "4\n");
  // Not printed where they differ: they are long.
  EXPECT_TRUE(run({"sqlite3", database, all}).out == before);
}

}  // namespace
}  // namespace dauth::testing
