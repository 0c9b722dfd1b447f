#include "tests/support/scripted_server.h"

#include <utility>

#include "resolver/net/tcp_framer.h"

namespace dauth::testing {
namespace {

constexpr std::size_t kHeader = dns::kHeaderLength;

std::optional<dns::Question> question_in(std::span<const std::uint8_t> query) {
  std::size_t end = kHeader;
  while (end < query.size() && query[end] != 0) end += query[end] + 1U;
  if (end + 5 > query.size()) return std::nullopt;
  const auto asked = dns::DomainName::from_wire(query.subspan(kHeader, end + 1 - kHeader));
  if (!asked) return std::nullopt;
  return dns::Question{*asked, static_cast<dns::RrType>(query[end + 1] << 8 | query[end + 2])};
}

bool has_reply(const ScriptedRule& rule) {
  return !rule.passes_on && rule.manner != ScriptedManner::kStaysSilent &&
         rule.manner != ScriptedManner::kHangsUp;
}

void put_owner(std::vector<Record>& records, const std::string& qname) {
  for (Record& record : records) {
    if (record.owner == "@") record.owner = qname;
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<ScriptedRule> rules, LoopbackServerOptions options)
    : server_(LoopbackServer::Handler([this](std::span<const std::uint8_t> query,
                                             LoopbackServer::WayBack& way_back) { answer(query, way_back); }),
              options) {
  const std::lock_guard lock(mutex_);
  for (ScriptedRule& rule : rules) {
    const dns::DomainName at = name(rule.at_or_below);
    rules_.push_back({std::move(rule), at});
  }
}

std::vector<dns::Question> ScriptedServer::questions() const {
  const std::lock_guard lock(mutex_);
  return questions_;
}

ScriptedServer::Rule* ScriptedServer::rule_for(std::size_t from, const dns::Question& question,
                                               const Key& key, LoopbackServer::Via via, dns::Edns edns) {
  for (std::size_t i = from; i < rules_.size(); ++i) {
    Rule& rule = rules_[i];
    const ScriptedRule& script = rule.script;
    if (!question.name.is_at_or_below(rule.name)) continue;
    if (script.only_at && !(question.name == rule.name)) continue;
    if (script.type && *script.type != question.type) continue;
    if (script.via && *script.via != via) continue;
    if (script.edns && *script.edns != edns) continue;
    if (script.times > 0 && rule.matches == script.times) continue;
    if (script.times_each > 0 && counts_[{&rule, key}]++ >= script.times_each) continue;
    ++rule.matches;
    return &rule;
  }
  return nullptr;
}

void ScriptedServer::answer(std::span<const std::uint8_t> query, LoopbackServer::WayBack& way_back) {
  const auto question = question_in(query);
  if (!question) return;
  const std::lock_guard lock(mutex_);
  questions_.push_back(*question);
  const Key key{question->name.to_text(), question->type};
  const dns::Edns edns = query[kHeader - 1] > 0 ? dns::Edns::kWith : dns::Edns::kWithout;
  static const ScriptedRule kNameError{
      .reply = {.rcode = kNxDomain,
                .authority = {{".", dns::RrType::kSoa, soa("ns.example", "hostmaster.example")}}}};
  const Rule* const found = rule_for(0, *question, key, way_back.via(), edns);
  const ScriptedRule& rule = found == nullptr ? kNameError : found->script;
  if (auto late = late_.extract(key)) late.mapped().way_back.send(late.mapped().reply);
  if (rule.manner == ScriptedManner::kStaysSilent) return;
  if (rule.manner == ScriptedManner::kHangsUp) return way_back.close();

  ResponseParts reply = rule.reply;
  if (rule.passes_on) {
    const Rule* behind = found;
    do {
      const auto next = static_cast<std::size_t>(behind - rules_.data()) + 1;
      behind = rule_for(next, *question, key, way_back.via(), edns);
    } while (behind != nullptr && !has_reply(behind->script));
    reply = behind == nullptr ? kNameError.reply : behind->script.reply;
  }
  reply.id = static_cast<std::uint16_t>(query[0] << 8 | query[1]);
  reply.qname = key.first;
  reply.qtype = question->type;
  put_owner(reply.answer, reply.qname);
  put_owner(reply.authority, reply.qname);
  put_owner(reply.additional, reply.qname);
  const Octets octets = reply.octets();
  if (rule.manner == ScriptedManner::kRepliesLate) {
    late_.insert_or_assign(key, Late{octets, way_back});
    return;
  }
  if (rule.manner == ScriptedManner::kHangsUpInTheMidst) {
    Octets framed;
    net::TcpFramer::frame(octets, framed);
    way_back.send_raw(std::span(framed).first(framed.size() / 2));
    return way_back.close();
  }
  const ScriptedMessages messages = rule.sends ? rule.sends(octets) : ScriptedMessages{{octets}};
  for (const ScriptedMessage& message : messages) {
    way_back.send(message.octets, message.from, rule.tcp_piece);
  }
}

}  // namespace dauth::testing
