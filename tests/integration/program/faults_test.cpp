// What a machine does to a scan that nobody watches: each fault with its message and status, and nothing that
// was committed is lost. (Dead and paused resolvers: killed_resolver_test.cpp, preflight_test.cpp; SIGKILL:
// killed_scan_test.cpp.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/syscall.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/program/run_record.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/scripted_server.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DAUTH_WITH_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DAUTH_WITH_SANITIZER
#endif
#endif

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A connection of another program.
class OtherProgram {
 public:
  explicit OtherProgram(const std::string& database) { sqlite3_open(database.c_str(), &handle_); }
  OtherProgram(const OtherProgram&) = delete;
  OtherProgram& operator=(const OtherProgram&) = delete;
  ~OtherProgram() { sqlite3_close(handle_); }
  void execute(const char* sql) {
    EXPECT_EQ(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle_);
  }

 private:
  sqlite3* handle_ = nullptr;
};

// Whether a thread of the process but its first sleeps for a while. The database's thread does so while
// SQLite waits for another writer, and at no other time (proc(5), /proc/PID/syscall).
bool waits_for_another_writer(pid_t process) {
  const std::string first = std::to_string(process);
  std::error_code ended;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + first + "/task", ended)) {
    if (thread.path().filename() == first) continue;
    std::ifstream file(thread.path() / "syscall");
    long call = -1;
    if (file >> call && (call == SYS_clock_nanosleep || call == SYS_nanosleep)) return true;
  }
  return false;
}

