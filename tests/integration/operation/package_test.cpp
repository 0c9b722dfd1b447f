// What the package holds: files and modes, manual, completions, units, and how the program was compiled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <sstream>

#include "tests/integration/operation/installed_package.h"
#include "tests/integration/program/dauth_program.h"

namespace dauth::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Package : public ::testing::Test {
 protected:
  // Unpacked below this path.
  std::string unpacked(const std::string& absolute = {}) const {
    return (directory.path() / "x").string() + absolute;
  }
  void SetUp() override { ASSERT_EQ(run({"dpkg-deb", "-x", package, unpacked()}).status(), 0); }
  void expect_clean(const std::string& what, const ProcessResult& result) const {
    EXPECT_EQ(result.status(), 0) << what << ": " << result.out << result.err;
    EXPECT_EQ(result.out + result.err, "") << what;
  }

  TemporaryDirectory directory;
  const std::filesystem::path package = make_package(directory);
};

TEST_F(Package, FilesAndModes) {
  const ProcessResult listing = run({"dpkg-deb", "-c", package});
  ASSERT_EQ(listing.status(), 0);
  std::map<std::string, std::string> files;
  std::istringstream lines(listing.out);
  const std::regex line_form(R"((\S{10}) (\S+) +\d+ \S+ \S+ \.(/.*))");
  for (std::string line; std::getline(lines, line);) {
    std::smatch parts;
    ASSERT_TRUE(std::regex_match(line, parts, line_form)) << line;
    EXPECT_EQ(parts[2], "root/root") << line;
    if (parts[1].str().starts_with('d')) {
      EXPECT_EQ(parts[1], "drwxr-xr-x") << line;
    } else {
      files[parts[3]] = parts[1];
    }
  }
  std::map<std::string, std::string> expected = {{"/usr/bin/dauth", "-rwxr-xr-x"}};
  for (const char* path :
       {"/etc/dauth.toml", "/lib/systemd/system/dauth.service", "/lib/systemd/system/dauth.timer",
        "/usr/lib/sysusers.d/dauth.conf", "/usr/lib/tmpfiles.d/dauth.conf",
        "/usr/share/bash-completion/completions/dauth", "/usr/share/zsh/vendor-completions/_dauth",
        "/usr/share/doc/dauth/changelog.gz", "/usr/share/doc/dauth/CHANGELOG.md.gz",
        "/usr/share/doc/dauth/copyright", "/usr/share/doc/dauth/operations.md",
        "/usr/share/doc/dauth/measurement-method.md", "/usr/share/doc/dauth/performance.md",
        "/usr/share/doc/dauth/check.md", "/usr/share/doc/dauth/examples/dauth.cron",
        "/usr/share/doc/dauth/examples/dauth-alerts.yml", "/usr/share/man/man1/dauth.1.gz"})
    expected[path] = "-rw-r--r--";
  for (const char* schema : {"advice", "check", "client", "dkim-key", "dmarc", "findings", "host",
                             "questions", "receiving", "spf", "submission"})
    expected[std::string("/usr/share/doc/dauth/check-json/") + schema + ".schema.json"] = "-rw-r--r--";
  const ProcessResult help = run({unpacked("/usr/bin/dauth"), "--help"});
  const std::regex command_line("\n  ([a-z]+) +[a-z]");
  const auto commands = help.out.substr(help.out.find("ommands:"));
  for (std::sregex_iterator match(commands.begin(), commands.end(), command_line), end; match != end; ++match)
    expected["/usr/share/man/man1/dauth-" + (*match)[1].str() + ".1.gz"] = "-rw-r--r--";
  EXPECT_GE(expected.size(), 20U) << "commands were not found in " << help.out;
  EXPECT_EQ(files, expected);
}

TEST_F(Package, Control) {
  const auto field = [&](const std::string& name) { return run({"dpkg-deb", "-f", package, name}).out; };
  EXPECT_EQ(field("Package"), "dauth\n");
  EXPECT_EQ(field("Architecture"), "amd64\n");
  for (const char* library :
       {"libc6 ", "libldns3", "libuv1", "libsqlite3-0", "libsodium23", "libssl3", "libpsl5"})
    EXPECT_THAT(field("Depends"), HasSubstr(library)) << "by dpkg-shlibdeps";
  EXPECT_THAT(field("Recommends"), HasSubstr("publicsuffix, unbound | bind9 | knot-resolver"));
  EXPECT_EQ(shell("dpkg-deb -I \"$1\" conffiles", {package}).out, "/etc/dauth.toml\n");
  for (const char* script : {"postinst", "prerm", "postrm"}) {
    const ProcessResult text = shell("dpkg-deb -I \"$1\" \"$2\" | tee \"$3\"; dash -n \"$3\"",
                                     {package, script, directory.file(script)});
    EXPECT_EQ(text.status(), 0) << text.err;
    EXPECT_THAT(text.out, HasSubstr("set -e"));
    EXPECT_THAT(text.out, Not(ContainsRegex("systemctl.* (enable|start|restart)")));
  }
}

