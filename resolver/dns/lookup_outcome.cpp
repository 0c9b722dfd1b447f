#include "resolver/dns/lookup_outcome.h"

#include <fmt/format.h>

#include <array>

namespace dauth::dns {

std::string to_text(RrType type) {
  switch (type) {
    case RrType::kA:
      return "A";
    case RrType::kNs:
      return "NS";
    case RrType::kCname:
      return "CNAME";
    case RrType::kSoa:
      return "SOA";
    case RrType::kPtr:
      return "PTR";
    case RrType::kMx:
      return "MX";
    case RrType::kTxt:
      return "TXT";
    case RrType::kAaaa:
      return "AAAA";
    case RrType::kSrv:
      return "SRV";
    case RrType::kDname:
      return "DNAME";
    case RrType::kOpt:
      return "OPT";
    case RrType::kSpf:
      return "SPF";
  }
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::string_view to_text(FailureCause cause) {
  switch (cause) {
    case FailureCause::kTimeout:
      return "timeout";
    case FailureCause::kServfail:
      return "servfail";
    case FailureCause::kRefused:
      return "refused";
    case FailureCause::kNotimp:
      return "notimp";
    case FailureCause::kFormerr:
      return "formerr";
    case FailureCause::kOtherRcode:
      return "other_rcode";
    case FailureCause::kMalformed:
      return "malformed";
    case FailureCause::kTruncated:
      return "truncated";
    case FailureCause::kCnameLoop:
      return "cname_loop";
    case FailureCause::kReferral:
      return "referral";
    case FailureCause::kUnfinishedChain:
      return "unfinished_chain";
    case FailureCause::kUnreachable:
      return "unreachable";
    case FailureCause::kNotAsked:
      return "not_asked";
    case FailureCause::kExcluded:
      return "excluded";
  }
  return "malformed";
}

std::span<const FailureCause> all_failure_causes() {
  static constexpr auto kAll = [] {
    std::array<FailureCause, static_cast<std::size_t>(FailureCause::kExcluded) + 1> causes{};
    for (std::size_t i = 0; i < causes.size(); ++i) causes[i] = static_cast<FailureCause>(i);
    return causes;
  }();
  return kAll;
}

namespace {
struct Describer {
  std::string operator()(const Answer&) const { return "Answer"; }
  std::string operator()(const NoData&) const { return "NoData"; }
  std::string operator()(const NxDomain&) const { return "NxDomain"; }
  std::string operator()(const Failure& failure) const {
    if (failure.cause == FailureCause::kOtherRcode) return fmt::format("Failure (rcode {})", failure.rcode);
    return fmt::format("Failure ({})", to_text(failure.cause));
  }
};
}  // namespace

std::string describe(const LookupOutcome& outcome) {
  return std::visit(Describer{}, outcome);
}

std::string join_character_strings(const std::vector<std::uint8_t>& rdata) {
  std::string joined;
  joined.reserve(rdata.size());
  for (std::size_t at = 0; at < rdata.size();) {
    const std::size_t length = rdata[at++];
    if (length > rdata.size() - at) break;
    joined.append(reinterpret_cast<const char*>(rdata.data() + at), length);
    at += length;
  }
  return joined;
}

}  // namespace dauth::dns
