#include "scanner/record/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace dauth::scanner {

std::string_view to_text(IpFamily family) {
  return family == IpFamily::kIpv4 ? "IPv4" : "IPv6";
}

IpAddress::IpAddress(const Ipv4Octets& octets) : family_(IpFamily::kIpv4) {
  std::copy(octets.begin(), octets.end(), octets_.begin());
}

IpAddress::IpAddress(const Ipv6Octets& octets) : family_(IpFamily::kIpv6), octets_(octets) {
  static constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (!std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin())) return;
  family_ = IpFamily::kIpv4;
  octets_ = {};
  std::copy(octets.begin() + kMappedPrefix.size(), octets.end(), octets_.begin());
}

Result<IpAddress, std::string> IpAddress::parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const auto octets = parse_ipv4_address(text, 0);
    if (octets) return IpAddress(*octets);
    return unexpected(std::string(octets.error().reason));
  }
  const auto octets = parse_ipv6_address(text, 0);
  if (octets) return IpAddress(*octets);
  return unexpected(std::string(octets.error().reason));
}

std::optional<IpAddress> IpAddress::from_record(const dns::ResourceRecord& record) {
  const auto copied = [&record](auto octets) -> std::optional<IpAddress> {
    if (record.rdata.size() != octets.size()) return std::nullopt;
    std::copy(record.rdata.begin(), record.rdata.end(), octets.begin());
    return IpAddress(octets);
  };
  if (record.type == dns::RrType::kA) return copied(Ipv4Octets{});
  if (record.type == dns::RrType::kAaaa) return copied(Ipv6Octets{});
  return std::nullopt;
}

bool IpAddress::is_within(const IpAddress& network, std::size_t prefix_length) const {
  if (family_ != network.family_ || prefix_length > bits()) return false;
  const std::size_t whole = prefix_length / 8;
  if (!std::equal(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(whole),
                  network.octets_.begin()))
    return false;
  const std::size_t rest = prefix_length % 8;
  if (rest == 0) return true;
  const unsigned differing = static_cast<unsigned>(octets_[whole] ^ network.octets_[whole]);
  return (differing >> (8 - rest)) == 0;
}

dns::RrType IpAddress::rr_type() const {
  return family_ == IpFamily::kIpv4 ? dns::RrType::kA : dns::RrType::kAaaa;
}

dns::DomainName IpAddress::reverse_name() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = length(); i-- > 0;) {
    if (family_ == IpFamily::kIpv4) {
      text += std::to_string(octets_[i]) + ".";
    } else {
      text += {kDigits[octets_[i] & 0xf], '.', kDigits[octets_[i] >> 4], '.'};
    }
  }
  text += family_ == IpFamily::kIpv4 ? "in-addr.arpa" : "ip6.arpa";
  return *dns::DomainName::from_text(text);  // short labels, 74 octets at most: always a name
}

std::string IpAddress::to_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == IpFamily::kIpv4 ? AF_INET : AF_INET6, octets_.data(), text.data(), text.size());
  return text.data();
}

}  // namespace dauth::scanner
