#include "scanner/cli/check/advice_section.h"

#include <nlohmann/json.hpp>

#include "tests/support/json_schema.h"
#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

using Json = nlohmann::ordered_json;
using scanner::Advice;

std::string page_of(const std::vector<Advice>& advice) {
  scanner::cli::CheckPage page({.width = 100, .colour = scanner::cli::Colour::kNo});
  scanner::cli::add_to_page(page, advice);
  return page.take();
}

std::string json_of(const std::vector<Advice>& advice) {
  return scanner::cli::to_json(advice).dump(-1, ' ', true, Json::error_handler_t::replace);
}

Advice advice(scanner::AdviceCode code, scanner::AdviceSeverity severity, std::string subject) {
  return {code, severity, "It is so.", "RFC 7208 section 4.5", "Change it.", std::move(subject)};
}

TEST(AdviceSection, TellsWhatWhyAndWhatToDo) {
  EXPECT_EQ(page_of({}), "");
  EXPECT_EQ(
      page_of({advice(scanner::AdviceCode::kSpfMultiple, scanner::AdviceSeverity::kProblem, "a\x1b[31m"),
               advice(scanner::AdviceCode::kSpfPtr, scanner::AdviceSeverity::kWarning, "ptr"),
               advice(scanner::AdviceCode::kDmarcNone, scanner::AdviceSeverity::kNote, "")}),
      "Advice\n"
      "    problem: It is so. (RFC 7208 section 4.5)\n"
      "      a\\x1b[31m\n"
      "      What to do: Change it.\n"
      "    warning: It is so. (RFC 7208 section 4.5)\n"
      "      ptr\n"
      "      What to do: Change it.\n"
      "    note: It is so. (RFC 7208 section 4.5)\n"
      "      What to do: Change it.\n");
}

TEST(AdviceSection, HoldsToItsSchema) {
  EXPECT_TRUE(holds_to_schema(json_of({}), "advice.schema.json"));
  std::vector<Advice> every;
  for (std::size_t i = 0; i < scanner::kAdviceCodeCount; ++i) {
    const auto severity = static_cast<scanner::AdviceSeverity>(i % 3);
    every.push_back(advice(static_cast<scanner::AdviceCode>(i), severity, i % 2 == 0 ? "\xff\x01" : ""));
  }
  EXPECT_TRUE(holds_to_schema(json_of(every), "advice.schema.json"));
  const Json json = Json::parse(json_of(every));
  EXPECT_EQ(json.size(), scanner::kAdviceCodeCount);
  EXPECT_EQ(
      json[0],
      Json::parse(
          R"({"code":"mx_address_literal","severity":"problem","text":"It is so.","subject":"\ufffd\u0001",
                                     "remedy":"Change it.","reference":"RFC 7208 section 4.5"})"));
  EXPECT_TRUE(json[1]["subject"].is_null());
}

}  // namespace
}  // namespace dauth::testing
