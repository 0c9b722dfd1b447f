#include "scanner/list/excluded_names.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "scanner/list/list_name.h"
#include "scanner/list/list_reader.h"

namespace dauth::scanner {
namespace {

// What the DNS allows and a list of this kind never means; nothing that exists would be left out.
// `name` is in lower case.
std::optional<std::string_view> misunderstanding(const dns::DomainName& name) {
  for (std::size_t index = 0; const auto label = name.label_from_right(index); ++index) {
    if (*label == "*") return "no wildcard is needed: what stands below a name is left out with it";
    if (*label == "_domainkey" || *label == "_dmarc") {
      return "a domain is left out as a whole or not at all: give the domain that this stands below";
    }
    if (label->find_first_of(",\"") != std::string_view::npos) return "one name a line, without quotes";
  }
  return std::nullopt;
}

// What stands behind a TAB is a remark; a name there would be asked about unseen.
bool is_another_name(std::string_view remark) {
  const auto name = read_listed_name(remark);
  return name && name->label_count() > 1;
}

}  // namespace

Result<ExcludedNames, std::string> ExcludedNames::read(const std::vector<std::string>& paths) {
  ExcludedNames excluded;
  for (const std::string& path : paths) {
    auto reader = ListReader::open(path, ListFormat::kPlain);
    if (!reader) return unexpected(std::move(reader.error().message));
    for (bool more = true; more;) {
      const ListItem item = (*reader)->next();
      if (const auto* entry = std::get_if<ListEntry>(&item)) {
        if (const auto problem = misunderstanding(entry->name)) {
          return unexpected(
              fmt::format("{}:{}: {}: '{}'", path, entry->line, *problem, entry->name.to_text()));
        }
        if (entry->category && is_another_name(*entry->category)) {
          return unexpected(fmt::format("{}:{}: one name a line, without quotes: '{}'", path, entry->line,
                                        *entry->category));
        }
        excluded.add(entry->name);
      } else if (const auto* line = std::get_if<data::RejectedLine>(&item)) {
        return unexpected(fmt::format("{}:{}: {}: '{}'", line->source, line->line, line->reason, line->text));
      } else {
        const auto* error = std::get_if<ListError>(&item);
        if (error != nullptr && error->kind != ListError::Kind::kEmpty) return unexpected(error->message);
        more = false;
      }
    }
  }
  return excluded;
}

bool ExcludedNames::covers(const dns::DomainName& name) const {
  if (names_.empty()) return false;
  for (dns::DomainName each = name; !each.is_root(); each = each.parent()) {
    if (names_.contains(each)) return true;
  }
  return false;
}

}  // namespace dauth::scanner
