// SPF records: no crash, errors inside the text, and a tree that its own terms make again. Addresses are held
// against the C library's.
#include <arpa/inet.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/record/ip_network.h"
#include "scanner/record/macro_string.h"
#include "scanner/record/spf_record.h"

namespace {

using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_error(const RecordError& error, std::string_view text) {
  require(error.offset <= text.size());
  require(error.section.starts_with("RFC 7208 section "));
  require(!error.reason.empty());
}

void check_tree(const SpfRecord& record, std::string_view text) {
  std::string spaced = "V=SPF1";
  std::size_t behind = 0;
  for (const SpfDirective& directive : record.directives) {
    require(directive.offset > behind && directive.length > 0);
    behind = directive.offset + directive.length;
    require(behind <= text.size());
    const std::string_view term = text.substr(directive.offset, directive.length);
    require(term.find(' ') == std::string_view::npos);
    spaced.append("   ").append(term);
  }
  const auto add_modifier = [&](const SpfModifier& modifier) {
    spaced.append(" ").append(modifier.name).append("=").append(modifier.value.text);
  };
  for (const SpfModifier& modifier : record.unknown_modifiers) add_modifier(modifier);
  if (record.exp) add_modifier(*record.exp);
  if (record.redirect) add_modifier(*record.redirect);

  const auto again = parse_spf(spaced + "  ");
  require(again.has_value());
  require(all_policy(*again) == all_policy(record));
  require(again->directives.size() == record.directives.size());
  for (std::size_t i = 0; i < record.directives.size(); ++i) {
    require(again->directives[i].qualifier == record.directives[i].qualifier);
    require(again->directives[i].mechanism == record.directives[i].mechanism);
  }
  require(again->unknown_modifiers.size() == record.unknown_modifiers.size());
  require(again->redirect.has_value() == record.redirect.has_value());
  require(!record.redirect || again->redirect->value == record.redirect->value);
  require(again->exp.has_value() == record.exp.has_value());
}

// inet_pton() wants a C string, so nothing behind a NUL counts for it.
void check_addresses(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return;
  const std::string terminated(text);
  Ipv4Octets ipv4{};
  const auto ours4 = parse_ipv4_address(text, 0);
  require(ours4.has_value() == (inet_pton(AF_INET, terminated.c_str(), ipv4.data()) == 1));
  require(!ours4 || *ours4 == ipv4);
  Ipv6Octets ipv6{};
  const auto ours6 = parse_ipv6_address(text, 0);
  require(ours6.has_value() == (inet_pton(AF_INET6, terminated.c_str(), ipv6.data()) == 1));
  require(!ours6 || *ours6 == ipv6);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  const std::string_view text(octets);
  const auto record = parse_spf(text);
  if (record) {
    require(is_spf_record(text) && contains_spf_text(text) && !is_sender_id_record(text));
    check_tree(*record, text);
  } else {
    check_error(record.error(), text);
  }
  if (const auto explanation = parse_explain_string(text); !explanation)
    check_error(explanation.error(), text);
  const std::size_t colon = text.find(':');
  check_addresses(colon == std::string_view::npos ? text : text.substr(colon + 1));
  return 0;
}
