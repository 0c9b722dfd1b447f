// Our verdicts on the syntax of SPF records, held against pyspf over real records and against the openspf
// suite for RFC 7208. Needs DAUTH_DATA, Debian's python3-spf and python3-yaml; skipped loudly without.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

struct PeerLine {
  std::string record;
  std::string verdict;
};

constexpr int kPackageMissing = 77;

struct PeerRun {
  int status = -1;
  std::vector<PeerLine> lines;
};

PeerRun run_peer(const std::string& arguments) {
  PeerRun run;
  const std::string command = "/usr/bin/python3 '" DAUTH_SPF_PEERS "' " + arguments;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return run;
  std::string output;
  std::array<char, 65536> buffer;
  while (const std::size_t length = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), length);
  }
  const int status = pclose(pipe);
  run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t tab = output.find('\t', at);
    const std::size_t end = output.find('\n', at);
    if (tab >= end || end == std::string::npos) break;
    PeerLine line;
    for (std::size_t i = at; i + 1 < tab; i += 2) {
      line.record += static_cast<char>(std::stoi(output.substr(i, 2), nullptr, 16));
    }
    line.verdict = output.substr(tab + 1, end - tab - 1);
    run.lines.push_back(std::move(line));
    at = end + 1;
  }
  return run;
}

std::optional<std::string> data_file(const std::string& path) {
  const char* root = std::getenv("DAUTH_DATA");
  if (root == nullptr) return std::nullopt;
  return std::string(root) + "/" + path;
}

std::string our_verdict(std::string_view record) {
  if (!is_spf_record(record)) return "none";
  return parse_spf(record) ? "valid" : "invalid";
}

// pyspf refuses an unknown modifier that comes twice; RFC 7208 section 6 has them ignored "no matter where,
// or how often".
bool repeats_an_unknown_modifier(std::string_view record) {
  const auto parsed = parse_spf(record);
  if (!parsed) return false;
  std::set<std::string> names;
  for (const SpfModifier& modifier : parsed->unknown_modifiers) {
    if (!names.insert(modifier.name).second) return true;
  }
  return false;
}

TEST(SpfAgainstPyspf, DiffersOverRealRecordsOnlyWhereTheRfcDecides) {
  const auto bodies = data_file("real/public-bodies-2026.csv");
  const auto odd = data_file("real/spf-odd-real.csv");
  if (!bodies || !odd) GTEST_SKIP() << "SKIPPED: DAUTH_DATA is not set, real SPF records were not compared";
  const auto run = run_peer("pyspf '" + *bodies + "' '" + *odd + "'");
  if (run.status == kPackageMissing) GTEST_SKIP() << "SKIPPED: python3-spf is not installed";
  ASSERT_EQ(run.status, 0);

  std::map<std::string, int> agreed;
  int decided_by_rfc = 0;
  for (const auto& [record, verdict] : run.lines) {
    const std::string ours = our_verdict(record);
    if (ours == verdict) {
      ++agreed[ours];
    } else if (ours == "valid" && repeats_an_unknown_modifier(record)) {
      ++decided_by_rfc;
    } else {
      ADD_FAILURE() << "pyspf says " << verdict << ", we say " << ours << ": "
                    << testing::PrintToString(record);
    }
  }
  EXPECT_GT(agreed["valid"], 10000);
  EXPECT_GT(agreed["invalid"], 50);
  std::printf(
      "records %zu: both valid %d, both invalid %d, both none %d; decided by RFC 7208 section 6: %d\n",
      run.lines.size(), agreed["valid"], agreed["invalid"], agreed["none"], decided_by_rfc);
}

TEST(SpfAgainstTheOpenspfSuite, SyntaxOfEveryRecordIsJudgedAsItsTestExpects) {
  const auto suite = data_file("conformance/spf/rfc7208-tests.yml");
  if (!suite) GTEST_SKIP() << "SKIPPED: DAUTH_DATA is not set, the openspf suite was not run";
  const auto run = run_peer("suite '" + *suite + "'");
  if (run.status == kPackageMissing) GTEST_SKIP() << "SKIPPED: python3-yaml is not installed";
  ASSERT_EQ(run.status, 0);

  // permerror for another reason than the syntax of the domain's own record.
  const std::set<std::string> by_evaluation{"invalid-domain-empty-label",
                                            "invalid-domain-long",
                                            "invalid-domain-long-via-macro",
                                            "include-permerror",
                                            "include-none",
                                            "redirect-none",
                                            "redirect-loop",
                                            "include-loop",
                                            "mx-limit",
                                            "mech-over-limit",
                                            "include-over-limit",
                                            "void-over-limit"};
  int valid = 0;
  int invalid = 0;
  for (const auto& [record, verdict] : run.lines) {
    if (!is_spf_record(record)) continue;
    const std::size_t blank = verdict.find(' ');
    const std::string name = verdict.substr(0, blank);
    const bool permerror = verdict.find("permerror", blank) != std::string::npos;
    const std::string expected = permerror && !by_evaluation.contains(name) ? "invalid" : "valid";
    EXPECT_EQ(our_verdict(record), expected) << verdict << ": " << testing::PrintToString(record);
    ++(expected == "valid" ? valid : invalid);
  }
  EXPECT_GT(valid, 90);
  EXPECT_GT(invalid, 50);
  std::printf("suite: %d records valid, %d invalid, as expected\n", valid, invalid);
}

}  // namespace
}  // namespace dauth::scanner
