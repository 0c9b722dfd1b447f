#include "scanner/probe/evidence.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "scanner/probe/domain_probe.h"
#include "scanner/record/octets.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;
using dns::RrType;

// The names that the probes ask for, below the domain: what stands before the domain in wire form.
struct KnownPrefix {
  std::string_view wire;
  std::string_view name;
};
constexpr std::array<KnownPrefix, 6> kKnownPrefixes = {{
    {"", "@"},
    {"\x0a_domainkey", "_domainkey"},
    {"\x06_dmarc", "_dmarc"},
    {"\x01*", "*"},
    {"\x07_policy\x0a_domainkey", "_policy._domainkey"},
    {"\x05_adsp\x0a_domainkey", "_adsp._domainkey"},
}};

// The name of a question relative to the domain, as data::StoredAnswers has it. `other` holds the text of a
// name that no probe asks for today.
std::string_view relative_name(const DomainName& name, const DomainName& domain,
                               const RandomLabelSource& random_label, std::string& other) {
  const auto octets = name.wire();
  const std::string_view prefix(reinterpret_cast<const char*>(octets.data()),
                                octets.size() - domain.wire_length());
  for (const KnownPrefix& known : kKnownPrefixes) {
    if (known.wire == prefix) return known.name;
  }
  const auto random = domain.child(random_label(domain));
  if (random && *random == name) return data::kRandomLabelName;
  other = name.to_text();
  other.resize(other.size() - domain.to_text().size() - 1);
  return other;
}

bool contains_dmarc_text(std::string_view octets) {
  return contains_ignoring_case(octets, "dmarc");
}

// Which TXT RRs of this question's answer some rule reads; nothing: all of them.
data::IsRead read_records_of(std::string_view name, RrType type) {
  if (type != RrType::kTxt) return nullptr;
  if (name == "@") return &contains_spf_text;
  if (name == "_dmarc") return &contains_dmarc_text;
  return nullptr;
}

}  // namespace

data::StoredAnswers stored_answers(const Inquiry& inquiry, const DomainName& domain,
                                   const RandomLabelSource& random_label) {
  data::AnswerRecorder recorder(domain);
  std::string other;
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (!asked.outcome || asked.sharing == Inquiry::Sharing::kShared) continue;
    const std::string_view name = relative_name(asked.question.name, domain, random_label, other);
    recorder.add(name, asked.question, *asked.outcome, read_records_of(name, asked.question.type));
  }
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (asked.outcome && asked.sharing == Inquiry::Sharing::kShared)
      recorder.add_mx_host(asked.question, *asked.outcome);
  }
  return recorder.take();
}

void StoredInquiry::submit(Asked& asked) {
  const auto found = std::find_if(questions_.begin(), questions_.end(), [&](const auto& stored) {
    return stored.question == asked.question && stored.is_of_mx_host == (asked.sharing == Sharing::kShared);
  });
  deliver(asked, found == questions_.end() ? dns::LookupOutcome(dns::Failure{dns::FailureCause::kNotAsked, 0})
                                           : found->outcome);
}

Result<data::Observation, std::string> judge_stored(std::pmr::memory_resource& pool, const DomainName& domain,
                                                    const data::StoredAnswers& answers,
                                                    const ProbeSelection& selection,
                                                    const RandomLabelSource& random_label) {
  auto questions = data::read_stored_answers(answers, domain, random_label);
  if (!questions) return unexpected(std::move(questions).error());
  const bool servfail_persisted = std::any_of(
      questions->begin(), questions->end(), [](const auto& question) { return question.servfail_persisted; });
  StoredInquiry inquiry(pool, std::move(*questions));
  auto probe = probe_domain(inquiry, domain, selection, random_label);
  probe.start();
  data::Observation found = probe.take();
  // That a SERVFAIL persisted is no rule's finding but the second pass's: it stays.
  if (servfail_persisted) data::mark_servfail_as_persistent(found);
  return found;
}

}  // namespace dauth::scanner
