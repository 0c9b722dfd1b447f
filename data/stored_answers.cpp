#include "data/stored_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

#include "data/answer_text.h"

namespace dauth::data {
namespace {

using dns::DomainName;
using dns::FailureCause;
using dns::LookupOutcome;
using dns::Question;
using dns::ResourceRecord;
using dns::RrType;

constexpr std::string_view kAnswer = "answer";
constexpr std::string_view kNoData = "nodata";
constexpr std::string_view kNoDataWithChain = "nodata-chain";
constexpr std::string_view kNxDomain = "nxdomain";
constexpr std::string_view kFailure = "failure:";
constexpr std::string_view kServfail = "failure:servfail";
constexpr std::string_view kPersistentServfail = "failure:persistent_servfail";

AnswerPlace place_of(std::string_view name, RrType type) {
  if (name == "@" && type == RrType::kTxt) return AnswerPlace::kTxt;
  if (name == "@" && type == RrType::kMx) return AnswerPlace::kMx;
  if (name == "_dmarc" && type == RrType::kTxt) return AnswerPlace::kDmarc;
  return AnswerPlace::kFurther;
}

void append_lines(std::string& text, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
}

// The chain in its order, then the RRset sorted, since its order means nothing.
std::string answer_text(const std::vector<ResourceRecord>& chain, std::vector<std::string> rrset,
                        const AnswerNames& names) {
  if (chain.empty() && rrset.size() == 1) return std::move(rrset.front());
  std::string text;
  for (const ResourceRecord& record : chain) append_lines(text, {record_text(record, names)});
  std::sort(rrset.begin(), rrset.end());
  append_lines(text, rrset);
  return text;
}

// Takes what stands before `separator` (or all) off the front of `text`.
std::string_view take_until(std::string_view& text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + separator.size());
  return taken;
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The rcode that goes without saying with a cause.
std::uint16_t rcode_of(FailureCause cause) {
  switch (cause) {
    case FailureCause::kFormerr:
      return 1;
    case FailureCause::kServfail:
      return 2;
    case FailureCause::kNotimp:
      return 4;
    case FailureCause::kRefused:
      return 5;
    default:
      return 0;
  }
}

std::optional<dns::Failure> failure_of(std::string_view text) {
  if (text == kPersistentServfail) text = kServfail;
  text.remove_prefix(kFailure.size());
  const std::string_view word = take_until(text, ":");
  for (const FailureCause cause : dns::all_failure_causes()) {
    if (dns::to_text(cause) != word) continue;
    if (text.empty()) return dns::Failure{cause, rcode_of(cause)};
    const auto rcode = number_of<std::uint16_t>(text);
    if (!rcode) return std::nullopt;
    return dns::Failure{cause, *rcode};
  }
  return std::nullopt;
}

// Splits the lines of an answer into the chain and the RRs of the type asked for.
bool read_lines(std::string_view text, const AnswerNames& names, RrType type,
                std::vector<ResourceRecord>& chain, std::vector<ResourceRecord>& rrset) {
  while (!text.empty()) {
    auto record = read_record(take_until(text, "\n"), names);
    if (!record) return false;
    (record->type == type ? rrset : chain).push_back(std::move(*record));
  }
  return true;
}

std::optional<DomainName> qname_of(std::string_view name, const DomainName& domain,
                                   const LabelOfDomain& random_label) {
  if (name == "@") return domain;
  if (name == kRandomLabelName) return domain.child(random_label(domain));
  auto qname = DomainName::from_text(fmt::format("{}.{}", name, domain.to_text()));
  return qname ? std::optional(std::move(*qname)) : std::nullopt;
}

// The exchange of an MX RR; nothing where its RDATA is none.
std::optional<DomainName> exchange_of(const ResourceRecord& record) {
  constexpr std::size_t kPreferenceLength = 2;
  if (record.rdata.size() < kPreferenceLength) return std::nullopt;
  auto exchange = DomainName::from_wire(std::span(record.rdata).subspan(kPreferenceLength));
  return exchange ? std::optional(std::move(*exchange)) : std::nullopt;
}

const std::string* find_answer(const StoredAnswers& stored, AnswerPlace place, unsigned ordinal) {
  const auto found = std::find_if(stored.answers.begin(), stored.answers.end(), [&](const auto& answer) {
    return answer.place == place && (place != AnswerPlace::kFurther || answer.ordinal == ordinal);
  });
  return found == stored.answers.end() ? nullptr : &found->text;
}

// Reads the OUTCOME of `question`, whose name is set already.
bool read_outcome(std::string_view text, const std::string* answer, const DomainName& domain,
                  StoredQuestion& question) {
  const AnswerNames names{question.question.name, domain};
  if (text == kNxDomain) {
    question.outcome = dns::NxDomain{};
  } else if (text.starts_with(kFailure)) {
    const auto failure = failure_of(text);
    if (!failure) return false;
    question.outcome = *failure;
    question.servfail_persisted = text == kPersistentServfail;
  } else if (text == kNoData || text == kNoDataWithChain) {
    dns::NoData no_data;
    std::vector<ResourceRecord> rrset;
    if (text == kNoDataWithChain &&
        (answer == nullptr || !read_lines(*answer, names, question.question.type, no_data.chain, rrset) ||
         !rrset.empty())) {
      return false;
    }
    question.outcome = std::move(no_data);
  } else if (take_until(text, "+") == kAnswer) {
    dns::Answer found;
    if (!text.empty()) {
      const auto unread = number_of<std::uint64_t>(text);
      if (!unread || *unread > 65'535) return false;  // no message holds more
      question.unread = *unread;
    }
    if (answer != nullptr && !read_lines(*answer, names, question.question.type, found.chain, found.rrset)) {
      return false;
    }
    for (std::uint64_t i = 0; i < question.unread; ++i)
      found.rrset.push_back({question.question.name, question.question.type, {0}});
    if (found.rrset.empty()) return false;
    question.outcome = std::move(found);
  } else {
    return false;
  }
  return true;
}

// The host behind "mx:2": MX at the domain stands among the questions before.
std::optional<DomainName> mx_host_of(std::string_view name, const std::vector<StoredQuestion>& before,
                                     const DomainName& domain) {
  const auto place = number_of<std::size_t>(name.substr(kMxHostPrefix.size()));
  if (!place || *place < 1) return std::nullopt;
  for (const StoredQuestion& question : before) {
    const auto* answer = std::get_if<dns::Answer>(&question.outcome);
    if (answer == nullptr || question.question != Question{domain, RrType::kMx}) continue;
    return *place <= answer->rrset.size() ? exchange_of(answer->rrset[*place - 1]) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void AnswerRecorder::add_mx_host(const Question& question, const LookupOutcome& outcome) {
  if (exchanges_.empty()) {
    std::vector<ResourceRecord> chain;
    std::vector<ResourceRecord> rrset;
    if (const std::string* text = find_answer(stored_, AnswerPlace::kMx, 0))
      read_lines(*text, {domain_, domain_}, RrType::kMx, chain, rrset);
    for (const ResourceRecord& record : rrset) exchanges_.push_back(exchange_of(record));
  }
  const auto found = std::find(exchanges_.begin(), exchanges_.end(), question.name);
  if (found == exchanges_.end()) throw std::logic_error("an MX host that the MX answer does not name");
  add(fmt::format("{}{}", kMxHostPrefix, found - exchanges_.begin() + 1), question, outcome);
}

void AnswerRecorder::add(std::string_view name, const dns::Question& question, const LookupOutcome& outcome,
                         IsRead is_read) {
  ++ordinal_;
  std::string& line = stored_.outcomes;
  if (line.empty()) {
    constexpr std::size_t kUsualLength = 120;
    line.reserve(kUsualLength);
  } else {
    line += ", ";
  }
  line += name;
  line += ' ';
  line += dns::to_text(question.type);
  line += ' ';

  const AnswerNames names{question.name, domain_};
  const auto keep = [&](std::string text) {
    if (text.empty()) return;
    const AnswerPlace place = place_of(name, question.type);
    const auto ordinal = static_cast<std::uint8_t>(place == AnswerPlace::kFurther ? ordinal_ : 0);
    stored_.answers.push_back({place, ordinal, std::move(text)});
  };
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    std::vector<std::string> rrset;
    std::size_t unread = 0;
    for (const ResourceRecord& record : answer->rrset) {
      if (is_read == nullptr || !dns::has_character_strings(record.type)) {
        rrset.push_back(record_text(record, names));
        continue;
      }
      const std::string joined = dns::join_character_strings(record.rdata);
      if (is_read(joined)) {
        rrset.push_back(text_record_text(record, joined, names));
      } else {
        ++unread;
      }
    }
    line += kAnswer;
    if (unread > 0) fmt::format_to(std::back_inserter(line), "+{}", unread);
    keep(answer_text(answer->chain, std::move(rrset), names));
  } else if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) {
    line += no_data->chain.empty() ? kNoData : kNoDataWithChain;
    keep(answer_text(no_data->chain, {}, names));
  } else if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    line += kFailure;
    line += dns::to_text(failure->cause);
    if (failure->rcode != 0 && failure->rcode != rcode_of(failure->cause))
      fmt::format_to(std::back_inserter(line), ":{}", failure->rcode);
  } else {
    line += kNxDomain;
  }
}

Result<std::vector<StoredQuestion>, std::string> read_stored_answers(const StoredAnswers& stored,
                                                                     const DomainName& domain,
                                                                     const LabelOfDomain& random_label) {
  std::vector<StoredQuestion> questions;
  std::string_view rest = stored.outcomes;
  while (!rest.empty()) {
    const std::string_view text = take_until(rest, ", ");
    const auto refuse = [&] {
      return unexpected(fmt::format("the answers of {} are damaged at '{}'", domain.to_text(), text));
    };
    std::string_view words = text;
    StoredQuestion question;
    question.name = take_until(words, " ");
    const auto type = rr_type_from_text(take_until(words, " "));
    if (!type) return refuse();
    question.is_of_mx_host = question.name.starts_with(kMxHostPrefix);
    auto qname = question.is_of_mx_host ? mx_host_of(question.name, questions, domain)
                                        : qname_of(question.name, domain, random_label);
    if (!qname) return refuse();
    question.question = {std::move(*qname), *type};
    const auto ordinal = static_cast<unsigned>(questions.size() + 1);
    const std::string* answer = find_answer(stored, place_of(question.name, *type), ordinal);
    if (!read_outcome(words, answer, domain, question)) return refuse();
    questions.push_back(std::move(question));
  }
  return questions;
}

void mark_servfail_as_persistent(StoredAnswers& stored) {
  std::string marked;
  std::string_view rest = stored.outcomes;
  while (!rest.empty()) {
    std::string_view text = take_until(rest, ", ");
    if (!marked.empty()) marked += ", ";
    const bool is_servfail = text.ends_with(kServfail);
    if (is_servfail) text.remove_suffix(kServfail.size());
    marked += text;
    if (is_servfail) marked += kPersistentServfail;
  }
  stored.outcomes = std::move(marked);
}

}  // namespace dauth::data
