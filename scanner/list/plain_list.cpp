#include "scanner/list/plain_list.h"

#include "scanner/list/list_name.h"

namespace dauth::scanner {
namespace {

std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '#' || text[i] == ';') {
      return text.substr(0, i);
    }
  }
  return text;
}

}  // namespace

std::optional<ListItem> PlainList::accept(const ListLine& line) {
  const std::string_view text = trimmed(without_comment(line.text));
  if (text.empty()) return std::nullopt;
  const std::size_t tab = text.find('\t');
  Result<dns::DomainName, std::string> name = read_listed_name(trimmed(text.substr(0, tab)));
  if (!name) return rejected_line(source_, line.number, std::move(name.error()), line.text);

  std::optional<ListItem> item(std::in_place, std::in_place_type<ListEntry>);
  auto& entry = std::get<ListEntry>(*item);
  entry.name = std::move(*name);
  entry.line = line.number;
  if (tab != std::string_view::npos) {
    const std::string_view columns = text.substr(tab + 1);
    const std::string_view category = trimmed(columns.substr(0, columns.find('\t')));
    if (!category.empty()) entry.category.emplace(category);
  }
  return item;
}

}  // namespace dauth::scanner
