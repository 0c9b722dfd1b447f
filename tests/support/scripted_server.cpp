#include "tests/support/scripted_server.h"

#include <utility>

#include "resolver/dns/message.h"

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

void put_owner(std::vector<Record>& records, const std::string& qname) {
  for (Record& record : records) {
    if (record.owner == "@") record.owner = qname;
  }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<ScriptedRule> rules)
    : rules_(std::move(rules)),
      matches_(rules_.size()),
      server_([this](std::span<const std::uint8_t> query, LoopbackServer::Via via) {
        return answer(query, via);
      }) {}

std::vector<dns::Question> ScriptedServer::questions() const {
  const std::lock_guard lock(mutex_);
  return questions_;
}

std::optional<Octets> ScriptedServer::answer(std::span<const std::uint8_t> query, LoopbackServer::Via via) {
  const auto question = question_in(query);
  if (!question) return std::nullopt;
  const std::lock_guard lock(mutex_);
  questions_.push_back(*question);
  ResponseParts reply{.rcode = kNxDomain,
                      .authority = {{".", dns::RrType::kSoa, soa("ns.example", "hostmaster.example")}}};
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const ScriptedRule& rule = rules_[i];
    if (!question->name.is_at_or_below(name(rule.at_or_below))) continue;
    if (rule.type && *rule.type != question->type) continue;
    if (rule.via && *rule.via != via) continue;
    if (rule.times > 0 && matches_[i] == rule.times) continue;
    ++matches_[i];
    if (rule.manner == ScriptedManner::kStaysSilent) return std::nullopt;
    reply = rule.reply;
    break;
  }
  reply.id = static_cast<std::uint16_t>(query[0] << 8 | query[1]);
  reply.qname = question->name.to_text();
  reply.qtype = question->type;
  put_owner(reply.answer, reply.qname);
  put_owner(reply.authority, reply.qname);
  put_owner(reply.additional, reply.qname);
  return reply.octets();
}

}  // namespace dauth::testing
