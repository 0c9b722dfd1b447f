#include "resolver/dns/classify_response.h"

#include <algorithm>
#include <array>
#include <optional>

#include "resolver/dns/dname.h"
#include "resolver/dns/ldns_message.h"
#include "resolver/dns/message_walker.h"

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

// What a walk over the whole message learns, with answers or without.
struct Sections {
  std::uint16_t rcode = 0;  // extended by OPT's upper bits
  std::size_t answers_at = 0;
  bool authority_has_soa = false;
  bool authority_has_ns = false;
};

// Nothing where the message cannot be walked to its end.
std::optional<Sections> walk(const MessageView& response) {
  Sections sections;
  MessageWalker walker(response.octets(), kHeaderLength);
  for (unsigned i = 0; i < response.question_count(); ++i) {
    if (!walker.skip_question()) return std::nullopt;
  }
  sections.answers_at = walker.at();
  for (unsigned i = 0; i < response.answer_count(); ++i) {
    if (!walker.next_record()) return std::nullopt;
  }
  for (unsigned i = 0; i < response.authority_count(); ++i) {
    const auto record = walker.next_record();
    if (!record) return std::nullopt;
    if (record->rr_class != kClassIn) continue;
    sections.authority_has_soa |= record->type == RrType::kSoa;
    sections.authority_has_ns |= record->type == RrType::kNs;
  }
  std::optional<std::uint32_t> extended;
  for (unsigned i = 0; i < response.additional_count(); ++i) {
    const auto record = walker.next_record();
    if (!record) return std::nullopt;
    if (record->type != RrType::kOpt) continue;
    if (extended) return std::nullopt;  // RFC 6891 section 6.1.1: one at most
    extended = record->ttl >> 24;
  }
  sections.rcode = static_cast<std::uint16_t>((extended.value_or(0) << 4) |
                                              static_cast<std::uint16_t>(response.header_rcode()));
  return sections;
}

// No answer, NS and no SOA, AA clear: the server points at others.
bool is_referral(const MessageView& response, const Sections& sections) {
  return sections.authority_has_ns && !sections.authority_has_soa && !response.authoritative();
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
    std::vector<ResourceRecord*> found;
    for (ResourceRecord& record : answers_) {
      if (record.type == type_ && record.owner == current_) found.push_back(&record);
    }
    // An RRset is a set (RFC 2181 section 5): the same RR twice is one. Sorted, since a message has room for
    // thousands; then again in the message's order.
    if (found.size() > 1) {
      std::sort(found.begin(), found.end(), [](const auto* a, const auto* b) {
        const auto order = a->rdata <=> b->rdata;
        return order < 0 || (order == 0 && a < b);  // the first of several the same is kept
      });
      const auto same = [](const auto* a, const auto* b) { return a->rdata == b->rdata; };
      found.erase(std::unique(found.begin(), found.end(), same), found.end());
      std::sort(found.begin(), found.end());
    }
    rrset.reserve(found.size());
    // The chain ends here, so nothing reads the answers again.
    for (ResourceRecord* record : found) rrset.push_back(std::move(*record));
    return !rrset.empty();
  }

  // Of two RRs that stand at one owner, CNAME or DNAME, the targets must be one: no order may decide (RFC
  // 2181 section 10.1, RFC 6672 section 2.4).
  void choose(const ResourceRecord*& chosen, const ResourceRecord& record) {
    if (chosen == nullptr) {
      chosen = &record;
    } else if (chosen->rdata != record.rdata) {
      const auto one = DomainName::from_wire(chosen->rdata);
      const auto other = DomainName::from_wire(record.rdata);
      if (!one || !other || !(*one == *other)) contradiction_ = true;
    }
  }

  bool is_dname_of_current(const ResourceRecord& record) const {
    return record.type == RrType::kDname && current_.is_at_or_below(record.owner) &&
           !(current_ == record.owner);
  }

  // The name that the current one is an alias of; nothing at the chain's end.
  std::optional<DomainName> next_target() {
    const ResourceRecord* cname = nullptr;
    const ResourceRecord* dname = nullptr;
    // The closest DNAME counts; a farther one must not be there (RFC 6672 section 2.4).
    std::size_t closest = 0;
    for (const ResourceRecord& record : answers_) {
      if (is_dname_of_current(record)) closest = std::max(closest, record.owner.wire_length());
    }
    for (const ResourceRecord& record : answers_) {
      if (record.type == RrType::kCname && record.owner == current_) {
        choose(cname, record);
      } else if (is_dname_of_current(record) && record.owner.wire_length() == closest) {
        choose(dname, record);
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
      auto alias = DomainName::from_wire(cname->rdata);
      if (!alias || (target && !(*alias == *target))) {
        contradiction_ = true;
        return std::nullopt;
      }
      chain.push_back(*cname);
      target = std::move(*alias);
    }
    return target;
  }

  // Nothing where the substitution would be no name.
  std::optional<DomainName> substituted(const ResourceRecord& dname) const {
    const auto target = DomainName::from_wire(dname.rdata);
    if (!target) return std::nullopt;
    return substitute_dname(current_, dname.owner, *target);
  }

  std::vector<ResourceRecord>& answers_;
  DomainName current_;
  RrType type_;
  bool contradiction_ = false;
};

}  // namespace

LookupOutcome classify_response(const MessageView& response, const Question& question) {
  if (response.truncated()) {
    return Failure{FailureCause::kTruncated, static_cast<std::uint16_t>(response.header_rcode())};
  }
  const auto sections = walk(response);
  const Failure malformed{FailureCause::kMalformed, static_cast<std::uint16_t>(response.header_rcode())};
  if (!sections) return malformed;
  if (!is_success(sections->rcode)) return failure_of(sections->rcode);
  const bool name_error = sections->rcode == static_cast<std::uint16_t>(Rcode::kNxDomain);
  const auto without_chain = [&]() -> LookupOutcome {
    if (name_error) return NxDomain{};
    if (is_referral(response, *sections)) return Failure{FailureCause::kReferral, sections->rcode};
    return NoData{};
  };
  if (response.answer_count() == 0) return without_chain();

  auto answers = parse_answers(response.octets(), sections->answers_at, response.answer_count());
  if (!answers) return malformed;
  Chain chain(*answers, question);
  const Chain::End end = chain.follow();
  if (end == Chain::End::kLoop) return Failure{FailureCause::kCnameLoop, sections->rcode};
  if (end == Chain::End::kContradiction) return malformed;

  // RFC 6604: with a chain the rcode speaks of its end; the qname itself exists.
  if (name_error && !chain.chain.empty()) return NoData{std::move(chain.chain)};
  if (name_error) return NxDomain{};
  if (end == Chain::End::kRrset) return Answer{std::move(chain.chain), std::move(chain.rrset)};
  if (chain.chain.empty()) return without_chain();
  // Without recursion only an SOA says that the chain's end was looked at and has no such RRset (RFC 2308).
  if (!response.recursion_available() && !sections->authority_has_soa) {
    return Failure{FailureCause::kUnfinishedChain, sections->rcode};
  }
  return NoData{std::move(chain.chain)};
}

}  // namespace dauth::dns
