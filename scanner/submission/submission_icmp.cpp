#include "scanner/submission/submission_icmp.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace dauth::scanner {
namespace {

struct KnownError {
  IpFamily family;
  std::uint8_t type;
  std::optional<std::uint8_t> code;  // nothing: all codes of the type
  IcmpWeight weight;
  std::string_view phrase;
};

constexpr IpFamily kV4 = IpFamily::kIpv4;
constexpr IpFamily kV6 = IpFamily::kIpv6;
constexpr IcmpWeight kHard = IcmpWeight::kHard;
constexpr IcmpWeight kSoft = IcmpWeight::kSoft;

constexpr std::array kKnown{
    KnownError{kV4, 3, 0, kSoft, "network unreachable"},
    KnownError{kV4, 3, 1, kSoft, "host unreachable"},
    KnownError{kV4, 3, 2, kHard, "protocol unreachable"},
    KnownError{kV4, 3, 3, kHard, "port unreachable"},
    KnownError{kV4, 3, 4, kHard, "fragmentation needed"},
    KnownError{kV4, 3, 5, kSoft, "source route failed"},
    KnownError{kV4, 3, 6, kHard, "network unknown"},
    KnownError{kV4, 3, 7, kHard, "host unknown"},
    KnownError{kV4, 3, 8, kHard, "source host isolated"},
    KnownError{kV4, 3, 9, kHard, "network administratively prohibited"},
    KnownError{kV4, 3, 10, kHard, "host administratively prohibited"},
    KnownError{kV4, 3, 11, kSoft, "network unreachable for the type of service"},
    KnownError{kV4, 3, 12, kSoft, "host unreachable for the type of service"},
    KnownError{kV4, 3, 13, kHard, "communication administratively prohibited"},
    KnownError{kV4, 3, 14, kHard, "host precedence violation"},
    KnownError{kV4, 3, 15, kHard, "precedence cutoff in effect"},
    KnownError{kV4, 11, {}, kSoft, "time exceeded"},
    KnownError{kV4, 12, {}, kSoft, "parameter problem"},
    KnownError{kV6, 1, 0, kSoft, "no route to destination"},
    KnownError{kV6, 1, 1, kHard, "administratively prohibited"},
    KnownError{kV6, 1, 2, kSoft, "beyond scope of source address"},
    KnownError{kV6, 1, 3, kSoft, "address unreachable"},
    KnownError{kV6, 1, 4, kHard, "port unreachable"},
    KnownError{kV6, 1, 5, kHard, "source address failed ingress/egress policy"},
    KnownError{kV6, 1, 6, kHard, "reject route to destination"},
    KnownError{kV6, 3, {}, kSoft, "time exceeded"},
    KnownError{kV6, 4, {}, kSoft, "parameter problem"},
};

const KnownError* known(IpFamily family, std::uint8_t type, std::uint8_t code) {
  const auto* const at = std::find_if(kKnown.begin(), kKnown.end(), [&](const KnownError& error) {
    return error.family == family && error.type == type && error.code.value_or(code) == code;
  });
  return at == kKnown.end() ? nullptr : at;
}

}  // namespace

IcmpWeight icmp_weight(IpFamily family, std::uint8_t type, std::uint8_t code) {
  const KnownError* const error = known(family, type, code);
  return error == nullptr ? IcmpWeight::kSoft : error->weight;
}

std::string icmp_phrase(IpFamily family, std::uint8_t type, std::uint8_t code) {
  const std::string_view protocol = family == IpFamily::kIpv4 ? "ICMP" : "ICMPv6";
  const KnownError* const error = known(family, type, code);
  return error == nullptr ? fmt::format("{} type {} code {}", protocol, type, code)
                          : fmt::format("{} {}", protocol, error->phrase);
}

}  // namespace dauth::scanner
