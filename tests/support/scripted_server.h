// ScriptedServer: a name server on 127.0.0.1, UDP and TCP, that answers by a table of rules what no real
// server answers on command: lies, refusals, silence.
//
// The first rule that matches a question gives the reply; what no rule matches is a name error. The same
// questions in the same order get the same replies. Destroyed, it stops.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/dns/question.h"
#include "tests/unit/resolver_dns/response_builder.h"
#include "tests/unit/resolver_net/loopback_server.h"

namespace dauth::testing {

enum class ScriptedManner : std::uint8_t {
  kReplies,
  kStaysSilent,
  // UDP: nothing now, but when the next datagram with the same question comes, before the reply to that one.
  kRepliesLate,
  // TCP: hangs up, without a reply or in the midst of it.
  kHangsUp,
  kHangsUpInTheMidst
};

// One message of a reply.
struct ScriptedMessage {
  Octets octets;
  LoopbackServer::From from = LoopbackServer::From::kServer;
};
using ScriptedMessages = std::vector<ScriptedMessage>;

struct ScriptedRule {
  std::string at_or_below = ".";                // the names that it is for
  std::optional<dns::RrType> type = {};         // nothing: every type
  std::optional<LoopbackServer::Via> via = {};  // nothing: UDP and TCP
  std::optional<dns::Edns> edns = {};           // nothing: with EDNS and without
  std::size_t times = 0;                        // after so many matches it matches no more; 0: always
  std::size_t times_each = 0;                   // the same, for each name and type by itself
  ScriptedManner manner = ScriptedManner::kReplies;
  // Its ID and question are the query's; "@" as an owner is the name asked for.
  ResponseParts reply = {};
  // What is sent in place of the reply, which it is given.
  std::function<ScriptedMessages(const Octets& reply)> sends = {};
  std::size_t tcp_piece = 0;  // octets of each write; 0: whole
  bool only_at = false;       // not for the names below
  // The reply is what the rules after it give that have one; only the way it is sent is this rule's.
  bool passes_on = false;
};

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<ScriptedRule> rules, LoopbackServerOptions options = {});

  const net::SocketAddress& address() const { return server_.address(); }
  // What was asked so far, in order.
  std::vector<dns::Question> questions() const;

 private:
  struct Rule {
    ScriptedRule script;
    dns::DomainName name;
    std::size_t matches = 0;
  };
  struct Late {
    Octets reply;
    LoopbackServer::WayBack way_back;
  };
  using Key = std::pair<std::string, dns::RrType>;

  void answer(std::span<const std::uint8_t> query, LoopbackServer::WayBack& way_back);
  // The first match from the rule `from` on, or nullptr.
  Rule* rule_for(std::size_t from, const dns::Question& question, const Key& key, LoopbackServer::Via via,
                 dns::Edns edns);

  mutable std::mutex mutex_;
  std::vector<Rule> rules_;                                    // guarded by mutex_
  std::map<std::pair<const Rule*, Key>, std::size_t> counts_;  // guarded by mutex_; for times_each
  std::map<Key, Late> late_;                                   // guarded by mutex_
  std::vector<dns::Question> questions_;                       // guarded by mutex_
  LoopbackServer server_;
};

}  // namespace dauth::testing
