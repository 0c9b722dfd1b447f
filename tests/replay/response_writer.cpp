#include "tests/replay/response_writer.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include "resolver/dns/message.h"

namespace dauth::testing {
namespace {

using Octets = std::vector<std::uint8_t>;

void put_u16(Octets& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value & 0xff));
}

void put_u32(Octets& out, std::uint32_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value & 0xffff);
}

void put_name(Octets& out, std::string_view text) {
  const auto name = dns::DomainName::from_text(text);
  if (!name) throw std::invalid_argument("not a name: " + std::string(text));
  out.insert(out.end(), name->wire().begin(), name->wire().end());
}

std::uint32_t number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument("not a number: " + std::string(text));
  }
  return value;
}

void expect_words(const std::vector<std::string>& data, std::size_t count) {
  if (data.size() != count) throw std::invalid_argument("wrong number of words in RDATA");
}

Octets rdata_from(dns::RrType type, const std::vector<std::string>& data) {
  Octets out;
  if (data.size() == 2 && data[0] == "\\#") return octets_from_hex(data[1]);
  switch (type) {
    case dns::RrType::kA: {
      expect_words(data, 1);
      out.resize(4);
      if (inet_pton(AF_INET, data[0].c_str(), out.data()) != 1)
        throw std::invalid_argument("not IPv4: " + data[0]);
      return out;
    }
    case dns::RrType::kNs:
    case dns::RrType::kCname:
    case dns::RrType::kDname:
      expect_words(data, 1);
      put_name(out, data[0]);
      return out;
    case dns::RrType::kMx:
      expect_words(data, 2);
      put_u16(out, number(data[0]));
      put_name(out, data[1]);
      return out;
    case dns::RrType::kSoa:
      expect_words(data, 7);
      put_name(out, data[0]);
      put_name(out, data[1]);
      for (std::size_t index = 2; index < data.size(); ++index) put_u32(out, number(data[index]));
      return out;
    case dns::RrType::kTxt:
    case dns::RrType::kSpf:
      for (const std::string& text : data) {
        if (text.size() > 255) throw std::invalid_argument("a string over 255 octets");
        out.push_back(static_cast<std::uint8_t>(text.size()));
        out.insert(out.end(), text.begin(), text.end());
      }
      return out;
    default:
      throw std::invalid_argument("write RDATA of this type as \\# HEX");
  }
}

}  // namespace

dns::RrType rr_type_from(std::string_view mnemonic) {
  static const std::map<std::string_view, dns::RrType> kTypes{
      {"A", dns::RrType::kA},         {"NS", dns::RrType::kNs},   {"CNAME", dns::RrType::kCname},
      {"SOA", dns::RrType::kSoa},     {"MX", dns::RrType::kMx},   {"TXT", dns::RrType::kTxt},
      {"DNAME", dns::RrType::kDname}, {"SPF", dns::RrType::kSpf},
  };
  const auto found = kTypes.find(mnemonic);
  if (found == kTypes.end()) throw std::invalid_argument("unknown RR type: " + std::string(mnemonic));
  return found->second;
}

std::vector<std::uint8_t> octets_from_hex(std::string_view hex) {
  Octets out;
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    std::uint8_t value = 0;
    const auto pair = hex.substr(at, 2);
    const auto [end, error] = std::from_chars(pair.data(), pair.data() + pair.size(), value, 16);
    if (error != std::errc{} || end != pair.data() + 2) throw std::invalid_argument("not hexadecimal");
    out.push_back(value);
  }
  return out;
}

ResponseWriter::ResponseWriter(std::span<const std::uint8_t> query)
    : header_(query.begin(), query.begin() + dns::kHeaderLength) {
  // The name's octets up to the root label, type and class.
  std::size_t end = dns::kHeaderLength;
  while (query[end] != 0) end += 1u + query[end];
  end += 5;
  question_.assign(query.begin() + dns::kHeaderLength, query.begin() + static_cast<std::ptrdiff_t>(end));
  header_[2] |= 0x80;
  header_[3] = 0x80;
}

void ResponseWriter::set_id(std::uint16_t id) {
  header_[0] = static_cast<std::uint8_t>(id >> 8);
  header_[1] = static_cast<std::uint8_t>(id & 0xff);
}

std::uint16_t ResponseWriter::id() const {
  return static_cast<std::uint16_t>(header_[0] << 8 | header_[1]);
}

void ResponseWriter::set_rcode(std::string_view mnemonic) {
  static const std::map<std::string_view, std::uint8_t> kRcodes{
      {"NOERROR", 0}, {"FORMERR", 1}, {"SERVFAIL", 2}, {"NXDOMAIN", 3}, {"NOTIMP", 4}, {"REFUSED", 5}};
  const auto found = kRcodes.find(mnemonic);
  if (found == kRcodes.end()) throw std::invalid_argument("unknown rcode: " + std::string(mnemonic));
  header_[3] = static_cast<std::uint8_t>((header_[3] & 0xf0) | found->second);
}

void ResponseWriter::set_flag(std::string_view flag) {
  if (flag == "aa") {
    header_[2] |= 0x04;
  } else if (flag == "tc") {
    header_[2] |= 0x02;
  } else if (flag == "-ra") {
    header_[3] &= 0x7f;
  } else if (flag == "-qr") {
    header_[2] &= 0x7f;
  } else {
    throw std::invalid_argument("unknown flag: " + std::string(flag));
  }
}

void ResponseWriter::set_opcode(std::uint8_t opcode) {
  header_[2] = static_cast<std::uint8_t>((header_[2] & 0x87) | (opcode << 3));
}

void ResponseWriter::set_question(const dns::Question& question) {
  question_.assign(question.name.wire().begin(), question.name.wire().end());
  put_u16(question_, static_cast<std::uint16_t>(question.type));
  put_u16(question_, 1);
}

void ResponseWriter::drop_question() {
  question_.clear();
  question_count_ = 0;
}

void ResponseWriter::add(Section section, std::string_view owner, dns::RrType type,
                         const std::vector<std::string>& data) {
  Octets record;
  put_name(record, owner);
  put_u16(record, static_cast<std::uint16_t>(type));
  put_u16(record, 1);
  put_u32(record, 300);
  const Octets rdata = rdata_from(type, data);
  put_u16(record, static_cast<unsigned>(rdata.size()));
  record.insert(record.end(), rdata.begin(), rdata.end());
  add_octets(section, record);
}

void ResponseWriter::add_octets(Section section, std::span<const std::uint8_t> octets) {
  Records& records = sections_[static_cast<std::size_t>(section)];
  ++records.count;
  records.octets.insert(records.octets.end(), octets.begin(), octets.end());
}

std::vector<std::uint8_t> ResponseWriter::octets() const {
  Octets out(header_.begin(), header_.begin() + 4);
  put_u16(out, question_count_);
  for (const Records& records : sections_) put_u16(out, records.count);
  out.insert(out.end(), question_.begin(), question_.end());
  for (const Records& records : sections_)
    out.insert(out.end(), records.octets.begin(), records.octets.end());
  return out;
}

}  // namespace dauth::testing
