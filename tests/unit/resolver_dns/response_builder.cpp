#include "tests/unit/resolver_dns/response_builder.h"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "resolver/dns/classify_response.h"

namespace dauth::testing {
namespace {

void append_u16(Octets& octets, std::uint16_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value & 0xff));
}

class Writer {
 public:
  explicit Writer(Compression compression) : compression_(compression) {}

  void u16(std::uint16_t value) { append_u16(octets, value); }

  // Suffixes that were written before, in the same letter case, are pointed at.
  void write_name(dns::DomainName rest) {
    while (!rest.is_root()) {
      const auto wire = rest.wire();
      const Octets key(wire.begin(), wire.end());
      if (const auto found = written_.find(key);
          compression_ == Compression::kNames && found != written_.end()) {
        u16(static_cast<std::uint16_t>(0xc000 | found->second));
        return;
      }
      if (octets.size() < 0x4000) written_.emplace(key, static_cast<std::uint16_t>(octets.size()));
      octets.insert(octets.end(), wire.begin(), wire.begin() + wire[0] + 1);
      rest = rest.parent();
    }
    octets.push_back(0);
  }

  void write_record(const Record& record) {
    write_name(name(record.owner));
    u16(static_cast<std::uint16_t>(record.type));
    u16(record.rr_class);
    u16(static_cast<std::uint16_t>(record.ttl >> 16));
    u16(static_cast<std::uint16_t>(record.ttl & 0xffff));
    const std::size_t length_at = octets.size();
    u16(0);
    for (const RdataPart& part : record.rdata) {
      if (const auto* plain = std::get_if<Octets>(&part)) {
        octets.insert(octets.end(), plain->begin(), plain->end());
      } else {
        write_name(std::get<dns::DomainName>(part));
      }
    }
    const std::size_t length = octets.size() - length_at - 2;
    if (length > 0xffff) throw std::invalid_argument("RDATA too long");
    put_u16(octets, length_at, record.rdata_length.value_or(static_cast<std::uint16_t>(length)));
  }

  Octets octets;

 private:
  Compression compression_;
  std::map<Octets, std::uint16_t> written_;
};

std::string hex(std::span<const std::uint8_t> octets) {
  std::string text;
  for (const std::uint8_t octet : octets) text += fmt::format("{:02x}", octet);
  return text;
}

// The name at the start of uncompressed wire form, taken off it.
std::string take_name(std::span<const std::uint8_t>& octets) {
  std::size_t end = 0;
  while (end < octets.size() && octets[end] != 0) end += octets[end] + 1U;
  if (end >= octets.size()) return "?";
  const auto taken = dns::DomainName::from_wire(octets.first(end + 1));
  octets = octets.subspan(end + 1);
  return taken ? taken->to_text() : "?";
}

std::string show_strings(std::span<const std::uint8_t> rest) {
  std::string text;
  while (!rest.empty()) {
    const std::size_t length = rest[0];
    if (length >= rest.size()) return text + " ?";
    text += fmt::format("{}\"{}\"", text.empty() ? "" : " ",
                        std::string(reinterpret_cast<const char*>(rest.data()) + 1, length));
    rest = rest.subspan(length + 1);
  }
  return text;
}

std::string show_rdata(const dns::ResourceRecord& record) {
  std::span<const std::uint8_t> rest(record.rdata);
  switch (record.type) {
    case dns::RrType::kTxt:
    case dns::RrType::kSpf:
      return show_strings(rest);
    case dns::RrType::kCname:
    case dns::RrType::kDname:
    case dns::RrType::kNs:
    case dns::RrType::kPtr: {
      const std::string target_name = take_name(rest);
      return target_name + (rest.empty() ? "" : " ?");
    }
    case dns::RrType::kMx: {
      if (rest.size() < 2) return "? " + hex(rest);
      const unsigned preference = rest[0] * 256U + rest[1];
      rest = rest.subspan(2);
      const std::string exchange = take_name(rest);
      return fmt::format("{} {}{}", preference, exchange, rest.empty() ? "" : " ?");
    }
    case dns::RrType::kSoa: {
      const std::string mname = take_name(rest);
      const std::string rname = take_name(rest);
      return fmt::format("{} {} {}", mname, rname, hex(rest));
    }
    default:
      return hex(rest);
  }
}

