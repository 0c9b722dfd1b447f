#include "tests/integration/odd_servers/odd_servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/integration/program/dauth_program.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using dns::RrType;

constexpr const char* kEverything =
    "exists mx null_mx mx_address_literal spf spf_txt spf_type99 spf_record sender_id domainkeys_subdomain "
    "domainkeys_policy dkim_policy dmarc dmarc_multiple dmarc_invalid";

std::string listed_name(const OddDomain& domain) {
  return std::string(domain.name) + ".example";
}

std::set<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

// The row that the export must have, by column; `category` is another test's matter.
std::map<std::string, std::string> row_of(const Findings& finds) {
  std::map<std::string, std::string> row;
  for (const std::string& finding : words_of(kEverything)) row[finding] = "absent";
  for (const std::string& finding : words_of(finds.published)) row.at(finding) = "published";
  for (const std::string& finding : words_of(finds.unmeasured)) row.at(finding) = "unmeasured";
  row["spf_all"] = finds.spf_all;
  row["domainkeys_evidence"] = finds.evidence;
  row["dmarc_policy"] = finds.dmarc_policy;
  row["cause"] = finds.cause;
  return row;
}

// A loss in one of the four findings by which a name is lost to the survey.
bool is_lost(const Findings& finds) {
  const auto unmeasured = words_of(finds.unmeasured);
  return finds.cause != "persistent_servfail" &&
         std::any_of(unmeasured.begin(), unmeasured.end(), [](const std::string& finding) {
           return finding == "mx" || finding == "spf" || finding == "domainkeys_subdomain" ||
                  finding == "dmarc";
         });
}

void expect_rows(const std::string& csv, const std::vector<OddDomain>& domains) {
  const CsvTable found(csv);
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(rows.emplace(found.at(i, "domain"), i).second) << "two rows of " << found.at(i, "domain");
  }
  EXPECT_EQ(found.size(), domains.size());
  for (const OddDomain& domain : domains) {
    const auto row = rows.find(listed_name(domain));
    if (row == rows.end()) {
      ADD_FAILURE() << domain.name << " has no row";
      continue;
    }
    for (const auto& [column, expected] : row_of(domain.finds)) {
      EXPECT_EQ(found.at(row->second, column), expected)
          << domain.name << " (" << domain.does << "): " << column;
    }
  }
}

// ASCII without control characters but the ends of the lines, and every line a JSON object.
void expect_clean(const std::string& csv, const std::string& json_lines, std::size_t domains) {
  for (const std::string* text : {&csv, &json_lines}) {
    EXPECT_TRUE(std::all_of(text->begin(), text->end(),
                            [](char c) { return c == '\n' || (c >= ' ' && c < '\x7f'); }));
  }
  std::size_t lines = 0;
  for (const std::string& line : split(json_lines, '\n')) {
    if (line.empty()) continue;
    const auto object = nlohmann::json::parse(line, nullptr, false);
    EXPECT_TRUE(object.is_object()) << line;
    ++lines;
  }
  EXPECT_EQ(lines, domains);
}

std::vector<ScriptedRule> sound_rules(const std::string& domain) {
  const std::string dmarc = "_dmarc." + domain;
  std::vector<ScriptedRule> rules = {
      {.at_or_below = domain, .type = RrType::kMx, .reply = answer({{"@", RrType::kMx, mx(10, "mail")}})},
      {.at_or_below = domain,
       .type = RrType::kTxt,
       .reply = answer({{"@", RrType::kTxt, txt({"v=spf1 mx -all"})}})},
      {.at_or_below = domain, .reply = no_data()},
      {.at_or_below = dmarc,
       .type = RrType::kTxt,
       .reply = answer({{"@", RrType::kTxt, txt({"v=DMARC1; p=reject"})}})},
      {.at_or_below = dmarc, .reply = no_data()}};
  for (ScriptedRule& rule : rules) rule.only_at = true;
  return rules;
}

