// One clear line, the right status, nothing lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/integration/program/served_registry.h"
#include "tests/support/loopback.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class BadInput : public ::testing::Test {
 protected:
  // Status 2, nothing on stdout, and one line that holds `text`.
  void expect_refused(const std::vector<std::string>& arguments, const std::string& text,
                      int status = 2) const {
    SCOPED_TRACE(text);
    const ProcessResult result = dauth(arguments);
    EXPECT_EQ(result.status(), status) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr(text));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
  std::vector<std::string> scan(const std::string& list_path,
                                const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"scan", list_path, "-d", database, "--resolver", "127.0.0.1:9"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
  const std::string list = directory.write("list.txt", "example.jp\n");
};

TEST_F(BadInput, CommandLine) {
  expect_refused({}, "a command is missing");
  expect_refused({"sacn"}, "sacn");
  expect_refused({"scan"}, "LIST is required");
  expect_refused({"scan", list}, "--database is required");
  expect_refused(scan(list, {"--nosuch"}), "--nosuch");
  expect_refused(scan(list, {"-m", "2026-13"}), "--month: '2026-13' is no month");
  expect_refused(scan(list, {"-m", "2026-1"}), "--month: '2026-1' is no month");
  expect_refused(scan(list, {"--timeout", "5"}), "--timeout: '5' needs a unit");
  expect_refused(scan(list, {"--tries", "0"}), "--tries");
  expect_refused(scan(list, {"--qps", "nan"}), "--qps");
  expect_refused(scan(list, {"--qps", "-1"}), "--qps");
  expect_refused(scan(list, {"--in-flight", "many"}), "--in-flight");
  expect_refused(scan(list, {"--resolver", "nonsense"}), "--resolver");
  expect_refused(scan(list, {"--resolver", "192.0.2.1:99999"}), "--resolver");
  expect_refused(scan(list, {"--probes", "mx,spam"}), "--probes: unknown probe 'spam'");
  expect_refused(scan(list, {"--wildcard-types", "A"}), "--wildcard-types");
  expect_refused(scan(list, {"--categories", directory.file("none")}), "--categories");
  expect_refused(scan(list, {"--max-unmeasured", "2"}), "--max-unmeasured");
  expect_refused(scan(list, {"--list-format", "xml"}), "--list-format");
  expect_refused({"report", "nosuch", "-d", database}, "TABLE");
  expect_refused({"report", "-d", database, "--lang", "fr"}, "--lang");
  expect_refused({"export", "-d", database}, "--month is required");
}

TEST_F(BadInput, Lists) {
  expect_refused(scan(directory.file("none.txt")), "none.txt: No such file");
  expect_refused(scan(directory.path()), "is a directory");
  expect_refused(scan(directory.write("empty.txt", "")), "empty.txt: no name in it");
  expect_refused(scan(directory.write("comments.txt", "# nothing\n\n")), "comments.txt: no name in it");
  expect_refused(scan(directory.write("binary", std::string("\x7f"
                                                            "ELF\0\0\1\2\xff\xfe\0\0",
                                                            12))),
                 "binary");
  expect_refused(scan(directory.write("bad.txt", "a..b\n192.0.2.1\n")), "no name in");
  EXPECT_EQ(dauth({"report", "-d", database}).status(), 2) << "no month came of any of these";
}

TEST_F(BadInput, BadLinesAreKeptAndTheRunGoesOn) {
  const std::string mixed =
      directory.write("mixed.txt", "example.jp\nbad..name\n192.0.2.1\nnot a name\n\xff\xfe\x1b[31m.jp\n" +
                                       std::string(64, 'a') + ".jp\n");
  std::vector<std::string> arguments = scan(mixed, {"-m", "2026-11"});
  arguments[5] = served_registry().resolver();
  const ProcessResult result = dauth(arguments);
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("1 name listed, 5 lines rejected"));
  EXPECT_THAT(result.err, HasSubstr("5 lines of the list (83.33 %) are no names")) << "once more at the end";
  for (const std::string table : {"month", "quality", "adoption"}) {
    EXPECT_THAT(dauth({"report", table, "-d", database}).out,
                HasSubstr("2026-11: 5 lines of the list (83.33%) are no names and are not counted"))
        << table;
  }
  const ProcessResult runs = dauth({"runs", "-d", database});
  EXPECT_THAT(runs.out, HasSubstr("mixed.txt:2: "));
  EXPECT_THAT(runs.out, HasSubstr("mixed.txt:3: an address, not a name"));
  EXPECT_THAT(runs.out, HasSubstr("mixed.txt:6: label longer than 63 octets"));
  EXPECT_EQ(runs.out.find('\x1b'), std::string::npos) << "no escape sequence reaches the terminal";
}