class Faults : public ::testing::Test {
 protected:
  std::vector<std::string> scan_arguments(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"scan",
                                          served_registry().files().list,
                                          "-d",
                                          database,
                                          "-m",
                                          "2026-11",
                                          "--resolver",
                                          served_registry().resolver(),
                                          "--second-pass-after",
                                          "100ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::uint64_t surveyed() const { return surveyed_names(database); }

  // A scan at a low rate of which some rows are committed.
  std::unique_ptr<ChildProcess> scan_under_way() const {
    auto scan = std::make_unique<ChildProcess>(dauth_command(scan_arguments({"--qps", "1500"})));
    while (surveyed() == 0 && !scan->wait_for_end(std::chrono::milliseconds(20))) {
    }
    return scan;
  }

  void stop_half_way() const {
    const auto scan = scan_under_way();
    scan->send_signal(SIGINT);
    ASSERT_EQ(scan->finish().status(), 130);
  }

  void expect_the_same_command_finishes() const {
    const ProcessResult rest = dauth(scan_arguments());
    ASSERT_EQ(rest.status(), 0) << rest.err;
    expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
  }

  // Of every command that reads what is in the database.
  void expect_damage_told(const std::string& words) const {
    for (const auto& arguments :
         std::vector<std::vector<std::string>>{scan_arguments(),
                                               scan_arguments({"--replace"}),
                                               {"report", "-d", database},
                                               {"export", "-d", database, "-m", "2026-11"},
                                               {"rejudge", "-d", database, "-m", "2026-11"},
                                               {"prune", "-d", database, "--keep", "1"},
                                               {"runs", "-d", database}}) {
      const ProcessResult result = dauth(arguments);
      EXPECT_EQ(result.status(), 1) << arguments[0] << ": " << result.err;
      EXPECT_THAT(result.err, AllOf(HasSubstr("the database is damaged"), HasSubstr(words))) << arguments[0];
      EXPECT_EQ(result.out, "") << arguments[0];
    }
  }

  // The arguments as words of a shell script that runs as root of its own namespaces.
  static std::string words(const std::vector<std::string>& arguments) {
    std::string text = "'" DAUTH_PROGRAM "'";
    for (const std::string& argument : arguments) text += " '" + argument + "'";
    return text;
  }
  static ProcessResult in_namespace(const std::string& kinds, const std::string& script) {
    return run({"unshare", "--map-root-user", kinds, "sh", "-c", script});
  }
  static bool has_namespaces() { return in_namespace("--mount", "true").status() == 0; }

  TemporaryDirectory directory;
  std::string database = directory.file("survey.sqlite");
};

TEST_F(Faults, DiskFull) {
  if (!has_namespaces()) GTEST_SKIP() << "SKIPPED: no namespaces may be made here";
  const std::string small = directory.file("small");
  std::filesystem::create_directory(small);
  database = small + "/survey.sqlite";
  // Room for the list, not for the rows; then enough. The served registry is reached over the loopback of the
  // test's own network.
  const std::string script =
      "mount -t tmpfs -o size=500k none '" + small + "' && " + words(scan_arguments()) +
      "; echo \"first $?\" >&2; " + "mount -o remount,size=100m '" + small + "'; " + words(scan_arguments()) +
      "; echo \"second $?\" >&2; " + words({"export", "-d", database, "-m", "2026-11"});
  const ProcessResult result = in_namespace("--mount", script);
  EXPECT_THAT(result.err, AllOf(HasSubstr("first 1\n"), HasSubstr("no room is left for the database"),
                                HasSubstr("second 0\n")));
  expect_truth(CsvTable(result.out), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, DiskThatFillsUpInTheMidst) {
  if (!has_namespaces()) GTEST_SKIP() << "SKIPPED: no namespaces may be made here";
  constexpr int kNames = 1500;
  std::string names;
  for (int i = 0; i < kNames; ++i) names += "n" + std::to_string(i) + ".example\n";
  const std::string list = directory.write("list.txt", names);
  const ScriptedServer server({});  // none of them exists
  const std::string address = server.address().to_text();
  const std::string small = directory.file("small");
  std::filesystem::create_directory(small);
  database = small + "/survey.sqlite";
  const std::string saved = directory.file("saved.txt");
  const auto scan = [&](const std::string& rate) {
    return words({"scan", list, "-d", database, "-m", "2026-11", "--resolver", address, "--no-preflight",
                  "--qps", rate});
  };
  // The disk is filled when some names are saved; the questions from the marker on are those of the second
  // scan.
  const std::string script =
      "mount -t tmpfs -o size=20m none '" + small + "' || exit 9; " + scan("300") + " & scan=$!; " +
      "until [ \"$(sqlite3 -readonly '" + database +
      "' 'SELECT count(*) > 0 FROM observation' 2>&1)\" = 1 ]; do kill -0 $scan || break; sleep 0.02; "
      "done; " +
      "cat /dev/zero >'" + small + "/filler' 2>/dev/null; wait $scan; echo \"first $?\" >&2; " +
      "sqlite3 -readonly '" + database + "' 'SELECT text FROM observation JOIN name ON name.id = name' >'" +
      saved + "'; " + "drill -p " + address.substr(address.rfind(':') + 1) +
      " @127.0.0.1 marker.test >/dev/null; rm '" + small + "/filler'; " + scan("0") +
      "; echo \"second $?\" >&2; " + words({"export", "-d", database, "-m", "2026-11"});
  const ProcessResult result = in_namespace("--mount", script);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("no room is left for the database"), HasSubstr("what was saved stays saved"),
                    HasSubstr("first 1\n"), HasSubstr("second 0\n")));
  const CsvTable found(result.out);
  EXPECT_EQ(found.size(), static_cast<std::size_t>(kNames));
  EXPECT_EQ(found.count({{"exists", "absent"}}), static_cast<std::size_t>(kNames));

  std::set<std::string> kept;
  for (const std::string& name : split(read_file(saved), '\n')) {
    if (!name.empty()) kept.insert(name);
  }
  EXPECT_GT(kept.size(), 0U);
  EXPECT_LT(kept.size(), static_cast<std::size_t>(kNames));
  bool is_second = false;
  std::set<std::string> asked;
  for (const dns::Question& question : server.questions()) {
    const std::string qname = question.name.to_text();
    if (is_second) asked.insert(qname);
    is_second |= qname.find("marker.test") != std::string::npos;
  }
  EXPECT_TRUE(is_second);
  EXPECT_GE(asked.size(), kNames - kept.size());
  for (const std::string& name : kept) {
    EXPECT_FALSE(asked.contains(name) || asked.contains(name + ".")) << name << " was saved and asked again";
  }
}