// The export tells one cause a row; here are those of all findings.
void expect_causes(const std::string& database, const std::vector<OddDomain>& domains) {
  const ProcessResult result =
      run({"sqlite3", database,
           "SELECT domain, group_concat(DISTINCT cause) FROM unmeasured_finding GROUP BY domain"});
  ASSERT_EQ(result.status(), 0) << result.err;
  std::map<std::string, std::string> causes;
  for (const std::string& line : split(result.out, '\n')) {
    if (!line.empty()) causes[line.substr(0, line.find('|'))] = line.substr(line.find('|') + 1);
  }
  for (const OddDomain& domain : domains) {
    EXPECT_EQ(causes[listed_name(domain)], domain.finds.cause) << domain.name << " (" << domain.does << ")";
  }
}

// A record is counted under its one policy and under no other; the export tells only which.
void expect_policies(const std::string& database, const std::vector<OddDomain>& domains) {
  const std::vector<std::string> policies = {"multiple", "invalid", "fail",     "softfail",
                                             "neutral",  "pass",    "redirect", "none"};
  const ProcessResult result =
      run({"sqlite3", "-separator", " ", database,
           "SELECT domain, spf_multiple, spf_invalid, spf_all_fail, spf_all_softfail, spf_all_neutral, "
           "spf_all_pass, spf_redirect, spf_no_all FROM domain_finding ORDER BY domain"});
  ASSERT_EQ(result.status(), 0) << result.err;
  std::set<std::string> expected;
  for (const OddDomain& domain : domains) {
    std::string line = listed_name(domain);
    for (const std::string& policy : policies) {
      const bool unmeasured = domain.finds.spf_all == "unmeasured";
      line += unmeasured ? " 2" : policy == domain.finds.spf_all ? " 1" : " 0";
    }
    expected.insert(line);
  }
  std::vector<std::string> found = split(result.out, '\n');
  found.pop_back();
  EXPECT_THAT(found, ::testing::UnorderedElementsAreArray(expected));
}

// A survey under way.
struct Survey {
  Survey(const std::vector<OddDomain>& domains, const OddOptions& options,
         const TemporaryDirectory& directory, const std::filesystem::path& list, const std::string& in_flight)
      : database(directory.file(in_flight + ".sqlite")), server(rules_of(domains), options.server) {
    std::vector<std::string> arguments = {"scan", list, "-d", database, "-m", "2026-11", "-v"};
    for (const auto& [option, value] :
         std::map<std::string, std::string>{{"--resolver", server.address().to_text()},
                                            {"--timeout", "300ms"},
                                            {"--tries", std::to_string(options.tries)},
                                            {"--second-pass-after", "10ms"},
                                            {"--in-flight", in_flight}}) {
      arguments.insert(arguments.end(), {option, value});
    }
    program = std::make_unique<ChildProcess>(dauth_command(arguments));
  }

  std::string exported(const std::string& format) const {
    const ProcessResult result = dauth({"export", "-d", database, "-m", "2026-11", "--format", format});
    EXPECT_EQ(result.status(), 0) << result.err;
    return result.out;
  }

  std::string database;
  ScriptedServer server;
  std::unique_ptr<ChildProcess> program;
};

// Whatever the servers said, what is kept of it leads to the same findings.
void expect_judged_the_same(const Survey& survey, const std::string& csv) {
  const ProcessResult again = dauth({"rejudge", "-d", survey.database, "-m", "2026-11"});
  EXPECT_EQ(again.status(), 0) << again.err;
  EXPECT_EQ(again.out, "");
  EXPECT_THAT(again.err, ::testing::HasSubstr("nothing changed"));
  EXPECT_EQ(survey.exported("csv"), csv);
}

}  // namespace

Findings sound() {
  return {};
}

Findings nothing(std::string_view cause) {
  return {.published = "",
          .unmeasured = kEverything,
          .spf_all = "unmeasured",
          .evidence = "lookup_failure",
          .dmarc_policy = "unmeasured",
          .cause = std::string(cause)};
}