TEST_F(BadInput, Databases) {
  const std::string other =
      directory.write("other", "this is no database, but a text that somebody wants to keep\n");
  expect_refused({"scan", list, "-d", other, "--resolver", "127.0.0.1:9"}, "not a database");
  EXPECT_EQ(read_file(other), "this is no database, but a text that somebody wants to keep\n");
  expect_refused({"scan", list, "-d", directory.path(), "--resolver", "127.0.0.1:9"}, "--database");
  expect_refused({"scan", list, "-d", directory.file("none/survey.sqlite"), "--resolver", "127.0.0.1:9"},
                 "--database");
  expect_refused({"report", "-d", directory.file("none.sqlite")}, "no such file");
  expect_refused({"runs", "-d", other}, "not a database");
  // One of another program, and one of a later dauth.
  const std::string foreign = directory.file("foreign.sqlite");
  ASSERT_EQ(run({"sqlite3", foreign, "CREATE TABLE t(x); PRAGMA application_id=7;"}).status(), 0);
  expect_refused({"report", "-d", foreign}, "--database");
  ASSERT_EQ(dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database}).status(),
            0);
  ASSERT_EQ(run({"sqlite3", database, "PRAGMA user_version=9999;"}).status(), 0);
  expect_refused({"report", "-d", database}, "newer");
}

TEST_F(BadInput, ResolverThatDoesNotAnswer) {
  // Nobody listens there; and somebody does, but stays silent.
  const std::string closed = "127.0.0.1:" + std::to_string(free_port());
  std::vector<std::string> arguments = scan(list, {"-m", "2026-11", "--timeout", "50ms", "--tries", "2"});
  arguments[5] = closed;
  for (const bool silent : {false, true}) {
    std::optional<UnboundServer> paused;
    if (silent) {
      paused.emplace(UnboundServer::over(served_registry().authoritative_port()));
      paused->daemon().pause();
      arguments[5] = paused->address();
    }
    const ProcessResult result = dauth(arguments);
    EXPECT_EQ(result.status(), 2);
    EXPECT_THAT(result.err, HasSubstr("--resolver " + arguments[5] + ": "));
    const ProcessResult check =
        dauth({"check", "example.jp", "--resolver", arguments[5], "--timeout", "50ms", "--tries", "2"});
    EXPECT_EQ(check.status(), 2);
    EXPECT_EQ(check.out, "");
    EXPECT_THAT(check.err, HasSubstr("--resolver: no answer from " + arguments[5]));
    if (paused) paused->daemon().resume();
  }
  // The list was kept: a resolver that answers finishes the month.
  arguments[5] = served_registry().resolver();
  const ProcessResult result = dauth(arguments);
  EXPECT_EQ(result.status(), 0) << result.err;
}

TEST_F(BadInput, ResolverThatRewritesNameErrors) {
  UnboundOptions options;
  options.stub_zones = {{".", served_registry().authoritative_port()}};
  options.server_lines = {"local-zone: \".\" redirect", "local-data: \". 60 IN A 192.0.2.80\""};
  const UnboundServer liar(options);
  std::vector<std::string> arguments = scan(list, {"-m", "2026-11"});
  arguments[5] = liar.address();
  const ProcessResult result = dauth(arguments);
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("--resolver " + liar.address()));
  EXPECT_THAT(result.err, HasSubstr("though that name cannot exist"));
  arguments.push_back("--no-preflight");
  EXPECT_EQ(dauth(arguments).status(), 0);
}

TEST_F(BadInput, ImportedCounts) {
  expect_refused({"import", directory.file("none.csv"), "-d", database}, "none.csv");
  expect_refused({"import", directory.path(), "-d", database}, "COUNTS");
  expect_refused({"import", directory.write("a.csv", "a,b\n"), "-d", database}, "a.csv:1: ");
  expect_refused(
      {"import", directory.write("b.csv", "month,category,metric,count\n2005-13,AD,mx,1\n"), "-d", database},
      "b.csv:2: ");
  expect_refused(
      {"import", directory.write("c.csv", "month,category,metric,count\n2005-04,AD,mx,-1\n"), "-d", database},
      "c.csv:2: ");
  const std::string published = DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv";
  ASSERT_EQ(dauth({"import", published, "-d", database}).status(), 0);
  expect_refused({"import", published, "-d", database}, "imported before");
  EXPECT_EQ(dauth({"import", published, "-d", database, "--replace"}).status(), 0);
}

TEST_F(BadInput, ConfigurationFile) {
  const auto with = [&](const std::string& toml) {
    return scan(list, {"--config", directory.write("dauth.toml", toml)});
  };
  expect_refused(with("[scan]\ntimeout = 5\n"), "--timeout: '5' needs a unit");
  expect_refused(with("[scan]\ntimeuot = \"5s\"\n"), "line 2: 'timeuot' is no option");
  expect_refused(with("timeout = \"5s\"\n"), "stands in no table");
  expect_refused(with("[scna]\ntimeout = \"5s\"\n"), "[scna] is no command");
  expect_refused(with("[scan\n"), "--config: line 1");
  expect_refused(scan(list, {"--config", directory.file("none.toml")}), "none.toml");
}

TEST_F(BadInput, StandardOutputThatCannotBeWritten) {
  ASSERT_EQ(dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database}).status(),
            0);
  const ProcessResult full =
      run({"sh", "-c", "exec \"$0\" report -d \"$1\" > /dev/full", DAUTH_PROGRAM, database});
  EXPECT_EQ(full.status(), 1);
  EXPECT_THAT(full.err, HasSubstr("standard output could not be written"));
  const ProcessResult gone =
      run({"sh", "-c", "{ \"$0\" report -d \"$1\"; echo status $? >&2; } | true", DAUTH_PROGRAM, database});
  EXPECT_EQ(gone.end.signal, 0);
  EXPECT_THAT(gone.err, Not(HasSubstr("could not be written"))) << "the reader of a pipe may have enough";
}

}  // namespace
}  // namespace dauth::testing