TEST_F(Faults, AFileThatMayNotGrow) {
  stop_half_way();
  const std::uint64_t before = surveyed();
  ASSERT_GT(before, 0U);
  // KiB. Behind it write(2) fails, and the system sends SIGXFSZ.
  const ProcessResult limited = run({"bash", "-c", "ulimit -f 100; exec " + words(scan_arguments())});
  EXPECT_EQ(limited.status(), 1) << limited.err;
  EXPECT_THAT(limited.err,
              AllOf(HasSubstr("no room is left for the database"), HasSubstr("what was saved stays saved")));
  EXPECT_GE(surveyed(), before);
  EXPECT_LT(surveyed(), 2000U);
  expect_the_same_command_finishes();
  // The other commands' output.
  const std::string output = directory.file("export.csv");
  const ProcessResult exported =
      run({"bash", "-c",
           "ulimit -f 100; exec " + words({"export", "-d", database, "-m", "2026-11", "-o", output})});
  EXPECT_EQ(exported.status(), 1) << exported.err;
  EXPECT_THAT(exported.err, HasSubstr("File too large"));
  EXPECT_FALSE(std::filesystem::exists(output));
}

TEST_F(Faults, FolderThatMayNotBeWritten) {
  if (!has_namespaces()) GTEST_SKIP() << "SKIPPED: no namespaces may be made here";
  const std::string sealed = directory.file("sealed");
  std::filesystem::create_directory(sealed);
  database = sealed + "/survey.sqlite";
  const std::string seal =
      "mount --bind '" + sealed + "' '" + sealed + "' && mount -o remount,bind,ro '" + sealed + "'; ";
  const ProcessResult empty = in_namespace("--mount", seal + words(scan_arguments()));
  EXPECT_EQ(empty.status(), 2);
  EXPECT_THAT(empty.err, HasSubstr("Read-only file system"));

  ASSERT_EQ(dauth(scan_arguments()).status(), 0);
  const std::string report = dauth({"report", "-d", database}).out;
  const ProcessResult readable = in_namespace("--mount", seal + words({"report", "-d", database}));
  EXPECT_EQ(readable.status(), 0) << readable.err;
  EXPECT_EQ(readable.out, report);
  const ProcessResult again = in_namespace("--mount", seal + words(scan_arguments({"--replace"})));
  EXPECT_EQ(again.status(), 2);
  EXPECT_EQ(dauth({"report", "-d", database}).out, report);
}

TEST_F(Faults, AnotherWriterForAMoment) {
  if (!std::ifstream("/proc/self/syscall")) GTEST_SKIP() << "SKIPPED: the kernel does not tell who sleeps";
  const auto scan = scan_under_way();
  OtherProgram other(database);
  other.execute("BEGIN IMMEDIATE");
  bool has_waited = false;
  while (!(has_waited = waits_for_another_writer(scan->pid())) &&
         !scan->wait_for_end(std::chrono::milliseconds(5))) {
  }
  EXPECT_TRUE(has_waited);
  other.execute("ROLLBACK");
  const ProcessResult result = scan->finish(std::chrono::seconds(240));
  EXPECT_EQ(result.status(), 0) << result.err;
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, AnotherWriterForGood) {
  const auto scan = scan_under_way();
  OtherProgram other(database);
  other.execute("BEGIN IMMEDIATE");
  const ProcessResult result = scan->finish(std::chrono::seconds(60));
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("in use by another process"), HasSubstr("what was saved stays saved")));
  other.execute("ROLLBACK");
  EXPECT_GT(surveyed(), 0U);
  expect_the_same_command_finishes();
}

