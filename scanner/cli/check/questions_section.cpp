#include "scanner/cli/check/questions_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/answer_text.h"
#include "scanner/cli/check/question_purpose.h"

namespace dauth::scanner::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string question_text(const dns::Question& question) {
  return fmt::format("{} {}", question.name.to_text(), dns::to_text(question.type));
}

std::string record_text(const dns::ResourceRecord& record) {
  const std::string data = data::rdata_for_reader(record);
  return fmt::format("{} {} {}", record.owner.to_text(), dns::to_text(record.type),
                     dns::has_character_strings(record.type) ? "\"" + data + "\"" : data);
}

// The RRs of an outcome: on the chain, and those asked for.
struct Records {
  std::span<const dns::ResourceRecord> chain;
  std::span<const dns::ResourceRecord> rrset;
};
Records records_of(const dns::LookupOutcome& outcome) {
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) return {answer->chain, answer->rrset};
  if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) return {no_data->chain, {}};
  return {};
}

bool is_asked(const Inquiry& inquiry, const dns::Question& question) {
  return std::any_of(inquiry.asked().begin(), inquiry.asked().end(),
                     [&](const Inquiry::Asked& asked) { return asked.question == question; });
}

bool has_failed(const ExplainedQuestion& question) {
  return std::holds_alternative<dns::Failure>(question.outcome);
}

Json records_json(std::span<const dns::ResourceRecord> records) {
  Json all = Json::array();
  for (const dns::ResourceRecord& record : records) {
    all.push_back({{"owner", record.owner.to_text()},
                   {"type", dns::to_text(record.type)},
                   {"data", data::rdata_for_reader(record)}});
  }
  return all;
}

}  // namespace

ExplainedQuestions explain_questions(const Inquiry& whole, const TopicInquiry& survey,
                                     std::span<const TopicInquiry* const> others,
                                     const std::vector<FindingReason>& reasons,
                                     const dns::DomainName& domain) {
  ExplainedQuestions explained;
  for (const Inquiry::Asked& asked : whole.asked()) {
    if (!asked.outcome) continue;
    ExplainedQuestion entry{
        .question = asked.question, .outcome = *asked.outcome, .asked_for = {}, .decided = {}};
    if (auto* answer = std::get_if<dns::Answer>(&entry.outcome)) {
      // A resolver hands them out in another order each time.
      std::sort(answer->rrset.begin(), answer->rrset.end(),
                [](const auto& a, const auto& b) { return a.rdata < b.rdata; });
    }
    for (const Inquiry::Asked& by_survey : survey.asked()) {
      if (by_survey.question == asked.question) entry.asked_for.push_back(purpose_of(by_survey, domain));
    }
    for (const TopicInquiry* topic : others) {
      if (is_asked(*topic, asked.question)) entry.asked_for.push_back(topic->title());
    }
    for (const FindingReason& reason : reasons) {
      if (std::find(reason.rests_on.begin(), reason.rests_on.end(), asked.question) != reason.rests_on.end())
        entry.decided.push_back(reason.metric);
    }
    explained.push_back(std::move(entry));
  }
  return explained;
}

void add_to_page(CheckPage& page, const ExplainedQuestions& questions) {
  page.heading("Questions, in the order asked");
  std::size_t number = 0;
  for (const ExplainedQuestion& question : questions) {
    page.item(0,
              fmt::format("{}. {}: {}", ++number, question_text(question.question),
                          dns::describe(question.outcome)),
              has_failed(question) ? Mark::kWarning : Mark::kPlain);
    for (const std::string& purpose : question.asked_for) page.item(1, "for " + purpose);
    const Records records = records_of(question.outcome);
    for (const dns::ResourceRecord& record : records.chain) page.item(1, record_text(record));
    for (const dns::ResourceRecord& record : records.rrset) page.item(1, record_text(record));
    std::vector<std::string_view> decided;
    for (const data::Metric metric : question.decided) decided.push_back(data::to_text(metric));
    if (!decided.empty()) page.item(1, fmt::format("decides about {}", fmt::join(decided, ", ")));
  }
}

void add_failures_to_page(CheckPage& page, const ExplainedQuestions& questions) {
  if (count_failures(questions) == 0) return;
  page.heading("Questions that failed");
  for (const ExplainedQuestion& question : questions) {
    if (!has_failed(question)) continue;
    page.item(0,
              fmt::format("{}: {}; for {}", question_text(question.question), dns::describe(question.outcome),
                          fmt::join(question.asked_for, "; ")),
              Mark::kWarning);
  }
  page.remark("What rests on them is not known. Try again later, or with another --resolver.");
}

std::size_t count_failures(const ExplainedQuestions& questions) {
  return static_cast<std::size_t>(std::count_if(questions.begin(), questions.end(), has_failed));
}

Json to_json(const ExplainedQuestions& questions) {
  Json all = Json::array();
  for (const ExplainedQuestion& question : questions) {
    Json entry = {{"name", question.question.name.to_text()},
                  {"type", dns::to_text(question.question.type)},
                  {"outcome", dns::describe(question.outcome)}};
    const Records records = records_of(question.outcome);
    entry["chain"] = records_json(records.chain);
    entry["records"] = records_json(records.rrset);
    entry["asked_for"] = question.asked_for;
    Json& decided = entry["decided"] = Json::array();
    for (const data::Metric metric : question.decided) decided.push_back(data::to_text(metric));
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace dauth::scanner::cli
