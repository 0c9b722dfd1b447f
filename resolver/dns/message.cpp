#include "resolver/dns/message.h"

#include <cassert>
#include <cstring>

#include "resolver/dns/ascii_case.h"
#include "resolver/dns/message_walker.h"

namespace dauth::dns {
namespace {

std::uint8_t* put_u16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value & 0xff);
  return at + 2;
}

// True where an OPT RR of the additional section has bits of the RCODE that the header has no room for (RFC
// 6891 section 6.1.3). `records_at` is where the answer section begins.
bool has_extended_rcode(const MessageView& message, std::size_t records_at) {
  MessageWalker walker(message.octets(), records_at);
  const unsigned before = message.answer_count() + message.authority_count();
  const unsigned all = before + message.additional_count();
  bool extended = false;
  for (unsigned i = 0; i < all; ++i) {
    const auto record = walker.next_record();
    if (!record) return false;
    extended |= i >= before && record->type == RrType::kOpt && record->ttl >> 24 != 0;
  }
  return extended;
}

}  // namespace

std::size_t encode_query(std::span<std::uint8_t> out, std::uint16_t id, const Question& question,
                         const QueryOptions& options) {
  assert(out.size() >= kMaxQueryLength);
  const bool edns = options.edns == Edns::kWith;
  std::uint8_t* at = put_u16(out.data(), id);
  at = put_u16(at, 0x0100);  // QUERY, RD
  at = put_u16(at, 1);
  at = put_u16(at, 0);
  at = put_u16(at, 0);
  at = put_u16(at, edns ? 1 : 0);
  const auto name = question.name.wire();
  std::memcpy(at, name.data(), name.size());
  at = put_u16(at + name.size(), static_cast<std::uint16_t>(question.type));
  at = put_u16(at, kClassIn);
  if (edns) {
    *at++ = 0;  // owner: the root
    at = put_u16(at, static_cast<std::uint16_t>(RrType::kOpt));
    at = put_u16(at, options.udp_payload_size);
    at = put_u16(at, 0);  // extended RCODE 0, version 0
    at = put_u16(at, 0);  // DO=0
    at = put_u16(at, 0);  // no options
  }
  return static_cast<std::size_t>(at - out.data());
}

std::optional<MessageView> MessageView::over(std::span<const std::uint8_t> packet) {
  if (packet.size() < kHeaderLength) return std::nullopt;
  return MessageView(packet);
}

bool MessageView::answers(const Question& question) const {
  constexpr std::uint8_t kOpcodeQuery = 0;
  if (!is_response() || opcode() != kOpcodeQuery) return false;
  if (question_count() == 0) {
    return (header_rcode() != Rcode::kNoError && header_rcode() != Rcode::kNxDomain) ||
           has_extended_rcode(*this, kHeaderLength);
  }
  if (question_count() != 1) return false;
  const auto name = question.name.wire();
  const std::size_t type_at = kHeaderLength + name.size();
  if (packet_.size() < type_at + 4) return false;
  return equal_without_case(packet_.subspan(kHeaderLength, name.size()), name) &&
         u16(type_at) == static_cast<std::uint16_t>(question.type) && u16(type_at + 2) == kClassIn;
}

}  // namespace dauth::dns
