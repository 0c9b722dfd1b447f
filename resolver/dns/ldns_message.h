// Reading the RRs of an answer section with ldns: the only includer of ldns is ldns_message.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "resolver/dns/lookup_outcome.h"

namespace dauth::dns {

// The RRs of class IN among the `count` that begin at octet `at`, in the message's order. Nothing when one of
// them cannot be read: its RDATA is shorter or longer than its type wants, or holds a name that leads
// nowhere.
std::optional<std::vector<ResourceRecord>> parse_answers(std::span<const std::uint8_t> packet, std::size_t at,
                                                         unsigned count);

}  // namespace dauth::dns
