// ResponseWriter: builds a DNS response from its readable parts, well-formed or not as the test wants it.
// Owns the octets. Errors in the description: std::invalid_argument.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/question.h"

namespace dauth::testing {

enum class Section : std::uint8_t { kAnswer, kAuthority, kAdditional };

dns::RrType rr_type_from(std::string_view mnemonic);
std::vector<std::uint8_t> octets_from_hex(std::string_view hex);

class ResponseWriter {
 public:
  // A response to `query`: its ID, opcode, RD and question section, with RA.
  explicit ResponseWriter(std::span<const std::uint8_t> query);

  void set_id(std::uint16_t id);
  std::uint16_t id() const;
  void set_rcode(std::string_view mnemonic);
  // "aa", "tc", "ra", "-ra" (clear), "-qr".
  void set_flag(std::string_view flag);
  void set_opcode(std::uint8_t opcode);
  // Before any record.
  void set_question(const dns::Question& question);
  void drop_question();

  // `data` in master-file form (RFC 1035 section 5.1), or "\# HEX" (RFC 3597).
  void add(Section section, std::string_view owner, dns::RrType type, const std::vector<std::string>& data);
  // Counts as one record, whatever it is.
  void add_octets(Section section, std::span<const std::uint8_t> octets);

  std::vector<std::uint8_t> octets() const;

 private:
  std::vector<std::uint8_t> header_;
  std::vector<std::uint8_t> question_;
  std::uint16_t question_count_ = 1;
  struct Records {
    std::uint16_t count = 0;
    std::vector<std::uint8_t> octets;
  };
  std::array<Records, 3> sections_;
};

}  // namespace dauth::testing
