#include "data/answer_text.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <optional>
#include <span>

#include "resolver/dns/ascii_case.h"

namespace dauth::data {
namespace {

using dns::DomainName;
using dns::ResourceRecord;
using dns::RrType;
using Octets = std::vector<std::uint8_t>;

constexpr std::array kKnownTypes = {RrType::kA,   RrType::kNs,    RrType::kCname, RrType::kSoa,
                                    RrType::kPtr, RrType::kMx,    RrType::kTxt,   RrType::kAaaa,
                                    RrType::kSrv, RrType::kDname, RrType::kOpt,   RrType::kSpf};

bool is_alias(RrType type) {
  return type == RrType::kCname || type == RrType::kDname;
}

bool is_plain(std::uint8_t octet) {
  return (octet >= 'a' && octet <= 'z') || (octet >= '0' && octet <= '9') || octet == '-' || octet == '_' ||
         octet == '*';
}

// "@", "mail.@", "mail.example.net.", ".": straight from wire form, since every answer of the survey comes
// here.
void append_name(std::string& out, std::span<const std::uint8_t> name, const DomainName& domain) {
  std::size_t end = name.size() - 1;  // of the labels to write
  const bool may_be_below = !domain.is_root() && domain.wire_length() <= name.size();
  bool is_below = false;
  if (may_be_below) {
    const std::size_t prefix = name.size() - domain.wire_length();
    std::size_t at = 0;
    while (at < prefix) at += name[at] + std::size_t{1};
    is_below = at == prefix && dns::equal_without_case(name.subspan(prefix), domain.wire());
    if (is_below) end = prefix;
  }
  // Each octet becomes at most four.
  std::array<char, 4 * DomainName::kMaxWireLength + 1> text;
  char* to = text.data();
  for (std::size_t at = 0; at < end;) {
    const std::size_t label_end = at + name[at] + 1;
    for (++at; at < label_end; ++at) {
      const std::uint8_t octet = dns::to_lower(name[at]);
      if (is_plain(octet)) {
        *to++ = static_cast<char>(octet);
      } else {
        to = fmt::format_to(to, "\\{:03}", octet);
      }
    }
    *to++ = '.';
  }
  if (is_below) {
    *to++ = '@';
  } else if (name.size() == 1) {
    *to++ = '.';
  }
  out.append(text.data(), to);
}

std::optional<DomainName> read_name(std::string_view text, const DomainName& domain) {
  if (text == "@") return domain;
  if (text.ends_with(".@")) {
    std::string absolute(text.substr(0, text.size() - 1));
    absolute += domain.to_text();
    auto name = DomainName::from_text(absolute);
    return name ? std::optional(std::move(*name)) : std::nullopt;
  }
  if (!text.ends_with('.')) return std::nullopt;
  auto name = DomainName::from_text(text);
  return name ? std::optional(std::move(*name)) : std::nullopt;
}

// Printable ASCII but for the backslash as it is, anything else as \DDD.
void append_escaped(std::string& out, std::string_view octets) {
  for (const char c : octets) {
    if (c >= ' ' && c <= '~' && c != '\\') {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "\\{:03}", static_cast<unsigned char>(c));
    }
  }
}

std::optional<std::string> read_escaped(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      octets += text[at];
      continue;
    }
    unsigned value = 256;
    if (at + 3 >= text.size()) return std::nullopt;
    const char* digits = text.data() + at + 1;
    if (std::from_chars(digits, digits + 3, value).ptr != digits + 3 || value > 255) return std::nullopt;
    octets += static_cast<char>(value);
    at += 3;
  }
  return octets;
}

// The octets as character-strings: as few as can be (RFC 1035 section 3.3.14).
Octets character_strings(std::string_view octets) {
  constexpr std::size_t kLongest = 255;
  Octets rdata;
  rdata.reserve(octets.size() + octets.size() / kLongest + 1);
  do {
    const std::string_view part = octets.substr(0, kLongest);
    rdata.push_back(static_cast<std::uint8_t>(part.size()));
    rdata.insert(rdata.end(), part.begin(), part.end());
    octets.remove_prefix(part.size());
  } while (!octets.empty());
  return rdata;
}

// The preference and the exchange of an MX RR.
constexpr std::size_t kPreferenceLength = 2;
bool is_mail_exchange(const Octets& rdata) {
  return rdata.size() > kPreferenceLength &&
         DomainName::is_wire_form(std::span(rdata).subspan(kPreferenceLength));
}
unsigned preference_of(const Octets& rdata) {
  return static_cast<unsigned>(rdata[0]) << 8 | rdata[1];
}

void append_generic(std::string& out, const Octets& rdata) {
  fmt::format_to(std::back_inserter(out), "\\# {} {:02x}", rdata.size(), fmt::join(rdata, ""));
}

std::optional<Octets> read_generic(std::string_view text) {
  std::size_t length = 0;
  text.remove_prefix(3);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  if (text.size() != 2 * length) return std::nullopt;
  Octets rdata(length);
  for (std::size_t i = 0; i < length; ++i) {
    const char* digits = text.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, rdata[i], 16).ptr != digits + 2) return std::nullopt;
  }
  return rdata;
}

// The family of an address RR whose RDATA has its length, or AF_UNSPEC.
int family_of(RrType type, std::size_t length) {
  if (type == RrType::kA && length == sizeof(in_addr)) return AF_INET;
  if (type == RrType::kAaaa && length == sizeof(in6_addr)) return AF_INET6;
  return AF_UNSPEC;
}

