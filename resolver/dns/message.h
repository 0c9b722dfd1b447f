// DNS messages as octets: encoding a query, reading a header and a question (RFC 1035 section 4, RFC 6891).
//
// Nothing here allocates: a query is written straight into the caller's buffer, a MessageView borrows the
// packet. Names in questions are compared where they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "resolver/dns/question.h"

namespace dauth::dns {

inline constexpr std::size_t kHeaderLength = 12;
// Header, a name of full length, type and class, OPT: the longest query that encode_query writes.
inline constexpr std::size_t kMaxQueryLength = kHeaderLength + DomainName::kMaxWireLength + 4 + 11;

enum class Edns : std::uint8_t { kWith, kWithout };

struct QueryOptions {
  Edns edns = Edns::kWith;
  std::uint16_t udp_payload_size = 1232;  // octets, in OPT's CLASS field
};

// Writes a query with RD=1, CD=0, AD=0, DO=0 and returns its length. `out` holds at least kMaxQueryLength.
std::size_t encode_query(std::span<std::uint8_t> out, std::uint16_t id, const Question& question,
                         const QueryOptions& options);

// RCODEs (RFC 1035 section 4.1.1, RFC 6895); extended ones have 12 bits.
enum class Rcode : std::uint16_t {
  kNoError = 0,
  kFormErr = 1,
  kServFail = 2,
  kNxDomain = 3,
  kNotImp = 4,
  kRefused = 5,
  kBadVers = 16,
};

// A packet of at least kHeaderLength octets, borrowed.
class MessageView {
 public:
  // Nothing when the packet is shorter than a header.
  static std::optional<MessageView> over(std::span<const std::uint8_t> packet);

  std::span<const std::uint8_t> octets() const { return packet_; }
  std::uint16_t id() const { return u16(0); }
  bool is_response() const { return (packet_[2] & 0x80) != 0; }
  std::uint8_t opcode() const { return (packet_[2] >> 3) & 0x0f; }
  bool authoritative() const { return (packet_[2] & 0x04) != 0; }
  bool truncated() const { return (packet_[2] & 0x02) != 0; }
  bool recursion_available() const { return (packet_[3] & 0x80) != 0; }
  // The header's four bits, without those in OPT.
  Rcode header_rcode() const { return static_cast<Rcode>(packet_[3] & 0x0f); }
  std::uint16_t question_count() const { return u16(4); }
  std::uint16_t answer_count() const { return u16(6); }
  std::uint16_t authority_count() const { return u16(8); }
  std::uint16_t additional_count() const { return u16(10); }

  // True when the message is a response (QR, opcode QUERY) that repeats `question` and nothing else in its
  // question section. A response whose rcode, OPT's upper bits included, is neither NOERROR nor NXDOMAIN may
  // leave that section empty.
  bool answers(const Question& question) const;

 private:
  explicit MessageView(std::span<const std::uint8_t> packet) : packet_(packet) {}
  std::uint16_t u16(std::size_t at) const {
    return static_cast<std::uint16_t>((packet_[at] << 8) | packet_[at + 1]);
  }

  std::span<const std::uint8_t> packet_;
};

}  // namespace dauth::dns