// The address is that of no real person.
TEST_F(Package, LintianFindsNothing) {
  if (!find_program("lintian"))
    GTEST_SKIP() << "*** lintian is not installed (scripts/setup --package): SKIPPED ***";
  const ProcessResult result =
      shell("lintian --allow-root --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog \"$1\"",
            {package});
  expect_clean("lintian", result);
}

TEST_F(Package, ManualPagesAreSound) {
  const ProcessResult mandoc =
      shell("cd \"$1\"; for page in *.gz; do zcat $page >$2/page; mandoc -T lint -W warning $2/page; done",
            {unpacked("/usr/share/man/man1"), directory.path()});
  expect_clean("mandoc", mandoc);
  const ProcessResult man = shell(
      "cd \"$1\"; for page in *.gz; do MANWIDTH=80 LC_ALL=C.UTF-8 man --warnings -l ./$page | col -b "
      ">$2/$page.txt; "
      "done",
      {unpacked("/usr/share/man/man1"), directory.path()});
  expect_clean("man", man);
  const std::string page = read_file(directory.file("dauth-scan.1.gz.txt"));
  EXPECT_THAT(page, HasSubstr("EXIT STATUS"));
  EXPECT_THAT(page, HasSubstr("--unless-finished"));
}

TEST_F(Package, BashCompletes) {
  const auto completed = [&](const std::string& words) {
    return shell(
               "source \"$1\"; read -ra COMP_WORDS <<<\"$2\"; [[ $2 != *' ' ]] || COMP_WORDS+=('')\n"
               "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _dauth; printf '%s\\n' \"${COMPREPLY[@]}\"",
               {unpacked("/usr/share/bash-completion/completions/dauth"), words})
        .out;
  };
  EXPECT_EQ(completed("dauth re"), "report\nrejudge\n");
  EXPECT_EQ(completed("dauth scan --unl"), "--unless-finished\n");
  EXPECT_EQ(completed("dauth --config /etc/x scan --met"), "--metrics\n");
  EXPECT_THAT(completed("dauth scan --log " + unpacked("/etc/dau")), HasSubstr("/etc/dauth.toml"));
  EXPECT_EQ(completed("dauth scan --qps "), "\n") << "a number";
}

TEST_F(Package, ZshReadsItsCompletion) {
  if (!find_program("zsh")) GTEST_SKIP() << "*** zsh is not installed: SKIPPED ***";
  // The specifications are taken apart by _arguments itself when a completion is asked for on a terminal.
  const ProcessResult result = shell(
      "zsh -f -c 'zmodload zsh/zpty; zpty z zsh -f -i; zpty -w z \"PS1=; stty cols 200\"; "
      "zpty -w z \"fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -d $2/dump; LISTMAX=0\"; "
      "zpty -w z \"print READ\"\"Y\"; zpty -r -m z line \"*READY*\"; "
      "zpty -w -n z \"dauth scan --unl\"$'\"'\\t'\"'; "
      "zpty -r -m z line \"*--unless-finished*\" && print \"completed\"; zpty -d z' zsh \"$1\" \"$2\"",
      {unpacked("/usr/share/zsh/vendor-completions"), directory.path()}, std::chrono::seconds(30));
  EXPECT_THAT(result.out, HasSubstr("completed")) << result.err;
}

TEST_F(Package, TheUnitsAreSoundAndConfined) {
  if (!find_program("systemd-analyze")) GTEST_SKIP() << "*** systemd-analyze is not installed: SKIPPED ***";
  const std::string service = unpacked("/lib/systemd/system/dauth.service");
  // Where the program would be: verify looks whether it can be run.
  const ProcessResult verify = shell(
      "mkdir $3/units; sed \"s,^ExecStart=/usr/bin/dauth,ExecStart=$1/usr/bin/dauth,\" \"$2\" "
      ">$3/units/dauth.service; "
      "cp $1/lib/systemd/system/dauth.timer $3/units; systemd-analyze verify --man=no $3/units/dauth.service "
      "$3/units/dauth.timer",
      {unpacked(), service, directory.path()});
  EXPECT_EQ(verify.status(), 0) << verify.err;
  EXPECT_THAT(verify.err, Not(HasSubstr("dauth."))) << "complaints of other units are not ours";
  const ProcessResult security =
      run({"systemd-analyze", "security", "--offline=true", "--threshold=15", service});
  EXPECT_EQ(security.status(), 0) << "exposure above 1.5: " << security.out << security.err;
  EXPECT_THAT(security.out, HasSubstr("Overall exposure level"));
  const ProcessResult calendar = run({"systemd-analyze", "calendar", "*-*-01..07 03:00", "--iterations=2"});
  EXPECT_EQ(calendar.status(), 0) << calendar.err;
}

