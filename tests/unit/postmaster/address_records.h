// RRs of addresses and their names, for scripted inquiries.
#pragma once

#include <string>
#include <string_view>

#include "scanner/record/ip_address.h"
#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {

inline scanner::IpAddress ip(std::string_view text) {
  return scanner::IpAddress::parse(text).value();
}

// A or AAAA, as the address is.
inline dns::ResourceRecord address_record(std::string_view owner, std::string_view address) {
  const scanner::IpAddress parsed = ip(address);
  return {name(owner), parsed.rr_type(), {parsed.octets().begin(), parsed.octets().end()}};
}

inline dns::LookupOutcome addresses(std::string_view owner, const std::vector<std::string>& texts) {
  std::vector<dns::ResourceRecord> records;
  for (const std::string& text : texts) records.push_back(address_record(owner, text));
  return answer(std::move(records));
}

inline std::string reverse_of(std::string_view address) {
  return ip(address).reverse_name().to_text();
}

inline dns::LookupOutcome reverse_answer(std::string_view address, const std::vector<std::string>& names) {
  std::vector<dns::ResourceRecord> records;
  for (const std::string& target : names)
    records.push_back(name_record(reverse_of(address), dns::RrType::kPtr, target));
  return answer(std::move(records));
}

inline std::vector<std::string> texts_of(const std::vector<scanner::IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const scanner::IpAddress& address : addresses) texts.push_back(address.to_text());
  return texts;
}

// "yes", "no", "timeout": for comparisons that a person can read.
inline std::string text_of(const scanner::Fact& fact) {
  return std::string(fact.is_unknown() ? data::to_text(fact.cause) : to_text(fact.state));
}

}  // namespace dauth::testing
