// Ports and questions on the loopback interface, for the servers that tests start.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::testing {

// A port that is free for UDP and TCP on 127.0.0.1 and, where there is one, on ::1. Nothing reserves it: who
// binds it later must be ready to ask for another.
std::uint16_t free_port();

// True where ::1 can be bound.
bool has_ipv6_loopback();

// Asks 127.0.0.1:port one question over UDP (RD=1, no EDNS) and returns the octets of the first response with
// its ID; nothing when none comes within `limit` or the port is closed.
std::optional<std::vector<std::uint8_t>> ask_loopback(std::uint16_t port, std::string_view name,
                                                      std::uint16_t type, std::uint16_t rr_class,
                                                      std::chrono::milliseconds limit);

}  // namespace dauth::testing
