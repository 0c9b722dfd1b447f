#include "resolver/dns/classify_response.h"

#include <algorithm>
#include <array>
#include <optional>

#include "resolver/dns/ldns_message.h"

namespace dauth::dns {
namespace {

// Longer chains than this are treated as loops, as resolvers do (Unbound follows 11, BIND 16).
constexpr std::size_t kMaxChainLength = 16;

Failure failure_of(std::uint16_t rcode) {
  switch (static_cast<Rcode>(rcode)) {
    case Rcode::kFormErr:
      return {FailureCause::kFormerr, rcode};
    case Rcode::kServFail:
      return {FailureCause::kServfail, rcode};
    case Rcode::kNotImp:
      return {FailureCause::kNotimp, rcode};
    case Rcode::kRefused:
      return {FailureCause::kRefused, rcode};
    default:
      return {FailureCause::kOtherRcode, rcode};
  }
}

bool is_success(std::uint16_t rcode) {
  return rcode == static_cast<std::uint16_t>(Rcode::kNoError) ||
         rcode == static_cast<std::uint16_t>(Rcode::kNxDomain);
}

// What the quick path learns from a message without answers.
struct Sections {
  std::uint16_t rcode = 0;
  bool authority_has_soa = false;
  bool authority_has_ns = false;
};

// Walks over RRs without looking into them; false as soon as one does not lie inside the packet.
class Walker {
 public:
  Walker(std::span<const std::uint8_t> packet, std::size_t at) : packet_(packet), at_(at) {}

  // Past a name, compressed or not. A pointer ends it: where it leads does not matter to a walk.
  bool skip_name() {
    while (at_ < packet_.size()) {
      const std::uint8_t length = packet_[at_];
      if ((length & 0xc0) == 0xc0) return advance(2);
      if (length > DomainName::kMaxLabelLength) return false;
      if (!advance(length + 1U)) return false;
      if (length == 0) return true;
    }
    return false;
  }
  bool advance(std::size_t octets) {
    if (octets > packet_.size() - at_) return false;
    at_ += octets;
    return true;
  }
  struct Record {
    RrType type;
    std::uint8_t extended_rcode;  // of an OPT RR
  };
  std::optional<Record> next_record() {
    constexpr std::size_t kFixedPart = 10;  // TYPE, CLASS, TTL, RDLENGTH
    if (!skip_name() || packet_.size() - at_ < kFixedPart) return std::nullopt;
    const Record record{static_cast<RrType>(u16(at_)), packet_[at_ + 4]};
    const std::size_t rdata_length = u16(at_ + 8);
    at_ += kFixedPart;
    if (!advance(rdata_length)) return std::nullopt;
    return record;
  }

 private:
  std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>((packet_[at] << 8) | packet_[at + 1]);
  }
  std::span<const std::uint8_t> packet_;
  std::size_t at_;
};

std::optional<Sections> walk_without_answers(const MessageView& response) {
  Sections sections;
  Walker walker(response.octets(), kHeaderLength);
  for (unsigned i = 0; i < response.question_count(); ++i) {
    if (!walker.skip_name() || !walker.advance(4)) return std::nullopt;
  }
  for (unsigned i = 0; i < response.authority_count(); ++i) {
    const auto record = walker.next_record();
    if (!record) return std::nullopt;
    sections.authority_has_soa |= record->type == RrType::kSoa;
    sections.authority_has_ns |= record->type == RrType::kNs;
  }
  std::uint16_t extended = 0;
  for (unsigned i = 0; i < response.additional_count(); ++i) {
    const auto record = walker.next_record();
    if (!record) return std::nullopt;
    if (record->type == RrType::kOpt) extended = record->extended_rcode;
  }
  sections.rcode =
      static_cast<std::uint16_t>((extended << 4) | static_cast<std::uint16_t>(response.header_rcode()));
  return sections;
}

LookupOutcome classify_without_answers(const MessageView& response) {
  const auto sections = walk_without_answers(response);
  if (!sections)
    return Failure{FailureCause::kMalformed, static_cast<std::uint16_t>(response.header_rcode())};
  if (!is_success(sections->rcode)) return failure_of(sections->rcode);
  if (sections->rcode == static_cast<std::uint16_t>(Rcode::kNxDomain)) return NxDomain{};
  if (sections->authority_has_ns && !sections->authority_has_soa && !response.authoritative()) {
    return Failure{FailureCause::kReferral, 0};
  }
  return NoData{};
}

// Follows the chain of CNAME and DNAME RRs from the qname through the answer section, whatever its order.
class Chain {
 public:
  enum class End : std::uint8_t { kRrset, kOpen, kLoop, kContradiction };

  Chain(std::vector<ResourceRecord>& answers, const Question& question)
      : answers_(answers), current_(question.name), type_(question.type) {}

