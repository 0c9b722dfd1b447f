#include "scanner/cli/check/spf_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/cli/check/spf_words.h"

namespace dauth::scanner::cli {
namespace {

constexpr SpfVerdict kNoRecord{"no_record", Mark::kWarning,
                               "there is no record, so anybody's mail in the domain's name gets none"};
constexpr SpfVerdict kInvalid{"invalid", Mark::kBad, "broken: every client gets permerror"};
constexpr SpfVerdict kUnknown{"unknown", Mark::kWarning,
                              "not known: the question for the record failed just now"};
constexpr SpfVerdict kUnknownInPart{"unknown_in_part", Mark::kWarning,
                                    "not known in full: a question that it needs failed just now"};
constexpr SpfVerdict kBreaks{"breaks", Mark::kBad,
                             "breaks: clients that are not matched early get permerror"};
constexpr SpfVerdict kPermitsAll{"permits_all", Mark::kBad, "works, but permits everybody"};
constexpr SpfVerdict kNeutral{"neutral", Mark::kWarning,
                              "works, but who is not permitted gets neutral, as though there were no record"};
constexpr SpfVerdict kSoftfail{"softfail", Mark::kGood, "works: who is not permitted gets softfail"};
constexpr SpfVerdict kFail{"fail", Mark::kGood, "works: who is not permitted gets fail"};
constexpr SpfVerdict kDepends{"depends", Mark::kPlain,
                              "works as far as can be told without a sender: its end depends on the sender"};

bool permits_all(const PermittedSpace& space, std::optional<SpfAllPolicy> ending) {
  return ending == SpfAllPolicy::kPass || space.ipv4 == AddressSet::all(32) ||
         space.ipv6 == AddressSet::all(128);
}

}  // namespace

SpfVerdict spf_verdict(const PermittedSpace& space) {
  if (space.root.result == SpfResult::kTemperror) return kUnknown;
  if (space.root.result == SpfResult::kPermerror) return kInvalid;
  if (space.root.result) return kNoRecord;
  const bool has_permerror =
      std::any_of(space.breaks.begin(), space.breaks.end(),
                  [](const SpfBreak& broken) { return broken.result == SpfResult::kPermerror; });
  if (has_permerror) return kBreaks;
  if (!space.breaks.empty()) return kUnknownInPart;
  const std::optional<SpfAllPolicy> ending = ending_of(space.root);
  if (permits_all(space, ending)) return kPermitsAll;
  if (!ending) return kDepends;
  switch (*ending) {
    case SpfAllPolicy::kFail:
      return kFail;
    case SpfAllPolicy::kSoftfail:
      return kSoftfail;
    case SpfAllPolicy::kNeutral:
    case SpfAllPolicy::kNone:
      return kNeutral;
    case SpfAllPolicy::kPass:
    case SpfAllPolicy::kRedirect:
      break;
  }
  return kDepends;
}

std::string spf_break_text(const SpfBreak& broken) {
  const std::string_view who = broken.ipv4.empty()   ? "IPv6 clients"
                               : broken.ipv6.empty() ? "IPv4 clients"
                                                     : "Clients";
  return fmt::format("{} that no earlier term matches get {}: {}", who, to_text(broken.result),
                     spf_cause_text(broken.cause));
}

bool breaks_by(const PermittedSpace& space, SpfReason reason) {
  return std::any_of(space.breaks.begin(), space.breaks.end(),
                     [&](const SpfBreak& broken) { return broken.cause.reason == reason; });
}

}  // namespace dauth::scanner::cli
