// Names and RRs of a test of SPF, served by a scripted server on loopback and asked through the real stub
// resolver.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory_resource>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/net/socket_address.h"
#include "scanner/probe/inquiry.h"
#include "scanner/spf/examine_spf.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {

class SpfZone {
 public:
  // A line behind "record" of spf_suite.py: name, TYPE, data. Throws std::invalid_argument.
  void add(const std::vector<std::string>& cells);

  // A rule for each name and type: its RRs at the end of its chain of CNAMEs; silence for a name with TIMEOUT
  // and no RRs of the type.
  std::vector<ScriptedRule> rules() const;

 private:
  struct Name {
    std::map<dns::RrType, std::vector<Rdata>> records;
    bool is_silent = false;
  };
  ResponseParts reply_of(const std::string& owner, dns::RrType type) const;

  std::map<std::string, Name> names_;  // by presentation form in lower case
};

// "x616263" is "abc". Throws std::invalid_argument.
std::string unpacked(std::string_view cell);

struct SpfQuestion {
  dns::DomainName domain;
  scanner::SpfQuery query;
};

// Examines all at once, each with an Inquiry of its own, at a server on loopback.
std::vector<scanner::SpfReport> examine_all(const net::SocketAddress& server,
                                            const std::vector<SpfQuestion>& questions);

}  // namespace dauth::testing
