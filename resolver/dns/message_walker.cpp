#include "resolver/dns/message_walker.h"

#include <array>
#include <cassert>
#include <cstring>

#include "resolver/dns/message.h"
#include "resolver/dns/rdata_shape.h"

namespace dauth::dns {
namespace {

constexpr std::uint8_t kPointerBits = 0xc0;
// A pointer before each label that a name can have; more lead through pointers to pointers and only cost
// time.
constexpr unsigned kMaxPointers = 127;

unsigned u16(std::span<const std::uint8_t> packet, std::size_t at) {
  return (static_cast<unsigned>(packet[at]) << 8) | packet[at + 1];
}

}  // namespace

std::optional<std::size_t> end_of_name(std::span<const std::uint8_t> packet, std::size_t at) {
  std::optional<std::size_t> end;  // known at the first pointer
  std::size_t labels_at = at;      // falls with each pointer, so that there is no loop
  std::size_t length = 0;
  unsigned pointers = 0;
  while (at < packet.size()) {
    const std::uint8_t octet = packet[at];
    if ((octet & kPointerBits) == kPointerBits) {
      if (packet.size() - at < 2) return std::nullopt;
      const std::size_t target = u16(packet, at) & 0x3fffU;
      if (target < kHeaderLength || target >= labels_at || ++pointers > kMaxPointers) return std::nullopt;
      if (!end) end = at + 2;
      at = labels_at = target;
      continue;
    }
    length += octet + 1U;
    if (octet > DomainName::kMaxLabelLength || length > DomainName::kMaxWireLength) return std::nullopt;
    at += octet + 1U;
    if (octet == 0) return end ? end : at;
  }
  return std::nullopt;
}

DomainName name_at(std::span<const std::uint8_t> packet, std::size_t at) {
  std::array<std::uint8_t, DomainName::kMaxWireLength> wire;
  std::size_t length = 0;
  while (true) {
    const std::uint8_t octet = packet[at];
    if ((octet & kPointerBits) == kPointerBits) {
      at = u16(packet, at) & 0x3fffU;
      continue;
    }
    const auto label = packet.subspan(at, octet + 1U);
    assert(label.size() <= wire.size() - length);
    std::memcpy(wire.data() + length, label.data(), label.size());
    length += label.size();
    at += label.size();
    if (octet == 0) break;
  }
  return *DomainName::from_wire(std::span(wire).first(length));
}

bool MessageWalker::skip_question() {
  constexpr std::size_t kTypeAndClass = 4;
  const auto behind = end_of_name(packet_, at_);
  if (!behind || packet_.size() - *behind < kTypeAndClass) return false;
  at_ = *behind + kTypeAndClass;
  return true;
}

std::optional<RecordView> MessageWalker::next_record() {
  constexpr std::size_t kFixedPart = 10;  // TYPE, CLASS, TTL, RDLENGTH
  const auto behind = end_of_name(packet_, at_);
  if (!behind || packet_.size() - *behind < kFixedPart) return std::nullopt;
  RecordView record;
  record.owner_at = at_;
  record.type = static_cast<RrType>(u16(packet_, *behind));
  record.rr_class = static_cast<std::uint16_t>(u16(packet_, *behind + 2));
  record.ttl = (u16(packet_, *behind + 4) << 16) | u16(packet_, *behind + 6);
  record.rdata_at = *behind + kFixedPart;
  const std::size_t rdata_length = u16(packet_, *behind + 8);
  if (rdata_length > packet_.size() - record.rdata_at) return std::nullopt;
  record.end = record.rdata_at + rdata_length;
  at_ = record.end;
  return record;
}

bool names_fit(std::span<const std::uint8_t> packet, const RecordView& record) {
  const RdataShape shape = rdata_shape(record.type);
  const auto up_to_end = packet.first(record.end);
  std::size_t at = record.rdata_at + shape.before;
  for (unsigned i = 0; i < shape.names; ++i) {
    const auto behind = end_of_name(up_to_end, at);
    if (!behind) return false;
    at = *behind;
  }
  return true;
}

}  // namespace dauth::dns
