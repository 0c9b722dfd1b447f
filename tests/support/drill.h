// drill: asks a server on loopback one question with ldns's tool, a client that is not the project's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::testing {

enum class DrillTransport : std::uint8_t { kUdp, kTcp, kUdpIpv6 };

struct DrillReply {
  std::string rcode;                 // "NOERROR"; empty when no response came
  std::vector<std::string> flags;    // "qr", "aa", ...
  std::vector<std::string> answers;  // the answer section, a line an RR, fields separated by tabs
  std::string text;                  // all that drill printed

  bool has_flag(std::string_view flag) const;
};

DrillReply drill(std::uint16_t port, std::string_view name, std::string_view type,
                 DrillTransport transport = DrillTransport::kUdp);

}  // namespace dauth::testing
