// RRs for an evaluation of SPF, as lines: "example.jp TXT v=spf1 -all", "mail.example.jp A 192.0.2.1",
// "example.jp MX 10 mail.example.jp", "b.example.jp TXT NXDOMAIN". Lines of one name and type are one RRset.
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/record/ip_address.h"
#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {

inline scanner::IpAddress address(std::string_view text) {
  return scanner::IpAddress::parse(text).value();
}

inline dns::RrType type_of(const std::string& text) {
  static const std::map<std::string, dns::RrType> kTypes = {{"A", dns::RrType::kA},
                                                            {"AAAA", dns::RrType::kAaaa},
                                                            {"MX", dns::RrType::kMx},
                                                            {"PTR", dns::RrType::kPtr},
                                                            {"TXT", dns::RrType::kTxt}};
  return kTypes.at(text);
}

inline dns::ResourceRecord spf_record(const std::string& owner, dns::RrType type, const std::string& data) {
  switch (type) {
    case dns::RrType::kTxt: {
      std::vector<std::string> strings;
      for (std::size_t at = 0; at == 0 || at < data.size(); at += 255)
        strings.push_back(data.substr(at, 255));
      return text_record(owner, strings);
    }
    case dns::RrType::kMx: {
      const std::size_t space = data.find(' ');
      return mx_record(owner, static_cast<std::uint8_t>(std::stoi(data.substr(0, space))),
                       data.substr(space + 1));
    }
    case dns::RrType::kPtr:
      return name_record(owner, type, data);
    default: {
      const auto octets = scanner::IpAddress::parse(data).value();
      return {name(owner), type, {octets.octets().begin(), octets.octets().end()}};
    }
  }
}

inline ScriptedInquiry::Script spf_script(const std::vector<std::string>& lines) {
  std::map<std::pair<std::string, dns::RrType>, std::vector<dns::ResourceRecord>> sets;
  ScriptedInquiry::Script script;
  for (const std::string& line : lines) {
    std::istringstream in(line);
    std::string owner;
    std::string type;
    in >> owner >> type;
    std::string data;
    std::getline(in >> std::ws, data);
    const std::pair key(owner, type_of(type));
    if (data == "NXDOMAIN") {
      script[key] = name_error();
    } else if (data == "NODATA") {
      script[key] = no_data();
    } else if (data == "TIMEOUT") {
      script[key] = failure();
    } else if (data == "SERVFAIL") {
      script[key] = failure(dns::FailureCause::kServfail);
    } else {
      sets[key].push_back(spf_record(owner, key.second, data));
    }
  }
  for (auto& [key, records] : sets) script[key] = answer(std::move(records));
  return script;
}

}  // namespace dauth::testing