std::string show_record(const dns::ResourceRecord& record) {
  return fmt::format("{} {} {}", record.owner.to_text(), dns::to_text(record.type), show_rdata(record));
}

enum class Order : std::uint8_t { kAsGiven, kSorted };

std::string show_in(const dns::LookupOutcome& outcome, Order order) {
  std::vector<std::string> chain;
  std::vector<std::string> rrset;
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    for (const auto& record : answer->chain) chain.push_back(show_record(record));
    for (const auto& record : answer->rrset) rrset.push_back(show_record(record));
  } else if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) {
    for (const auto& record : no_data->chain) chain.push_back(show_record(record));
  }
  if (order == Order::kSorted) std::sort(rrset.begin(), rrset.end());
  chain.insert(chain.end(), rrset.begin(), rrset.end());
  return fmt::format("{}{}{}", dns::describe(outcome), chain.empty() ? "" : ": ", fmt::join(chain, "; "));
}

}  // namespace

dns::DomainName name(std::string_view text) {
  auto parsed = dns::DomainName::from_text(text);
  if (!parsed) throw std::invalid_argument(fmt::format("no name: {}", text));
  return *parsed;
}

Octets octets_of(std::string_view text) {
  return {text.begin(), text.end()};
}

Rdata raw(std::string_view octets) {
  return {octets_of(octets)};
}

Rdata target(std::string_view text) {
  return {name(text)};
}

Rdata mx(std::uint16_t preference, std::string_view exchange) {
  Octets octets;
  append_u16(octets, preference);
  return {octets, name(exchange)};
}

Rdata soa(std::string_view mname, std::string_view rname) {
  return {name(mname), name(rname), Octets{0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5}};
}

Rdata txt(std::initializer_list<std::string_view> strings) {
  Octets octets;
  for (const std::string_view string : strings) {
    if (string.size() > 255) throw std::invalid_argument("character-string too long");
    octets.push_back(static_cast<std::uint8_t>(string.size()));
    octets.insert(octets.end(), string.begin(), string.end());
  }
  return {octets};
}

Record opt(std::uint8_t upper_rcode) {
  return {.owner = ".",
          .type = dns::RrType::kOpt,
          .rr_class = 1232,
          .ttl = static_cast<std::uint32_t>(upper_rcode) << 24};
}

dns::Question ResponseParts::question() const {
  return {name(qname), qtype};
}

Octets ResponseParts::octets() const {
  Writer writer(compression);
  writer.u16(id);
  writer.u16(static_cast<std::uint16_t>(flags | rcode));
  writer.u16(questions);
  for (const auto* section : {&answer, &authority, &additional}) {
    writer.u16(static_cast<std::uint16_t>(section->size()));
  }
  for (unsigned i = 0; i < questions; ++i) {
    writer.write_name(name(qname));
    writer.u16(static_cast<std::uint16_t>(qtype));
    writer.u16(qclass);
  }
  for (const auto* section : {&answer, &authority, &additional}) {
    for (const Record& record : *section) writer.write_record(record);
  }
  return writer.octets;
}

void put_u16(Octets& octets, std::size_t at, std::uint16_t value) {
  octets.at(at) = static_cast<std::uint8_t>(value >> 8);
  octets.at(at + 1) = static_cast<std::uint8_t>(value & 0xff);
}

std::string show(const dns::LookupOutcome& outcome) {
  return show_in(outcome, Order::kAsGiven);
}

std::string show_sorted(const dns::LookupOutcome& outcome) {
  return show_in(outcome, Order::kSorted);
}

dns::LookupOutcome classify(const Octets& octets, const dns::Question& question) {
  const auto view = dns::MessageView::over(octets);
  if (!view || !view->answers(question)) throw std::invalid_argument("not an answer to the question");
  return dns::classify_response(*view, question);
}

dns::LookupOutcome classify_unaccepted(const Octets& octets, const dns::Question& question) {
  const auto view = dns::MessageView::over(octets);
  if (!view) throw std::invalid_argument("shorter than a header");
  return dns::classify_response(*view, question);
}

}  // namespace dauth::testing
