// MessageWalker: over the RRs of a message without copying anything (RFC 1035 sections 4.1.3 and 4.1.4).
//
// Borrows the packet. A name, RR or RDATA that does not lie inside it is nothing, never an octet read past
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "resolver/dns/question.h"

namespace dauth::dns {

// The offset behind the name that begins at `at`, compressed or not; nothing where none does: past the
// packet, over 255 octets, or with a pointer to anything but a place before the labels that it follows.
std::optional<std::size_t> end_of_name(std::span<const std::uint8_t> packet, std::size_t at);

// The name at `at` with its pointers followed, in the letter case of the packet. end_of_name() has found an
// end for it.
DomainName name_at(std::span<const std::uint8_t> packet, std::size_t at);

// Where an RR lies, as offsets into the packet, and its fixed fields.
struct RecordView {
  std::size_t owner_at = 0;
  RrType type = RrType::kA;
  std::uint16_t rr_class = 0;
  std::uint32_t ttl = 0;  // of an OPT RR: extended RCODE, version, flags (RFC 6891 section 6.1.3)
  std::size_t rdata_at = 0;
  std::size_t end = 0;
};

class MessageWalker {
 public:
  MessageWalker(std::span<const std::uint8_t> packet, std::size_t at) : packet_(packet), at_(at) {}

  // The offset of what comes next.
  std::size_t at() const { return at_; }
  // Past an entry of the question section; false where none is whole.
  bool skip_question();
  // The next RR; nothing where none is whole, and then the walk is over.
  std::optional<RecordView> next_record();

 private:
  std::span<const std::uint8_t> packet_;
  std::size_t at_;
};

// True where the names that RDATA of this type begins with (RFC 1035 section 3.3, RFC 2782, RFC 6672) lie
// inside it; also for types without names.
bool names_fit(std::span<const std::uint8_t> packet, const RecordView& record);

}  // namespace dauth::dns