void append_address(std::string& out, int family, const Octets& rdata) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  out += inet_ntop(family, rdata.data(), text.data(), text.size());
}

std::optional<Octets> read_address(RrType type, std::string_view text) {
  Octets rdata(type == RrType::kA ? sizeof(in_addr) : sizeof(in6_addr));
  const int family = type == RrType::kA ? AF_INET : AF_INET6;
  return inet_pton(family, std::string(text).c_str(), rdata.data()) == 1 ? std::optional(std::move(rdata))
                                                                         : std::nullopt;
}

void append_rdata(std::string& out, const ResourceRecord& record, const DomainName& domain) {
  const std::span<const std::uint8_t> rdata(record.rdata);
  if (record.type == RrType::kMx && is_mail_exchange(record.rdata)) {
    out += fmt::format_int(preference_of(record.rdata)).c_str();
    out += ' ';
    append_name(out, rdata.subspan(kPreferenceLength), domain);
  } else if (is_alias(record.type) && DomainName::is_wire_form(rdata)) {
    append_name(out, rdata, domain);
  } else if (const int family = family_of(record.type, rdata.size()); family != AF_UNSPEC) {
    append_address(out, family, record.rdata);
  } else {
    append_generic(out, record.rdata);
  }
}

std::optional<Octets> read_mail_exchange(std::string_view text, const DomainName& domain) {
  std::uint16_t preference = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), preference);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return std::nullopt;
  const auto exchange = read_name(text.substr(static_cast<std::size_t>(end - text.data()) + 1), domain);
  if (!exchange) return std::nullopt;
  Octets rdata = {static_cast<std::uint8_t>(preference >> 8), static_cast<std::uint8_t>(preference & 0xff)};
  rdata.insert(rdata.end(), exchange->wire().begin(), exchange->wire().end());
  return rdata;
}

std::optional<Octets> read_rdata(RrType type, std::string_view text, const DomainName& domain) {
  if (dns::has_character_strings(type)) {
    const auto octets = read_escaped(text);
    if (!octets) return std::nullopt;
    return character_strings(*octets);
  }
  if (text.starts_with("\\# ")) return read_generic(text);
  if (type == RrType::kMx) return read_mail_exchange(text, domain);
  if (type == RrType::kA || type == RrType::kAaaa) return read_address(type, text);
  if (is_alias(type)) {
    const auto target = read_name(text, domain);
    if (target) return Octets(target->wire().begin(), target->wire().end());
  }
  return std::nullopt;
}

// Owner and type.
std::string head_of(const ResourceRecord& record, const AnswerNames& names) {
  std::string text;
  if (record.owner != names.qname) {
    append_name(text, record.owner.wire(), names.domain);
    text += ' ';
  }
  text += dns::to_text(record.type);
  text += ' ';
  return text;
}

}  // namespace

std::string record_text(const ResourceRecord& record, const AnswerNames& names) {
  if (dns::has_character_strings(record.type))
    return text_record_text(record, dns::join_character_strings(record.rdata), names);
  std::string text = head_of(record, names);
  append_rdata(text, record, names.domain);
  return text;
}

std::string text_record_text(const ResourceRecord& record, std::string_view joined,
                             const AnswerNames& names) {
  std::string text = head_of(record, names);
  text.reserve(text.size() + joined.size());
  append_escaped(text, joined);
  return text;
}

Result<ResourceRecord, std::string> read_record(std::string_view line, const AnswerNames& names) {
  const auto refuse = [&] { return unexpected(fmt::format("'{}' is no RR", line)); };
  ResourceRecord record{names.qname, RrType::kA, {}};
  std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return refuse();
  if (const char last = blank == 0 ? ' ' : line[blank - 1]; last == '.' || last == '@') {
    auto owner = read_name(line.substr(0, blank), names.domain);
    if (!owner) return refuse();
    record.owner = std::move(*owner);
    line.remove_prefix(blank + 1);
    blank = line.find(' ');
    if (blank == std::string_view::npos) return refuse();
  }
  const auto type = rr_type_from_text(line.substr(0, blank));
  if (!type) return refuse();
  auto rdata = read_rdata(*type, line.substr(blank + 1), names.domain);
  if (!rdata) return refuse();
  record.type = *type;
  record.rdata = std::move(*rdata);
  return record;
}

std::string rdata_for_reader(const ResourceRecord& record) {
  if (dns::has_character_strings(record.type)) return dns::join_character_strings(record.rdata);
  if (record.type == RrType::kMx && is_mail_exchange(record.rdata)) {
    const auto exchange = DomainName::from_wire(std::span(record.rdata).subspan(kPreferenceLength));
    return fmt::format("{} {}", preference_of(record.rdata), exchange->to_text());
  }
  if (is_alias(record.type)) {
    if (const auto target = DomainName::from_wire(record.rdata)) return target->to_text();
  }
  std::string text;
  if (const int family = family_of(record.type, record.rdata.size()); family != AF_UNSPEC) {
    append_address(text, family, record.rdata);
  } else {
    append_generic(text, record.rdata);
  }
  return text;
}

Result<RrType, std::string> rr_type_from_text(std::string_view text) {
  for (const RrType type : kKnownTypes) {
    if (dns::to_text(type) == text) return type;
  }
  constexpr std::string_view kGeneric = "TYPE";
  std::uint16_t number = 0;
  if (text.starts_with(kGeneric)) {
    const std::string_view digits = text.substr(kGeneric.size());
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size()) return static_cast<RrType>(number);
  }
  return unexpected(fmt::format("'{}' is no RR type", text));
}

}  // namespace dauth::data
