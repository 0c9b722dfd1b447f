#include "tests/integration/spf/spf_zone.h"

#include <charconv>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>

#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "scanner/record/ip_address.h"
#include "scanner/survey/resolver_inquiry.h"

namespace dauth::testing {
namespace {

using dns::RrType;

const std::map<std::string, RrType> kTypes = {
    {"A", RrType::kA},     {"AAAA", RrType::kAaaa}, {"MX", RrType::kMx},      {"PTR", RrType::kPtr},
    {"TXT", RrType::kTxt}, {"SPF", RrType::kSpf},   {"CNAME", RrType::kCname}};

// Octets of a name that the suites write as text, in presentation form.
std::string name_text(std::string_view octets) {
  if (octets.empty()) return ".";
  std::string text;
  for (const char c : octets) {
    if (c == '\\') text += '\\';
    text += c;
  }
  return name(text).lowercased().to_text();
}

Record soa_of_root() {
  return {".", RrType::kSoa, soa("ns.example", "hostmaster.example")};
}

Rdata address_rdata(const std::string& text) {
  // By the system's own reader: a mapped address must stay AAAA.
  std::string octets;
  if (text.find(':') == std::string::npos) {
    const auto parsed = scanner::parse_ipv4_address(text, 0);
    if (!parsed) throw std::invalid_argument(text);
    octets.assign(parsed->begin(), parsed->end());
  } else {
    const auto parsed = scanner::parse_ipv6_address(text, 0);
    if (!parsed) throw std::invalid_argument(text);
    octets.assign(parsed->begin(), parsed->end());
  }
  return raw(octets);
}

Rdata rdata_of(const std::vector<std::string>& cells) {
  const std::string& type = cells.at(1);
  if (type == "A" || type == "AAAA") return address_rdata(cells.at(2));
  if (type == "MX") {
    return mx(static_cast<std::uint16_t>(std::stoul(cells.at(2))), name_text(unpacked(cells.at(3))));
  }
  if (type == "PTR" || type == "CNAME") return target(name_text(unpacked(cells.at(2))));
  std::string strings;
  const auto add = [&strings](std::string_view piece) {
    strings += static_cast<char>(piece.size());
    strings += piece;
  };
  for (std::size_t i = 2; i < cells.size(); ++i) {
    const std::string text = unpacked(cells[i]);
    std::string_view rest = text;
    do {
      add(rest.substr(0, 255));
      rest.remove_prefix(std::min<std::size_t>(rest.size(), 255));
    } while (!rest.empty());
  }
  if (strings.empty()) add("");  // RDATA of TXT has at least one string (RFC 1035 section 3.3.14)
  return raw(strings);
}

}  // namespace

std::string unpacked(std::string_view cell) {
  if (!cell.starts_with('x') || cell.size() % 2 != 1) throw std::invalid_argument(std::string(cell));
  std::string octets;
  for (std::size_t i = 1; i < cell.size(); i += 2) {
    unsigned octet = 0;
    const auto end = cell.data() + i + 2;
    if (std::from_chars(cell.data() + i, end, octet, 16).ptr != end)
      throw std::invalid_argument(std::string(cell));
    octets += static_cast<char>(octet);
  }
  return octets;
}

void SpfZone::add(const std::vector<std::string>& cells) {
  Name& entry = names_[name_text(unpacked(cells.at(0)))];
  if (cells.at(1) == "NONE") return;
  if (cells.at(1) == "TIMEOUT") {
    entry.is_silent = true;
  } else {
    entry.records[kTypes.at(cells.at(1))].push_back(rdata_of(cells));
  }
}

ResponseParts SpfZone::reply_of(const std::string& owner, RrType type) const {
  ResponseParts reply;
  std::string at = owner;
  std::set<std::string> seen;
  while (true) {
    const auto entry = names_.find(at);
    if (entry == names_.end()) {
      reply.rcode = kNxDomain;
      reply.authority = {soa_of_root()};
      return reply;
    }
    const std::string shown = seen.empty() ? "@" : at;
    if (const auto found = entry->second.records.find(type); found != entry->second.records.end()) {
      for (const Rdata& rdata : found->second) reply.answer.push_back({shown, type, rdata});
      return reply;
    }
    const auto alias = entry->second.records.find(RrType::kCname);
    if (alias == entry->second.records.end()) {
      reply.authority = {soa_of_root()};
      return reply;
    }
    reply.answer.push_back({shown, RrType::kCname, alias->second.front()});
    if (!seen.insert(at).second) return reply;  // a loop, shown whole
    at = std::get<dns::DomainName>(alias->second.front().front()).lowercased().to_text();
  }
}

std::vector<ScriptedRule> SpfZone::rules() const {
  std::vector<ScriptedRule> rules;
  for (const auto& [owner, entry] : names_) {
    const auto rule_for = [&](std::optional<RrType> type) -> ScriptedRule& {
      ScriptedRule& rule = rules.emplace_back();
      rule.at_or_below = owner;
      rule.only_at = true;
      rule.type = type;
      return rule;
    };
    for (const auto& [text, type] : kTypes) {
      ScriptedRule& rule = rule_for(type);
      if (entry.is_silent && !entry.records.contains(type)) {
        rule.manner = ScriptedManner::kStaysSilent;
      } else {
        rule.reply = reply_of(owner, type);
      }
    }
    rule_for(std::nullopt).reply.authority = {soa_of_root()};
  }
  return rules;
}

std::vector<scanner::SpfReport> examine_all(const net::SocketAddress& server,
                                            const std::vector<SpfQuestion>& questions) {
  net::EventLoop loop;
  net::SystemRandom random;
  resolver::StubResolverOptions options;
  options.servers = {server};
  // Silence is scripted, so it is waited for no longer than a busy machine needs.
  options.timeout = std::chrono::milliseconds(500);
  options.tries = 3;
  net::UvTransport transport(loop, random, {});
  resolver::StubResolver resolver(transport, random, options);
  std::pmr::unsynchronized_pool_resource pool;

  struct Examination {
    std::optional<scanner::ResolverInquiry> inquiry;
    std::optional<scanner::Probe<scanner::SpfReport>> probe;
    std::optional<scanner::SpfReport> report;
  };
  std::deque<Examination> examinations;
  std::size_t open = questions.size();
  const auto look = [&](Examination& examination) {
    if (examination.report || !examination.probe->done()) return;
    examination.report = examination.probe->take();
    if (--open == 0) loop.stop();
  };
  for (const SpfQuestion& question : questions) {
    Examination& examination = examinations.emplace_back();
    examination.inquiry.emplace(pool, resolver, [&look, &examination] { look(examination); });
    examination.probe.emplace(examine_spf(*examination.inquiry, question.domain, question.query));
    examination.probe->start();
    look(examination);
  }
  if (open > 0) loop.run();

  std::vector<scanner::SpfReport> reports;
  for (Examination& examination : examinations) {
    reports.push_back(std::move(examination.report).value());
    examination.probe.reset();  // its frame lies in the pool of the inquiry
  }
  return reports;
}

}  // namespace dauth::testing
