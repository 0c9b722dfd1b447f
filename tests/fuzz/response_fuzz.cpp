// Any octets as the response to the question that stands in them: judged without a crash; an answer has RRs
// of the one type and owner that the chain ends at, an absence is told by its rcode, and a message cut short
// is neither.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "resolver/dns/classify_response.h"

namespace {

using namespace dauth::dns;

void require(bool holds) {
  if (!holds) std::abort();
}

// From the first entry of the question section, if its name is uncompressed.
Question question_in(std::span<const std::uint8_t> packet) {
  Question fallback{*DomainName::from_text("example.jp"), RrType::kTxt};
  std::size_t end = kHeaderLength;
  while (end < packet.size() && packet[end] != 0) end += packet[end] + 1U;
  if (packet.size() < end + 3) return fallback;
  const auto name = DomainName::from_wire(packet.subspan(kHeaderLength, end + 1 - kHeaderLength));
  if (!name) return fallback;
  return {*name, static_cast<RrType>((packet[end + 1] << 8) | packet[end + 2])};
}

DomainName target_of(const ResourceRecord& record) {
  const auto target = DomainName::from_wire(record.rdata);
  require(target.has_value());
  return *target;
}

// Follows the chain from the qname and gives the name at its end.
DomainName end_of_chain(const std::vector<ResourceRecord>& chain, const DomainName& qname) {
  DomainName current = qname;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    if (chain[i].type == RrType::kCname) {
      require(chain[i].owner == current);
      current = target_of(chain[i]);
      continue;
    }
    require(chain[i].type == RrType::kDname);
    require(current.is_at_or_below(chain[i].owner) && !(current == chain[i].owner));
    std::vector<std::uint8_t> wire(current.wire().begin(), current.wire().end());
    wire.resize(wire.size() - chain[i].owner.wire_length());
    const DomainName target = target_of(chain[i]);
    wire.insert(wire.end(), target.wire().begin(), target.wire().end());
    const auto substituted = DomainName::from_wire(wire);
    require(substituted.has_value());
    // The CNAME RR made of it stands behind it, where there is one.
    if (i + 1 < chain.size() && chain[i + 1].type == RrType::kCname && chain[i + 1].owner == current) ++i;
    if (chain[i].type == RrType::kCname) require(target_of(chain[i]) == *substituted);
    current = *substituted;
  }
  return current;
}

void check_answer(const Answer& answer, const Question& question) {
  const DomainName end = end_of_chain(answer.chain, question.name);
  require(!answer.rrset.empty());
  for (std::size_t i = 0; i < answer.rrset.size(); ++i) {
    const ResourceRecord& record = answer.rrset[i];
    require(record.type == question.type && record.owner == end);
    for (std::size_t j = 0; j < i && j < 50; ++j) require(answer.rrset[j].rdata != record.rdata);
    require(join_character_strings(record.rdata).size() <= record.rdata.size());
    if (record.type == RrType::kA) require(record.rdata.size() == 4);
    if (record.type == RrType::kMx) {
      require(record.rdata.size() >= 3);
      require(DomainName::from_wire(std::span(record.rdata).subspan(2)).has_value());
    }
  }
}

void check(const LookupOutcome& outcome, const MessageView& response, const Question& question) {
  if (const auto* answer = std::get_if<Answer>(&outcome)) {
    require(response.header_rcode() == Rcode::kNoError && response.answer_count() > 0);
    check_answer(*answer, question);
  } else if (const auto* no_data = std::get_if<NoData>(&outcome)) {
    require(response.header_rcode() == Rcode::kNoError ||
            (response.header_rcode() == Rcode::kNxDomain && !no_data->chain.empty()));
    end_of_chain(no_data->chain, question.name);
  } else if (std::holds_alternative<NxDomain>(outcome)) {
    require(response.header_rcode() == Rcode::kNxDomain);
  }
  require(!response.truncated() || std::holds_alternative<Failure>(outcome));
  require(!describe(outcome).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto response = MessageView::over({data, size});
  if (!response) return 0;
  const Question question = question_in(response->octets());
  require(DomainName::from_text(question.name.to_text()) == question.name);
  const bool accepted = response->answers(question);
  require(!accepted || (response->is_response() && response->question_count() <= 1));
  const LookupOutcome outcome = classify_response(*response, question);
  check(outcome, *response, question);

  // An octet fewer: the same (it stood behind the last RR), or malformed; never another answer or absence.
  if (size == kHeaderLength) return 0;
  const std::vector<std::uint8_t> cut(data, data + size - 1);
  const LookupOutcome of_cut = classify_response(*MessageView::over(cut), question);
  const auto* failure = std::get_if<Failure>(&of_cut);
  const bool malformed = failure != nullptr && failure->cause == FailureCause::kMalformed;
  require(malformed || (of_cut.index() == outcome.index() && describe(of_cut) == describe(outcome)));
  return 0;
}
