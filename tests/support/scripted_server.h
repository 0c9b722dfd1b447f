// ScriptedServer: a name server on 127.0.0.1, UDP and TCP, that answers by a table of rules what no real
// server answers on command: lies, refusals, silence.
//
// The first rule that matches a question gives the reply; what no rule matches is a name error. The same
// questions in the same order get the same replies. Destroyed, it stops.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/question.h"
#include "tests/unit/resolver_dns/response_builder.h"
#include "tests/unit/resolver_net/loopback_server.h"

namespace dauth::testing {

enum class ScriptedManner : std::uint8_t { kReplies, kStaysSilent };

struct ScriptedRule {
  std::string at_or_below = ".";                // the names that it is for
  std::optional<dns::RrType> type = {};         // nothing: every type
  std::optional<LoopbackServer::Via> via = {};  // nothing: UDP and TCP
  std::size_t times = 0;                        // after so many matches it matches no more; 0: always
  ScriptedManner manner = ScriptedManner::kReplies;
  // Its ID and question are the query's; "@" as an owner is the name asked for.
  ResponseParts reply = {};
};

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<ScriptedRule> rules);

  const net::SocketAddress& address() const { return server_.address(); }
  // What was asked so far, in order.
  std::vector<dns::Question> questions() const;

 private:
  std::optional<Octets> answer(std::span<const std::uint8_t> query, LoopbackServer::Via via);

  mutable std::mutex mutex_;
  std::vector<ScriptedRule> rules_;       // guarded by mutex_
  std::vector<std::size_t> matches_;      // guarded by mutex_; of each rule
  std::vector<dns::Question> questions_;  // guarded by mutex_
  LoopbackServer server_;
};

}  // namespace dauth::testing
