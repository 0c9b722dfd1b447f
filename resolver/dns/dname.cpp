#include "resolver/dns/dname.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dauth::dns {

std::optional<DomainName> substitute_dname(const DomainName& name, const DomainName& owner,
                                           const DomainName& target) {
  if (name == owner || !name.is_at_or_below(owner)) return std::nullopt;
  const std::size_t prefix = name.wire_length() - owner.wire_length();
  const std::size_t length = prefix + target.wire_length();
  if (length > DomainName::kMaxWireLength) return std::nullopt;
  std::array<std::uint8_t, DomainName::kMaxWireLength> wire;
  const auto behind = std::copy_n(name.wire().begin(), prefix, wire.begin());
  std::copy(target.wire().begin(), target.wire().end(), behind);
  auto substituted = DomainName::from_wire(std::span(wire).first(length));
  if (!substituted) return std::nullopt;
  return std::move(*substituted);
}

}  // namespace dauth::dns