TEST_F(Faults, AReaderAllTheTime) {
  ASSERT_EQ(dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database}).status(),
            0);
  OtherProgram reader(database);
  reader.execute("BEGIN; SELECT count(*) FROM category_count");
  const ProcessResult result = dauth(scan_arguments());
  EXPECT_EQ(result.status(), 0) << result.err;
  reader.execute("COMMIT");
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, DamagedDatabase) {
  stop_half_way();
  // Every page but the first, which says that it is a database.
  std::filesystem::remove(database + "-wal");
  const auto size = std::filesystem::file_size(database);
  {
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    const std::string garbage(static_cast<std::size_t>(size) - 4096, '\x5a');
    file.write(garbage.data(), static_cast<std::streamsize>(garbage.size()));
  }
  expect_damage_told("damaged");
}

TEST_F(Faults, DatabaseThatWasCutShort) {
  ASSERT_EQ(dauth(scan_arguments()).status(), 0);
  const std::string sound = read_file(database);
  // Within the last page, whose rest SQLite takes for zeros, and before it.
  for (const std::size_t lost : {std::size_t{1}, std::size_t{4072}, sound.size() / 3}) {
    const std::string cut = sound.substr(0, sound.size() - lost);
    write_file(database, cut);
    expect_damage_told("cut short, " + std::to_string(cut.size()) + " of " + std::to_string(sound.size()) +
                       " octets");
    EXPECT_TRUE(read_file(database) == cut) << "it was left as it is";
  }
  write_file(database, sound);
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, DatabaseThatLostRows) {
  ASSERT_EQ(dauth(scan_arguments()).status(), 0);
  const std::string report = dauth({"report", "-d", database}).out;
  // The rear half of a page of rows, as a disk that lost a sector gives it back.
  const std::string page = run({"sqlite3", database,
                                "SELECT pageno FROM dbstat WHERE name = 'observation' AND pagetype = 'leaf' "
                                "ORDER BY path LIMIT 1 OFFSET 2"})
                               .out;
  {
    std::fstream file(database, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((std::stol(page) - 1) * 4096 + 2048);
    file << std::string(2048, '\0');
  }
  const std::string damaged = read_file(database);
  const std::string output = directory.file("export.csv");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"export", "-d", database, "-m", "2026-11"},
           {"export", "-d", database, "-m", "2026-11", "--format", "jsonl", "-o", output},
           {"export", "-d", database, "-m", "2026-11", "-o", output},
           {"rejudge", "-d", database, "-m", "2026-11", "--dry-run"},
           {"rejudge", "-d", database, "-m", "2026-11"}}) {
    const ProcessResult result = dauth(arguments);
    EXPECT_EQ(result.status(), 1) << arguments[0] << ": " << result.err;
    EXPECT_THAT(result.err, HasSubstr("the database is damaged")) << arguments[0];
  }
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("export.csv")));
  }
  // The counts, of which the tables are made, are those of all names.
  EXPECT_EQ(dauth({"report", "-d", database}).out, report);
}

TEST_F(Faults, ListThatIsGone) {
  const std::string list = directory.write("list.txt", read_file(served_registry().files().list));
  auto arguments = scan_arguments({"--qps", "1500"});
  arguments[1] = list;
  ChildProcess scan(dauth_command(arguments));
  while (surveyed() == 0 && !scan.wait_for_end(std::chrono::milliseconds(20))) {
  }
  // The scan does not need it any more, ...
  std::filesystem::remove(list);
  scan.send_signal(SIGTERM);
  ASSERT_EQ(scan.finish().status(), 143);
  // ... one that goes on does.
  const ProcessResult gone = dauth(arguments);
  EXPECT_EQ(gone.status(), 2);
  EXPECT_THAT(gone.err, AllOf(HasSubstr("list.txt"), HasSubstr("No such file")));
  EXPECT_GT(surveyed(), 0U);
  // Put back, it is the same list.
  directory.write("list.txt", read_file(served_registry().files().list));
  const ProcessResult rest = dauth(arguments);
  EXPECT_EQ(rest.status(), 0) << rest.err;
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, NoNetwork) {
  if (in_namespace("--net", "true").status() != 0)
    GTEST_SKIP() << "SKIPPED: no network namespace may be made here";
  const std::string list = directory.write("few.txt", "a.example.jp\nb.example.jp\n");
  const std::vector<std::string> arguments = {"scan",
                                              list,
                                              "-d",
                                              database,
                                              "-m",
                                              "2026-11",
                                              "--resolver",
                                              "192.0.2.53",
                                              "--timeout",
                                              "50ms",
                                              "--tries",
                                              "2",
                                              "--second-pass-after",
                                              "10ms"};
  const ProcessResult told = in_namespace("--net", words(arguments));
  EXPECT_EQ(told.status(), 2);
  EXPECT_THAT(told.err, HasSubstr("192.0.2.53"));
  auto insisting = arguments;
  insisting.push_back("--no-preflight");
  const ProcessResult lost = in_namespace("--net", words(insisting));
  EXPECT_EQ(lost.status(), 3) << lost.err;
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"mx", "unmeasured"}, {"cause", "unreachable"}}), 2U);
}