Findings no_text(std::string_view cause) {
  return {.published = "mx dmarc",
          .unmeasured = "exists spf spf_txt spf_record sender_id",
          .spf_all = "unmeasured",
          .cause = std::string(cause)};
}

Findings no_mx(std::string_view cause) {
  return {.published = "exists spf spf_txt spf_record dmarc",
          .unmeasured = "mx null_mx mx_address_literal",
          .cause = std::string(cause)};
}

Findings no_domain() {
  return {.published = "", .spf_all = "", .evidence = "", .dmarc_policy = ""};
}

std::vector<ScriptedRule> rules_of(const std::vector<OddDomain>& domains) {
  std::vector<ScriptedRule> rules;
  for (const OddDomain& domain : domains) {
    const std::string listed = listed_name(domain);
    for (ScriptedRule rule : domain.rules) {
      rule.at_or_below = rule.at_or_below == "." ? listed : rule.at_or_below + "." + listed;
      rules.push_back(std::move(rule));
    }
    for (ScriptedRule& rule : sound_rules(listed)) rules.push_back(std::move(rule));
  }
  return rules;
}

void expect_findings(const std::vector<OddDomain>& domains, const OddOptions& options) {
  const TemporaryDirectory directory;
  std::string names;
  for (const OddDomain& domain : domains) names += listed_name(domain) + "\n";
  const auto list = directory.write("list.txt", names);
  const bool provisional = std::any_of(domains.begin(), domains.end(),
                                       [](const OddDomain& domain) { return is_lost(domain.finds); });

  // Side by side: they wait for time-outs most of the time.
  Survey few(domains, options, directory, list, "10");
  Survey many(domains, options, directory, list, "1000");
  std::vector<std::string> exports;
  for (Survey* survey : {&few, &many}) {
    SCOPED_TRACE(survey == &few ? "--in-flight 10" : "--in-flight 1000");
    const ProcessResult result = survey->program->finish(std::chrono::seconds(100));
    ASSERT_EQ(result.status(), provisional ? 3 : 0) << result.err;
    exports.push_back(survey->exported("csv"));
    expect_rows(exports.back(), domains);
    expect_causes(survey->database, domains);
    expect_policies(survey->database, domains);
    expect_clean(exports.back(), survey->exported("jsonl"), domains.size());
    expect_judged_the_same(*survey, exports.back());
    if (::testing::Test::HasFailure()) ADD_FAILURE() << result.err;
  }
  EXPECT_EQ(exports[0], exports[1]) << "a larger --in-flight finds something else";
}

ScriptedRule at_apex(RrType type, ResponseParts reply) {
  return {.type = type, .reply = std::move(reply), .only_at = true};
}

ScriptedRule text_at_apex(std::vector<Rdata> texts) {
  std::vector<Record> records;
  for (Rdata& text : texts) records.push_back({"@", RrType::kTxt, std::move(text)});
  return at_apex(RrType::kTxt, answer(std::move(records)));
}

ResponseParts answer(std::vector<Record> records) {
  return {.answer = std::move(records)};
}

ResponseParts no_data() {
  return {.authority = {{"example", RrType::kSoa, soa("ns.example", "hostmaster.example")}}};
}

ResponseParts with_rcode(std::uint16_t rcode) {
  return {.rcode = rcode};
}

ScriptedRule sent_so(std::function<ScriptedMessages(const Octets& reply)> sends) {
  return {.sends = std::move(sends), .passes_on = true};
}

std::size_t end_of_question(const Octets& message) {
  std::size_t end = dns::kHeaderLength;
  while (message.at(end) != 0) end += message[end] + 1U;
  return end + 5;
}

Octets opposite_of(const Octets& reply) {
  Octets forged = reply;
  forged.resize(end_of_question(reply));
  forged[3] ^= kNxDomain;
  for (const std::size_t count_at : kSectionCounts) put_u16(forged, count_at, 0);
  return forged;
}

}  // namespace dauth::testing
