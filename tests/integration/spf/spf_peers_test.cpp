// Held against pyspf and Mail::SPF on real records, served by NSD on loopback. Skipped, loudly, without
// DAUTH_DATA.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "tests/integration/spf/spf_zone.h"
#include "tests/support/child_process.h"
#include "tests/support/nsd_server.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using scanner::SpfEvaluation;

constexpr std::string_view kDomains = "320";

// Each disagreement has to be one of these, and each of these has to be there.
struct Difference {
  std::string_view peer;
  std::string_view domain;
  std::string_view own;
  std::string_view theirs;
  std::string_view why;
};
constexpr Difference kDifferences[] = {
    {"pyspf", "sadaba.es", "pass", "permerror",
     "the record includes its own domain behind the term that matches. pyspf refuses such an include when it "
     "reads "
     "the record; RFC 7208 section 4.6 wants errors of syntax found beforehand, and this is none: it is "
     "never "
     "evaluated"},
};

struct Verdict {
  std::string result;
  std::string why;
};

std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string>& cells = rows.emplace_back();
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
  }
  return rows;
}

ProcessOptions program(std::vector<std::string> arguments, std::string input) {
  ProcessOptions options;
  options.arguments = std::move(arguments);
  options.input = std::move(input);
  return options;
}

class SpfEvaluationPeers : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("DAUTH_DATA");
    if (data == nullptr || *data == '\0') GTEST_SKIP() << "NOT TESTED: DAUTH_DATA is not set";
    const ProcessResult sample = run_program(program(
        {"/usr/bin/python3", DAUTH_SPF_PEERS, "sample", data, directory.path(), std::string(kDomains)}, ""));
    ASSERT_EQ(sample.status(), 0) << sample.err;
    pairs = read_file(directory.file("pairs.tsv"));
  }

  TemporaryDirectory directory;
  std::string pairs;
};

std::vector<Verdict> verdicts(ChildProcess& peer) {
  const ProcessResult result = peer.finish(std::chrono::seconds(100));
  EXPECT_EQ(result.status(), 0) << result.err;
  std::vector<Verdict> found;
  for (const auto& cells : rows_of(result.out)) {
    found.push_back({cells.at(0), cells.size() > 1 ? cells[1] : ""});
  }
  return found;
}

TEST_F(SpfEvaluationPeers, SameResults) {
  NsdOptions options;
  options.zones = {{".", directory.file("root.zone")}};
  const NsdServer nsd(options);
  const std::string port = std::to_string(nsd.port());
  ChildProcess pyspf_process(program({"/usr/bin/python3", DAUTH_SPF_PEERS, "pyspf", port}, pairs));
  ChildProcess mail_spf_process(program({"/usr/bin/perl", DAUTH_MAIL_SPF, port}, pairs));

  const auto rows = rows_of(pairs);
  std::vector<SpfQuestion> questions;
  for (const auto& cells : rows) {
    SpfQuestion question;
    question.domain = name(cells.at(0));
    question.query.sender = scanner::SpfSender{scanner::IpAddress::parse(cells.at(1)).value(), cells.at(0),
                                               "postmaster@" + cells.at(0)};
    questions.push_back(std::move(question));
  }
  const auto reports = examine_all(net::SocketAddress::parse(nsd.address()).value(), questions);
  const std::map<std::string, std::vector<Verdict>> peers = {{"pyspf", verdicts(pyspf_process)},
                                                             {"Mail::SPF", verdicts(mail_spf_process)}};
  std::map<std::string, std::size_t> counts;
  std::map<std::string, std::size_t> agreements;
  std::set<const Difference*> met;
  for (const auto& [peer, found] : peers) ASSERT_EQ(found.size(), rows.size()) << peer;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SpfEvaluation& own = reports[i].identities.back().evaluation;
    const std::string result(to_text(own.result));
    ++counts[result];
    for (const auto& [peer, found] : peers) {
      if (found[i].result == result) {
        ++agreements[peer];
        continue;
      }
      const auto* known =
          std::find_if(std::begin(kDifferences), std::end(kDifferences), [&](const Difference& each) {
            return each.peer == peer && each.domain == rows[i][0] && each.own == result &&
                   each.theirs == found[i].result;
          });
      if (known != std::end(kDifferences)) met.insert(known);
      EXPECT_NE(known, std::end(kDifferences))
          << rows[i][0] << ' ' << rows[i][1] << ": " << result << " (" << to_text(own.cause.reason) << ", "
          << own.cause.domain << ' ' << own.cause.term << "), " << peer << ": " << found[i].result << " ("
          << found[i].why << ')';
    }
  }
  EXPECT_EQ(met.size(), std::size(kDifferences));
  EXPECT_GT(rows.size(), 300U);
  for (const char* result : {"pass", "fail", "softfail", "neutral", "permerror"}) {
    EXPECT_GT(counts[result], 0U) << "the sample is too tame: no " << result;
  }
  std::cout << rows.size() << " pairs (";
  for (const auto& [result, count] : counts) std::cout << count << ' ' << result << ' ';
  std::cout << "); the same results: " << agreements["pyspf"] << " pyspf, " << agreements["Mail::SPF"]
            << " Mail::SPF; " << met.size() << " differences explained\n";
}

}  // namespace
}  // namespace dauth::testing