// A service that gave up can be started again: the limit bites, and is over before the timer comes again.
TEST_F(Package, TheServiceTriesAgainAndNotIntoTheNextDay) {
  const std::string unit = read_file(unpacked("/lib/systemd/system/dauth.service"));
  const auto number = [&](const std::string& setting, const std::string& time_unit) {
    std::smatch value;
    if (!std::regex_search(unit, value, std::regex("\n" + setting + "=([0-9]+)" + time_unit + "\n"))) {
      ADD_FAILURE() << setting << " is not given in " << time_unit << ": " << unit;
      return 0;
    }
    return std::stoi(value[1]);
  };
  const int minutes_limited = number("StartLimitIntervalSec", "h") * 60;
  const int starts = number("StartLimitBurst", "");
  const int minutes_between = number("RestartSec", "min");
  EXPECT_GT(minutes_limited, 2 * starts * minutes_between) << "would try for ever where a try takes a while";
  EXPECT_LE(minutes_limited, 12 * 60) << "would refuse the next day's start";
  // What the page for administrators says of it.
  const std::string page = read_file(DAUTH_SOURCE_DIR "/docs/operations.md");
  EXPECT_EQ(starts, 5);
  EXPECT_EQ(minutes_between, 10);
  EXPECT_THAT(page, HasSubstr("tries again after ten minutes, four times"));
  EXPECT_THAT(page, HasSubstr(std::to_string(minutes_limited / 60) + " hours from the first of them"));
  EXPECT_THAT(page, HasSubstr("systemctl reset-failed dauth.service\n"));
}

TEST_F(Package, TheProgramIsHardened) {
  if (DAUTH_HARDENED == 0) GTEST_SKIP() << "a build with sanitizers";
  const ProcessResult elf = run({"readelf", "-hlWd", unpacked("/usr/bin/dauth")});
  ASSERT_EQ(elf.status(), 0) << elf.err;
  EXPECT_THAT(elf.out, ContainsRegex("Type: +DYN"));
  EXPECT_THAT(elf.out, ContainsRegex("FLAGS_1.*NOW.*PIE"));
  EXPECT_THAT(elf.out, ContainsRegex("FLAGS\\).*BIND_NOW"));
  EXPECT_THAT(elf.out, HasSubstr("GNU_RELRO"));
  EXPECT_THAT(elf.out, ContainsRegex("GNU_STACK[^\n]* RW  "));
  EXPECT_THAT(elf.out, Not(HasSubstr("RPATH")));
  const ProcessResult symbols = run({"nm", "-D", "--undefined-only", unpacked("/usr/bin/dauth")});
  ASSERT_EQ(symbols.status(), 0) << symbols.err;
  EXPECT_THAT(symbols.out, HasSubstr("__stack_chk_fail"));
  EXPECT_THAT(symbols.out, ContainsRegex(" __[a-z]+_chk@")) << "_FORTIFY_SOURCE";
  // Names and records are never given to a shell, nor to any program.
  EXPECT_THAT(symbols.out,
              Not(ContainsRegex(" (system|popen|exec[lv]p?e?|fexecve|posix_spawnp?|v?fork|uv_spawn|"
                                "wordexp)(@|\n)")));
}

TEST_F(Package, CmakeInstallPutsTheSameBelowAPrefix) {
  const std::string prefix = directory.file("local");
  const ProcessResult installed = shell("umask 022; cmake --install '" DAUTH_BINARY_DIR
                                        "' --prefix \"$1\" >/dev/null; "
                                        "echo '# mine' >>\"$1/etc/dauth.toml\"; "
                                        "cmake --install '" DAUTH_BINARY_DIR "' --prefix \"$1\" >/dev/null",
                                        {prefix});
  ASSERT_EQ(installed.status(), 0) << installed.out << installed.err;
  for (const char* path : {"bin/dauth", "share/man/man1/dauth-scan.1.gz", "lib/systemd/system/dauth.timer",
                           "lib/sysusers.d/dauth.conf", "share/bash-completion/completions/dauth"})
    EXPECT_TRUE(std::filesystem::exists(prefix + "/" + path)) << path;
  EXPECT_THAT(read_file(prefix + "/lib/systemd/system/dauth.service"),
              HasSubstr("ExecStart=" + prefix + "/bin/dauth scan --config " + prefix + "/etc/dauth.toml"));
  EXPECT_THAT(read_file(prefix + "/etc/dauth.toml"), ::testing::EndsWith("# mine\n")) << "settings stay";
}

}  // namespace
}  // namespace dauth::testing
