#include "scanner/postmaster/dkim_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scanner/postmaster/outcome_facts.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;

std::optional<DomainName> key_name(const DomainName& domain, const DomainName& selector) {
  auto name = domain.child("_domainkey");
  for (std::size_t i = 0; name && i < selector.label_count(); ++i) {
    name = name->child(*selector.label_from_right(i));
  }
  return name;
}

}  // namespace

Result<DomainName, std::string> parse_selector(std::string_view text) {
  const auto offending = std::find_if_not(text.begin(), text.end(), [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
  });
  if (offending != text.end()) {
    return unexpected(
        fmt::format("octet {} is no letter, digit, hyphen, underscore or dot", offending - text.begin() + 1));
  }
  if (text.ends_with('.')) return unexpected(std::string("a dot at the end"));
  auto name = DomainName::from_text(text);
  if (!name) return unexpected(std::string(dns::to_text(name.error())));
  return std::move(*name);
}

Probe<DkimKey> look_up_dkim_key(Inquiry& inquiry, DomainName domain, DomainName selector) {
  DkimKey key{std::move(selector)};
  key.owner = key_name(domain, key.selector);
  const dns::LookupOutcome& outcome = co_await inquiry.ask(key.owner, dns::RrType::kTxt);
  key.is_published = has_records(outcome);
  key.exists = key.is_published.is_unknown()
                   ? key.is_published
                   : Fact::from_bool(!std::holds_alternative<dns::NxDomain>(outcome));
  key.is_alias = is_alias(outcome);
  key.canonical_name = canonical_name(outcome);
  std::vector<std::string> texts = text_records(outcome);
  std::sort(texts.begin(), texts.end());
  for (std::string& text : texts) {
    auto record = parse_dkim_key(text);
    key.records.push_back({std::move(text), std::move(record)});
  }
  key.is_usable = key.is_published.is_unknown()
                      ? key.is_published
                      : Fact::from_bool(key.records.size() == 1 && key.records.front().record.has_value() &&
                                        key.records.front().record->is_usable());
  co_return key;
}

}  // namespace dauth::scanner
