#include "scanner/spf/select_record.h"

#include <utility>
#include <vector>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/spf/macro_expansion.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kMinLabels = 2;

// Section 4.3: a name of several labels; an address literal is none.
std::optional<dns::DomainName> checked_domain(const std::string& domain) {
  if (domain.starts_with('[')) return std::nullopt;
  auto name = name_of_text(domain);
  if (name && name->label_count() < kMinLabels) name.reset();
  return name;
}

}  // namespace

Probe<SelectedRecord> select_record(Inquiry& inquiry, const std::string& domain, SpfRecordTrace& trace) {
  SelectedRecord selected;
  selected.cause.domain = domain;
  trace.domain = domain;
  const std::optional<dns::DomainName> name = checked_domain(domain);
  if (!name) {
    selected.cause.reason = SpfReason::kMalformedDomain;
    co_return selected;
  }
  const dns::LookupOutcome& txt = co_await inquiry.ask(*name, dns::RrType::kTxt);
  if (const auto* failure = std::get_if<dns::Failure>(&txt)) {
    selected.result = SpfResult::kTemperror;
    selected.cause.reason = SpfReason::kLookupFailed;
    selected.cause.failure = failure->cause;
    selected.cause.failed_question = name->to_text() + " TXT";
    co_return selected;
  }
  std::vector<std::string> records;
  for (std::string& text : text_records(txt)) {
    if (is_spf_record(text)) records.push_back(std::move(text));
  }
  if (records.empty()) {
    selected.cause.reason = SpfReason::kNoRecord;
    co_return selected;
  }
  if (records.size() > 1) {
    selected.result = SpfResult::kPermerror;
    selected.cause.reason = SpfReason::kSeveralRecords;
    co_return selected;
  }
  trace.record = std::move(records.front());
  auto parsed = parse_spf(*trace.record);
  if (!parsed) {
    selected.result = SpfResult::kPermerror;
    selected.cause.reason = SpfReason::kSyntax;
    selected.cause.syntax = parsed.error();
    co_return selected;
  }
  selected.record = std::move(*parsed);
  trace.terms = terms_of(*selected.record, *trace.record);
  co_return selected;
}

}  // namespace dauth::scanner
