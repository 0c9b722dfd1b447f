// `dauth check --json`: valid by its schema, the same as the survey, and the same as the text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "tests/integration/check/check_program.h"
#include "tests/support/json_schema.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

std::vector<Json> objects_of(const std::string& lines) {
  std::vector<Json> objects;
  for (const std::string& line : split(lines, '\n')) {
    if (!line.empty()) objects.push_back(Json::parse(line));
  }
  return objects;
}

TEST(CheckJson, TheSchemasAreGoodOnes) {
  EXPECT_TRUE(are_good_schemas());
}

TEST(CheckJson, EachKindOfDomainHoldsToTheSchema) {
  std::vector<std::string> arguments = domains_of_all_kinds();
  const std::vector<std::string> domains = arguments;
  arguments.push_back("--json");
  const ProcessResult result = check(arguments);
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_TRUE(holds_to_schema(result.out, "check.schema.json"));
  const std::vector<Json> objects = objects_of(result.out);
  ASSERT_EQ(objects.size(), domains.size());
  for (std::size_t i = 0; i < domains.size(); ++i) EXPECT_EQ(objects[i]["domain"], domains[i]);
}

// Questions as the survey and check both tell them. What random label step 5 asks is a matter of the seed;
// the survey keeps less of the answers (the member unread), and does not say what for.
Json comparable(Json questions, const std::string& domain) {
  Json told = Json::array();
  const std::regex random("^[a-z2-7]{26}\\.");
  for (const Json& question : questions) {
    const std::string name = question["name"];
    const bool is_random = std::regex_search(name, random) && name.size() == domain.size() + 27;
    told.push_back({is_random ? "L." + domain : name, question["type"], question["outcome"]});
  }
  return told;
}

TEST(CheckJson, FindsWhatTheSurveyFinds) {
  const TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
  const std::vector<std::string> domains = domains_of_all_kinds();
  std::string list;
  for (const std::string& domain : domains) list += domain + "\n";
  ASSERT_EQ(dauth({"scan", directory.write("list.txt", list), "-d", database, "-m", "2026-11", "--resolver",
                   served_registry().resolver(), "--progress", "never", "--probes",
                   "mx,spf,domainkeys,dkim_policy,dmarc,mx-hosts"})
                .status(),
            0);
  const ProcessResult exported = dauth({"export", "-d", database, "-m", "2026-11", "--format", "jsonl"});
  std::vector<std::string> arguments = domains;
  arguments.push_back("--json");
  const ProcessResult checked = check(arguments);
  ASSERT_EQ(checked.status(), 0) << checked.err;

  std::map<std::string, Json> surveyed;
  for (const Json& object : objects_of(exported.out)) surveyed[object["domain"]] = object;
  ASSERT_EQ(surveyed.size(), domains.size());
  std::size_t questions = 0;
  for (const Json& object : objects_of(checked.out)) {
    const std::string domain = object["domain"];
    Json expected = surveyed.at(domain);
    for (auto& [name, member] : expected.items()) {
      ASSERT_TRUE(object.contains(name)) << domain << " " << name;
      Json found = object[name];
      if (member.is_object() && member.contains("questions")) {
        EXPECT_EQ(comparable(found["questions"], domain), comparable(member["questions"], domain)) << domain;
        questions += member["questions"].size();
      }
      if (member.is_object()) {
        member.erase("questions");
        found.erase("questions");
      }
      EXPECT_EQ(found, member) << domain << " " << name;
    }
  }
  EXPECT_GT(questions, domains.size() * 4);
}

TEST(CheckJson, EachFindingHasItsReasonAndTheQuestionsThatDecided) {
  const ProcessResult result = check({domain_of_kind("spf_softfail"), "--json"});
  const Json object = objects_of(result.out).at(0);
  std::set<std::string> asked;
  for (const Json& question : object["questions"]) {
    const std::string text = question["name"].get<std::string>() + " " + question["type"].get<std::string>();
    EXPECT_TRUE(asked.insert(text).second) << "asked twice: " << text;
  }
  std::size_t softfail = 0;
  for (const Json& finding : object["findings"]) {
    EXPECT_FALSE(finding["reason"].get<std::string>().empty()) << finding;
    EXPECT_FALSE(finding["rule"].get<std::string>().empty()) << finding;
    EXPECT_FALSE(finding["questions"].empty()) << finding;
    for (const Json& question : finding["questions"]) EXPECT_EQ(asked.count(question), 1U) << finding;
    if (finding["finding"] != "spf_all_softfail") continue;
    ++softfail;
    EXPECT_EQ(finding["state"], "published");
    EXPECT_THAT(finding["reason"].get<std::string>(), HasSubstr("~all"));
  }
  EXPECT_EQ(softfail, 1U);
}

// What the page says with --explain stands in the JSON too.
TEST(CheckJson, HasTheContentOfTheText) {
  for (const std::string kind : {"today_all_three", "wildcard_txt", "null_mx", "nxdomain"}) {
    const std::string domain = domain_of_kind(kind);
    const std::string words = unwrapped(check({domain, "--explain"}).out);
    const Json object = objects_of(check({domain, "--json"}).out).at(0);
    for (const Json& finding : object["findings"]) {
      const std::string sentence =
          finding["finding"].get<std::string>() + " " + finding["state"].get<std::string>() + ": " +
          finding["reason"].get<std::string>() + " (" + finding["rule"].get<std::string>() + ")";
      EXPECT_THAT(words, HasSubstr(unwrapped(sentence)));
    }
    for (const Json& question : object["questions"]) {
      EXPECT_THAT(words, HasSubstr(question["type"].get<std::string>() + ": " +
                                   question["outcome"].get<std::string>()));
    }
  }
}

}  // namespace
}  // namespace dauth::testing
