#include "scanner/list/plain_list.h"

#include "scanner/list/list_name.h"

namespace dauth::scanner {
namespace {

// Where the comment begins, or the end.
std::size_t comment_in(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '#' || text[i] == ';') {
      return i;
    }
  }
  return text.size();
}

// "example.jp;example.com": whoever wrote that meant two names, and the second must not be lost unseen.
bool begins_with_a_name(std::string_view comment) {
  const std::string_view word = comment.substr(0, comment.find_first_of(" \t;#,"));
  const auto name = read_listed_name(word);
  return name && name->label_count() > 1;
}

}  // namespace

std::optional<ListItem> PlainList::accept(const ListLine& line) {
  const std::size_t comment = comment_in(line.text);
  const std::string_view before = line.text.substr(0, comment);
  const std::string_view text = trimmed(before);
  if (text.empty()) return std::nullopt;
  const bool is_glued = comment < line.text.size() && before.back() != ' ' && before.back() != '\t';
  if (is_glued && begins_with_a_name(line.text.substr(comment + 1)))
    return rejected_line(source_, line.number, "several names in a line", line.text);
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
