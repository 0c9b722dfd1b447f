// docs/operations.md says nothing that does not work: each configuration in it is given to its checker, and
// each command is run, in order, after a survey as the page describes it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <regex>

#include "tests/integration/operation/installed_package.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/page_blocks.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

class OperationsDocument : public ::testing::Test {
 protected:
  const std::string page = read_file(DAUTH_SOURCE_DIR "/docs/operations.md");
  const std::vector<PageBlock> blocks = blocks_of(page);
  TemporaryDirectory directory;
};

TEST_F(OperationsDocument, EachBlockIsOfAKindThatIsChecked) {
  std::map<std::string, int> kinds;
  for (const PageBlock& block : blocks) ++kinds[block.language];
  EXPECT_EQ(kinds["unbound"], 1);
  EXPECT_EQ(kinds["named"], 1);
  EXPECT_EQ(kinds["yaml"], 1);
  EXPECT_GE(kinds["sh"], 7);
  EXPECT_EQ(kinds.size(), 4U) << "a block of another kind would be run by nobody";
}

TEST_F(OperationsDocument, TheAlertsAreTheInstalledOnesAndNameMetricsThatExist) {
  const std::string alerts = read_file(DAUTH_SOURCE_DIR "/scripts/packaging/dauth-alerts.yml");
  for (const PageBlock& block : blocks) {
    if (block.language == "yaml") {
      EXPECT_EQ(block.text, alerts);
    }
  }
  const std::string metrics = read_file(DAUTH_SOURCE_DIR "/scanner/cli/scan_metrics.cpp");
  const std::regex name("dauth_scan_([a-z_]+)");
  std::size_t found = 0;
  for (std::sregex_iterator match(alerts.begin(), alerts.end(), name), end; match != end; ++match, ++found)
    EXPECT_THAT(metrics, HasSubstr("\"" + (*match)[1].str() + "\""));
  EXPECT_GE(found, 6U);
  EXPECT_EQ(shell("python3 -c 'import sys, yaml; rules = "
                  "yaml.safe_load(open(sys.argv[1]))[\"groups\"][0][\"rules\"]; "
                  "assert all(r[\"alert\"] and r[\"expr\"] for r in rules)' \"$1\"",
                  {DAUTH_SOURCE_DIR "/scripts/packaging/dauth-alerts.yml"})
                .status(),
            0);
  if (find_program("promtool")) {
    const ProcessResult result =
        run({"promtool", "check", "rules", DAUTH_SOURCE_DIR "/scripts/packaging/dauth-alerts.yml"});
    EXPECT_EQ(result.status(), 0) << result.out << result.err;
  }
}

// Metrics, events and fields that the page names are those that the program writes, and the other way round.
TEST_F(OperationsDocument, NamesEachMetricAndEvent) {
  const std::string metrics = read_file(DAUTH_SOURCE_DIR "/scanner/cli/scan_metrics.cpp");
  const std::string watch = read_file(DAUTH_SOURCE_DIR "/scanner/cli/scan_watch.cpp");
  const std::regex metric("(?:gauge|counter|time|family)\\(\"([a-z_]+)\"");
  std::size_t found = 0;
  for (std::sregex_iterator match(metrics.begin(), metrics.end(), metric), end; match != end;
       ++match, ++found)
    EXPECT_THAT(page, ::testing::ContainsRegex("(dauth_scan)?_" + (*match)[1].str() + "[`{]"));
  EXPECT_GE(found, 20U);
  const std::regex field("\\{\"([a-z_]+)\", ");
  found = 0;
  for (std::sregex_iterator match(watch.begin(), watch.end(), field), end; match != end; ++match, ++found)
    EXPECT_THAT(page, HasSubstr("`" + (*match)[1].str() + "`"));
  EXPECT_GE(found, 40U);
  const std::regex event("write\\([^;]*?\"([a-z_]+)\"");
  found = 0;
  for (std::sregex_iterator match(watch.begin(), watch.end(), event), end; match != end; ++match, ++found)
    EXPECT_THAT(page, HasSubstr("| `" + (*match)[1].str() + "` |"));
  EXPECT_GE(found, 10U);
}

TEST_F(OperationsDocument, EachConfigurationAndCommandWorks) {
  // Paths of the page, in a place of this test; a systemctl and a setpriv that only know what is packaged.
  const std::string state = directory.file("state");
  const std::string bin = directory.file("bin");
  std::filesystem::create_directories(state);
  std::filesystem::create_directories(bin);
  std::filesystem::create_symlink(DAUTH_PROGRAM, bin + "/dauth");
  write_file(bin + "/systemctl",
             "#!/bin/sh\ncase \"$1\" in enable|start|reset-failed) ;; *) exit 1 ;; esac\n"
             "for unit; do :; done\nunit='" DAUTH_SOURCE_DIR
             "/scripts/packaging/'\"$unit\"\n"
             "[ -e \"$unit\" ] || [ -e \"$unit.in\" ]\n");
  write_file(bin + "/setpriv",
             "#!/bin/sh\n[ \"$1 $2 $3 $4 $5\" = '--reuid dauth --regid dauth --init-groups' ] || exit 1\n"
             "shift 5\nexec \"$@\"\n");
  for (const char* name : {"/systemctl", "/setpriv"})
    std::filesystem::permissions(bin + name, std::filesystem::perms(0755));
  const auto here = [&](std::string text) {
    text = replaced(text, "--resolver 127.0.0.1", "--resolver " + served_registry().resolver());
    text = replaced(text, "/etc/dauth.toml", directory.file("dauth.toml"));
    text = replaced(text, "/var/lib/dauth", state);
    text = replaced(text, "/usr/share/doc/dauth/examples", DAUTH_SOURCE_DIR "/scripts/packaging");
    text = replaced(text, "/etc/cron.d", directory.path());
    return replaced(text, "/var/cache/bind", directory.path());
  };
  std::string settings = here(read_file(DAUTH_SOURCE_DIR "/scripts/packaging/dauth.toml"));
  settings = replaced(settings, "#list = [", "list = [");
  settings = replaced(settings, "[\"127.0.0.1\"]", "[\"" + served_registry().resolver() + "\"]");
  write_file(directory.file("dauth.toml"), settings);
  std::filesystem::copy_file(served_registry().files().list, state + "/list.txt");

  for (const PageBlock& block : blocks) {
    if (block.language == "unbound") write_file(directory.file("survey.conf"), block.text);
    if (block.language == "named") write_file(directory.file("named.conf"), here(block.text));
    if (block.language != "sh") continue;
    SCOPED_TRACE(block.text);
    ProcessOptions options;
    options.arguments = {"bash", "-euc", here(block.text)};
    options.working_directory = directory.path();
    const std::string path = std::getenv("PATH");
    options.environment = {{"PATH", bin + ":" + path + ":/usr/sbin:/sbin"}};
    const ProcessResult result = run_program(options, std::chrono::seconds(120));
    EXPECT_EQ(result.status(), 0) << result.out << result.err;
    if (block.text.find("integrity_check") != std::string::npos) {
      EXPECT_THAT(result.out, HasSubstr("ok\n"));
    }
    if (block.text.find("json.loads") != std::string::npos) {
      EXPECT_THAT(result.out, HasSubstr(" end 0\n"));
    }
  }
  EXPECT_TRUE(std::filesystem::exists(state + "/backup.sqlite"));
}

}  // namespace
}  // namespace dauth::testing
