#include "scanner/record/mx_set.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kSection = "RFC 1035 section 3.3.9";
constexpr std::size_t kPreferenceLength = 2;

// Preference, then the name's octets without case: an order that does not depend on the answer's.
bool is_before(const MxHost& a, const MxHost& b) {
  if (a.preference != b.preference) return a.preference < b.preference;
  const auto left = a.exchange.wire();
  const auto right = b.exchange.wire();
  const auto lowered_octet = [](std::uint8_t octet) {
    return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : int{octet};
  };
  return std::lexicographical_compare(
      left.begin(), left.end(), right.begin(), right.end(),
      [&](std::uint8_t x, std::uint8_t y) { return lowered_octet(x) < lowered_octet(y); });
}

bool is_octet_in_decimal(std::string_view label) {
  if (label.size() > 3 || !std::all_of(label.begin(), label.end(), is_digit)) return false;
  unsigned value = 0;
  for (const char c : label) value = value * 10 + static_cast<unsigned>(c - '0');
  return value <= 255;
}

bool is_address_literal(const dns::DomainName& name) {
  if (name.label_count() != 4) return false;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto label = name.label_from_right(i);
    if (!label || !is_octet_in_decimal(*label)) return false;
  }
  return true;
}

}  // namespace

Result<MxSet, RecordError> parse_mx_set(std::span<const dns::ResourceRecord> rrset) {
  MxSet set;
  set.hosts.reserve(rrset.size());
  for (const dns::ResourceRecord& record : rrset) {
    const std::span<const std::uint8_t> rdata(record.rdata);
    if (record.type != dns::RrType::kMx) return unexpected(RecordError{kSection, 0, "not an MX RR"});
    if (rdata.size() < kPreferenceLength) {
      return unexpected(RecordError{kSection, rdata.size(), "preference is missing"});
    }
    auto exchange = dns::DomainName::from_wire(rdata.subspan(kPreferenceLength));
    if (!exchange) return unexpected(RecordError{kSection, kPreferenceLength, "exchange is not a name"});
    set.hosts.push_back({static_cast<std::uint16_t>((rdata[0] << 8) | rdata[1]), std::move(*exchange)});
  }
  std::sort(set.hosts.begin(), set.hosts.end(), is_before);
  set.hosts.erase(std::unique(set.hosts.begin(), set.hosts.end()), set.hosts.end());
  return set;
}

bool is_null_mx(const MxSet& set) {
  return set.hosts.size() == 1 && set.hosts.front().preference == 0 && set.hosts.front().exchange.is_root();
}

std::vector<dns::DomainName> hosts_of(const MxSet& set, std::size_t most) {
  std::vector<dns::DomainName> hosts;
  for (const MxHost& host : set.hosts) {
    if (hosts.size() >= most) break;
    if (host.exchange.is_root() || is_address_literal(host.exchange)) continue;
    if (std::find(hosts.begin(), hosts.end(), host.exchange) == hosts.end()) hosts.push_back(host.exchange);
  }
  return hosts;
}

bool has_address_literal(const MxSet& set) {
  return std::any_of(set.hosts.begin(), set.hosts.end(),
                     [](const MxHost& host) { return is_address_literal(host.exchange); });
}

}  // namespace dauth::scanner
