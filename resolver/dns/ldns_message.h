// Reading a whole message with ldns: the only includer of ldns is ldns_message.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "resolver/dns/lookup_outcome.h"

namespace dauth::dns {

// What the classifier needs of a message with answers.
struct ParsedMessage {
  std::uint16_t rcode = 0;              // extended by OPT's upper bits
  std::vector<ResourceRecord> answers;  // class IN, in the message's order
  bool authority_has_soa = false;
  bool authority_has_ns = false;
};

// Nothing when ldns cannot read the message to its end.
std::optional<ParsedMessage> parse_message(std::span<const std::uint8_t> packet);

}  // namespace dauth::dns
