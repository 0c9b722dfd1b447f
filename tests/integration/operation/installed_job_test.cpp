// The package is installed into a root of its own, its job runs there as the service's user with the packaged
// settings, and it goes again without rests, but for the measured months.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "tests/integration/operation/installed_package.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/metrics_text.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class InstalledJob : public ::testing::Test {
 protected:
  void SetUp() override {
    // Others than the owner must find their way in.
    std::filesystem::permissions(directory.path(), std::filesystem::perms(0755));
    const ProcessResult installed = root.dpkg({"--install", package});
    ASSERT_EQ(installed.status(), 0) << installed.out << installed.err;
  }

  // Number of the user that the package made.
  std::string user_number() const {
    std::ifstream users(root.file("/etc/passwd"));
    for (std::string line; std::getline(users, line);) {
      if (!line.starts_with("dauth:")) continue;
      EXPECT_THAT(line, ::testing::EndsWith(":/var/lib/dauth:/usr/sbin/nologin"));
      return split(line, ':').at(2);
    }
    ADD_FAILURE() << "no user dauth was made";
    return "65534";
  }

  // The command of the unit or of the cron example, as the service's user, in this root.
  ProcessResult run_as_service(std::string command) const {
    command =
        std::regex_replace(command, std::regex("/etc/dauth[.]toml"), root.file("/etc/dauth.toml").string());
    command = std::regex_replace(command, std::regex("(^|[ ])(/usr/bin/)?dauth scan"),
                                 "$1" + root.file("/usr/bin/dauth").string() + " scan");
    std::string script = "umask 027; " + command;
    if (geteuid() == 0) {
      script =
          "exec setpriv --reuid $1 --regid $1 --clear-groups --no-new-privs --bounding-set=-all "
          "bash -euc \"$2\"";
      return shell(script, {user_number(), "umask 027; " + command});
    }
    return shell(script);
  }

  // The settings as they were packaged, but for a list, the resolver of this test, and the root's place.
  void settle() const {
    std::string settings = read_file(root.file("/etc/dauth.toml"));
    const auto replace = [&](const std::string& from, const std::string& to) {
      ASSERT_THAT(settings, HasSubstr(from));
      settings = std::regex_replace(
          settings, std::regex(std::regex_replace(from, std::regex(R"([\[\].#])"), R"(\$&)")), to);
    };
    replace("#list = [\"/var/lib/dauth/list.txt\"]", "list = [\"/var/lib/dauth/list.txt\"]");
    replace("resolver = [\"127.0.0.1\"]", "resolver = [\"" + served_registry().resolver() + "\"]");
    replace("/var/lib/dauth", root.file("/var/lib/dauth").string());
    write_file(root.file("/etc/dauth.toml"), settings);
    std::filesystem::copy_file(served_registry().files().list, root.file("/var/lib/dauth/list.txt"));
    std::filesystem::permissions(root.file("/var/lib/dauth/list.txt"), std::filesystem::perms(0644));
  }

  std::string command_of_unit() const {
    const std::string unit = read_file(root.file("/lib/systemd/system/dauth.service"));
    std::smatch command;
    if (!std::regex_search(unit, command, std::regex("\nExecStart=([^\n]+)\n"))) ADD_FAILURE() << unit;
    return command[1];
  }

  unsigned mode(const std::string& absolute) const {
    struct stat status{};
    return lstat(root.file(absolute).c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
  }

  TemporaryDirectory directory;
  const std::filesystem::path package = make_package(directory);
  const PackageRoot root{directory.file("root")};
};

TEST_F(InstalledJob, NothingIsEnabledAndTheDirectoryIsTheUsers) {
  for (const std::string& path : root.contents()) EXPECT_THAT(path, Not(HasSubstr(".wants")));
  EXPECT_EQ(mode("/var/lib/dauth"), 0750U);
  if (geteuid() == 0) {
    struct stat status{};
    ASSERT_EQ(stat(root.file("/var/lib/dauth").c_str(), &status), 0);
    EXPECT_EQ(std::to_string(status.st_uid), user_number());
  }
}

TEST_F(InstalledJob, WithoutAListItSaysSo) {
  const ProcessResult result = run_as_service(command_of_unit());
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("LIST is required"));
}

TEST_F(InstalledJob, SurveysAMonthOnceAndGoesWithoutRests) {
  settle();
  const ProcessResult first = run_as_service(command_of_unit());
  ASSERT_EQ(first.status(), 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("2,000 names surveyed"));
  for (const char* file : {"survey.sqlite", "survey.sqlite.lock", "scan.jsonl", "dauth.prom"})
    EXPECT_EQ(mode(std::string("/var/lib/dauth/") + file), 0640U) << file;
  const MetricsText metrics(read_file(root.file("/var/lib/dauth/dauth.prom")));
  EXPECT_THAT(metrics.errors(), IsEmpty());
  EXPECT_EQ(metrics.value("dauth_scan_exit_status"), 0);

  // The next day's turn, by cron this time.
  const std::string cron = read_file(root.file("/usr/share/doc/dauth/examples/dauth.cron"));
  std::smatch command;
  ASSERT_TRUE(std::regex_search(cron, command, std::regex("\n0 3 1-7 \\* \\* dauth ([^\n]+)\n"))) << cron;
  const ProcessResult second = run_as_service(command[1]);
  EXPECT_EQ(second.status(), 0) << second.err;
  EXPECT_EQ(second.out + second.err, "") << "nothing to mail";

  ASSERT_EQ(root.dpkg({"--remove", "dauth"}).status(), 0);
  EXPECT_THAT(root.contents(), ::testing::Contains("/etc/dauth.toml")) << "settings stay until the purge";
  const ProcessResult purged = root.dpkg({"--purge", "dauth"});
  ASSERT_EQ(purged.status(), 0) << purged.err;
  for (const std::string& path : root.contents())
    EXPECT_THAT(path, ::testing::StartsWith("/var/lib/dauth")) << "a rest";
  EXPECT_TRUE(std::filesystem::exists(root.file("/var/lib/dauth/survey.sqlite"))) << "months stay";
  EXPECT_THAT(read_file(root.file("/etc/passwd")), ::testing::ContainsRegex("(^|\n)dauth:"))
      << "and the user whose they are";
}

TEST_F(InstalledJob, WithoutMonthsThePurgeLeavesNothing) {
  ASSERT_EQ(root.dpkg({"--purge", "dauth"}).status(), 0);
  EXPECT_THAT(root.contents(), IsEmpty());
}

}  // namespace
}  // namespace dauth::testing
