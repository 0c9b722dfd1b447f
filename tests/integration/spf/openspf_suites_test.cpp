// The openspf suites for RFC 7208 and RFC 4408, through the real stub resolver against a scripted server.
// They come from Debian's python3-spf (spf_suite.py); skipped, loudly, where that cannot be had.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "tests/integration/spf/spf_zone.h"
#include "tests/support/child_process.h"

namespace dauth::testing {
namespace {

using scanner::SpfIdentity;
using scanner::SpfReport;

struct Case {
  std::string id;
  std::string address;
  std::string helo;
  std::string mail_from;
  std::vector<std::string> results;
  std::optional<std::string> explanation;
};

struct Scenario {
  std::string description;
  SpfZone zone;
  std::vector<Case> cases;
};

std::vector<std::string> cells_of(const std::string& line, char separator) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, separator);) cells.push_back(cell);
  return cells;
}

std::vector<Scenario> read_scenarios(const std::string& text) {
  std::vector<Scenario> scenarios;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells = cells_of(line, '\t');
    const std::string kind = cells.at(0);
    cells.erase(cells.begin());
    if (kind == "scenario") {
      scenarios.push_back({cells.at(0), {}, {}});
    } else if (kind == "record") {
      scenarios.back().zone.add(cells);
    } else {
      Case test{
          cells.at(0), cells.at(1), unpacked(cells.at(2)), unpacked(cells.at(3)), cells_of(cells.at(4), ','),
          std::nullopt};
      if (cells.at(5) != "-") test.explanation = unpacked(cells.at(5));
      scenarios.back().cases.push_back(std::move(test));
    }
  }
  return scenarios;
}

SpfQuestion question_of(const Case& test) {
  SpfQuestion question;
  question.domain = name("not-asked.example");
  question.query.sender =
      scanner::SpfSender{scanner::IpAddress::parse(test.address).value(), test.helo, test.mail_from};
  question.query.receiver = "receiver.example";
  return question;
}

// A case of the suite for RFC 4408 that RFC 7208 decides otherwise.
struct Exception {
  std::string_view id;
  std::string_view section;
  std::string_view result;
};

struct Counts {
  std::size_t passed = 0;
  std::size_t preferred = 0;  // with the result that the suite names first
  std::size_t explanations = 0;
  std::size_t exceptions = 0;
  std::size_t total = 0;
};

void judge(const Scenario& scenario, const Case& test, const SpfReport& report,
           const std::vector<Exception>& exceptions, Counts& counts) {
  SCOPED_TRACE(scenario.description + ": " + test.id);
  ++counts.total;
  ASSERT_FALSE(report.identities.empty());
  const scanner::SpfIdentityReport& identity = report.identities.back();
  ASSERT_EQ(identity.identity, SpfIdentity::kMailFrom);
  const std::string result(to_text(identity.evaluation.result));
  const auto exception = std::find_if(exceptions.begin(), exceptions.end(),
                                      [&](const Exception& each) { return each.id == test.id; });
  if (exception != exceptions.end()) {
    EXPECT_THAT(test.results, ::testing::Not(::testing::Contains(std::string(exception->result))))
        << "no exception at all";
    EXPECT_EQ(result, exception->result) << exception->section;
    ++counts.exceptions;
    return;
  }
  EXPECT_THAT(test.results, ::testing::Contains(result))
      << to_text(identity.evaluation.cause.reason) << " at " << identity.evaluation.cause.domain << ' '
      << identity.evaluation.cause.term;
  bool is_passed = std::find(test.results.begin(), test.results.end(), result) != test.results.end();
  if (test.explanation) {
    const std::string explanation = identity.evaluation.explanation.value_or("DEFAULT");
    EXPECT_EQ(explanation, *test.explanation);
    is_passed = is_passed && explanation == *test.explanation;
    ++counts.explanations;
  }
  if (is_passed) ++counts.passed;
  if (is_passed && result == test.results.front()) ++counts.preferred;
}

Counts run_suite(const std::string& lines, const std::vector<Exception>& exceptions) {
  Counts counts;
  for (const Scenario& scenario : read_scenarios(lines)) {
    const ScriptedServer server(scenario.zone.rules());
    std::vector<SpfQuestion> questions;
    for (const Case& test : scenario.cases) questions.push_back(question_of(test));
    const std::vector<SpfReport> reports = examine_all(server.address(), questions);
    for (std::size_t i = 0; i < scenario.cases.size(); ++i) {
      judge(scenario, scenario.cases[i], reports[i], exceptions, counts);
    }
    for (const dns::Question& question : server.questions()) {
      EXPECT_NE(question.type, dns::RrType::kSpf) << "type SPF is no longer asked (RFC 7208 section 3.1)";
    }
  }
  return counts;
}

class OpenspfSuite : public ::testing::TestWithParam<std::string> {};

TEST_P(OpenspfSuite, AllCases) {
  ProcessOptions options;
  options.arguments = {"/usr/bin/python3", DAUTH_SPF_SUITE, GetParam(), DAUTH_SPF_SUITE_DIRECTORY};
  const ProcessResult suite = run_program(options, std::chrono::seconds(100));
  std::cerr << suite.err;
  if (suite.status() == 77)
    GTEST_SKIP() << "NOT TESTED: the openspf suite for " << GetParam() << " is not to be had";
  ASSERT_EQ(suite.status(), 0);
  static const std::vector<Exception> kNone = {};
  const Counts counts = run_suite(suite.out, kNone);
  std::cout << GetParam() << ": " << counts.passed << " of " << counts.total << " cases passed, "
            << counts.preferred << " of them with the result that the suite names first, "
            << counts.explanations << " explanations compared, " << counts.exceptions << " exceptions\n";
  EXPECT_EQ(counts.passed + counts.exceptions, counts.total);
  EXPECT_GT(counts.total, 180U);
  RecordProperty("passed", static_cast<int>(counts.passed));
}

INSTANTIATE_TEST_SUITE_P(, OpenspfSuite, ::testing::Values("rfc7208", "rfc4408"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace dauth::testing