  End follow() {
    std::vector<DomainName> visited;
    for (;;) {
      if (collect_rrset()) return End::kRrset;
      visited.push_back(current_);
      const auto step = next_target();
      if (contradiction_) return End::kContradiction;
      if (!step) return End::kOpen;
      if (visited.size() > kMaxChainLength ||
          std::find(visited.begin(), visited.end(), *step) != visited.end()) {
        return End::kLoop;
      }
      current_ = *step;
    }
  }

  std::vector<ResourceRecord> chain;
  std::vector<ResourceRecord> rrset;

 private:
  bool collect_rrset() {
    for (const ResourceRecord& record : answers_) {
      if (record.type != type_ || !(record.owner == current_)) continue;
      // An RRset is a set (RFC 2181 section 5): the same RR twice is one.
      if (std::find(rrset.begin(), rrset.end(), record) == rrset.end()) rrset.push_back(record);
    }
    return !rrset.empty();
  }

  // The name that the current one is an alias of; nothing at the chain's end.
  std::optional<DomainName> next_target() {
    const ResourceRecord* cname = nullptr;
    const ResourceRecord* dname = nullptr;
    for (const ResourceRecord& record : answers_) {
      if (record.type == RrType::kCname && record.owner == current_) {
        // Two different CNAME RRs at one name (against RFC 2181 section 10.1): no order may decide.
        if (cname != nullptr && cname->rdata != record.rdata) contradiction_ = true;
        cname = &record;
      } else if (record.type == RrType::kDname && current_.is_at_or_below(record.owner) &&
                 !(current_ == record.owner)) {
        if (dname == nullptr || record.owner.wire_length() > dname->owner.wire_length()) dname = &record;
      }
    }
    if (contradiction_) return std::nullopt;
    std::optional<DomainName> target;
    if (dname != nullptr) {
      target = substituted(*dname);
      if (!target) {
        contradiction_ = true;
        return std::nullopt;
      }
      chain.push_back(*dname);
    }
    if (cname != nullptr) {
      const auto alias = DomainName::from_wire(cname->rdata);
      if (!alias || (target && !(*alias == *target))) {
        contradiction_ = true;
        return std::nullopt;
      }
      chain.push_back(*cname);
      target = *alias;
    }
    return target;
  }

  // The current name with the DNAME's owner replaced by its target (RFC 6672 section 2.2).
  std::optional<DomainName> substituted(const ResourceRecord& dname) const {
    const auto target = DomainName::from_wire(dname.rdata);
    if (!target) return std::nullopt;
    const std::size_t prefix = current_.wire_length() - dname.owner.wire_length();
    if (prefix + target->wire_length() > DomainName::kMaxWireLength) return std::nullopt;
    std::vector<std::uint8_t> wire(current_.wire().begin(),
                                   current_.wire().begin() + static_cast<std::ptrdiff_t>(prefix));
    wire.insert(wire.end(), target->wire().begin(), target->wire().end());
    const auto name = DomainName::from_wire(wire);
    if (!name) return std::nullopt;
    return *name;
  }

  const std::vector<ResourceRecord>& answers_;
  DomainName current_;
  RrType type_;
  bool contradiction_ = false;
};

}  // namespace

LookupOutcome classify_response(const MessageView& response, const Question& question) {
  if (response.truncated()) {
    return Failure{FailureCause::kTruncated, static_cast<std::uint16_t>(response.header_rcode())};
  }
  if (response.answer_count() == 0) return classify_without_answers(response);

  auto message = parse_message(response.octets());
  if (!message) return Failure{FailureCause::kMalformed, static_cast<std::uint16_t>(response.header_rcode())};
  if (!is_success(message->rcode)) return failure_of(message->rcode);

  Chain chain(message->answers, question);
  const Chain::End end = chain.follow();
  if (end == Chain::End::kLoop) return Failure{FailureCause::kCnameLoop, message->rcode};
  if (end == Chain::End::kContradiction) return Failure{FailureCause::kMalformed, message->rcode};

  if (message->rcode == static_cast<std::uint16_t>(Rcode::kNxDomain)) {
    // RFC 6604: with a chain the rcode speaks of its end; the qname itself exists.
    if (chain.chain.empty()) return NxDomain{};
    return NoData{std::move(chain.chain)};
  }
  if (end == Chain::End::kRrset) return Answer{std::move(chain.chain), std::move(chain.rrset)};
  if (chain.chain.empty()) {
    if (message->authority_has_ns && !message->authority_has_soa && !response.authoritative()) {
      return Failure{FailureCause::kReferral, message->rcode};
    }
    return NoData{};
  }
  // Without recursion only an SOA says that the chain's end was looked at and has no such RRset (RFC 2308).
  if (!response.recursion_available() && !message->authority_has_soa) {
    return Failure{FailureCause::kUnfinishedChain, message->rcode};
  }
  return NoData{std::move(chain.chain)};
}

}  // namespace dauth::dns