TEST_F(Faults, ClockSetBack) {
  // libfaketime reads its file again at each call.
  const std::string time_file = directory.write("time", "+0\n");
  ProcessOptions options = dauth_command(scan_arguments({"--qps", "1500"}));
  for (const auto& [variable, value] :
       {std::pair{"LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"},
        {"FAKETIME_TIMESTAMP_FILE", time_file.c_str()},
        {"FAKETIME_NO_CACHE", "1"},
        {"DONT_FAKE_MONOTONIC", "1"},
        {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}}) {
    options.environment.emplace_back(variable, value);
  }
  ChildProcess scan(options);
  while (surveyed() == 0 && !scan.wait_for_end(std::chrono::milliseconds(20))) {
  }
  directory.write("time", "-30d\n");
  const ProcessResult result = scan.finish(std::chrono::seconds(240));
  EXPECT_EQ(result.status(), 0) << result.err;
  const auto record = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out)[0];
  EXPECT_LT(record["finished"].get<std::string>(), record["started"].get<std::string>()) << "it was set back";
  EXPECT_EQ(record["timeouts"], 0);
  EXPECT_EQ(record["unmeasured"], 0);
  EXPECT_LT(record["run_milliseconds"], 120'000);
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

TEST_F(Faults, TooLittleMemory) {
#ifdef DAUTH_WITH_SANITIZER
  GTEST_SKIP() << "SKIPPED: a sanitizer wants more address space than any limit";
#endif
  stop_half_way();
  std::uint64_t before = surveyed();
  ASSERT_GT(before, 0U);
  int told = 0;
  bool is_enough = false;
  for (int megabytes = 8; megabytes <= 256 && !is_enough; ++megabytes) {
    const ProcessResult result = run(
        {"sh", "-c", "ulimit -v " + std::to_string(megabytes * 1024) + "; exec " + words(scan_arguments())});
    const std::uint64_t after = surveyed();
    EXPECT_GE(after, before) << megabytes;
    before = after;
    is_enough = result.status() == 0;
    // 127: not even the libraries could be loaded. What counts is where the program itself tells it; whatever
    // the end, nothing is lost.
    // A stack that may not grow ends a process by SIGSEGV (setrlimit(2)); an abort would be the program's
    // own.
    EXPECT_THAT(result.status(), ::testing::AnyOf(0, 1, 127, 128 + SIGSEGV))
        << megabytes << ": " << result.err;
    if (result.status() != 1) continue;
    EXPECT_THAT(result.err,
                AllOf(HasSubstr("dauth: no memory is left"), HasSubstr("; what was saved stays saved\n")))
        << megabytes;
    if (result.err.find("dauth: no memory is left; what was saved stays saved\n") != std::string::npos)
      ++told;
  }
  EXPECT_GT(told, 0) << "at no limit did the program itself run out of memory";
  EXPECT_TRUE(is_enough);
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
}

}  // namespace
}  // namespace dauth::testing
