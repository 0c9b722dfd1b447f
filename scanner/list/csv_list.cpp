#include "scanner/list/csv_list.h"

#include <algorithm>
#include <array>

#include "scanner/list/list_name.h"

namespace dauth::scanner {
namespace {

constexpr std::array<std::string_view, 11> kNameHeaders = {
    "domain", "domain_name", "domainname", "domain name", "fqdn", "hostname",
    "host",   "name",        "site",       "origin",      "url"};

bool equals_without_case(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
  });
}

std::optional<std::size_t> column_named(const std::vector<std::string>& fields, std::string_view header) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (equals_without_case(trimmed(fields[i]), header)) return i;
  }
  return std::nullopt;
}

// The column of the names in a row without a header: the first that holds a name with a dot.
std::optional<std::size_t> column_of_name(const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto name = read_listed_name(trimmed(fields[i]));
    if (name && name->label_count() > 1) return i;
  }
  return std::nullopt;
}

}  // namespace

bool split_csv(std::string_view text, char separator, std::vector<std::string>& fields) {
  std::size_t count = 0;
  const auto new_field = [&]() -> std::string& {
    if (count == fields.size()) fields.emplace_back();
    std::string& field = fields[count++];
    field.clear();
    return field;
  };
  bool closed = true;
  for (std::size_t at = 0; closed;) {
    std::string& field = new_field();
    std::size_t quote = at;
    while (quote < text.size() && text[quote] == ' ') ++quote;
    if (quote < text.size() && text[quote] == '"') {
      closed = false;
      for (at = quote + 1; at < text.size(); ++at) {
        if (text[at] != '"') {
          field += text[at];
        } else if (at + 1 < text.size() && text[at + 1] == '"') {
          field += text[at++];
        } else {
          closed = true;
          ++at;
          break;
        }
      }
    }
    // Of a field that is not quoted, all; of a quoted one, what wrongly stands behind its closing quote.
    const std::size_t end = std::min(text.find(separator, std::min(at, text.size())), text.size());
    if (at < end) field += text.substr(at, end - at);
    if (end >= text.size()) break;
    at = end + 1;
  }
  fields.resize(count);
  return closed;
}

std::optional<CsvHeader> read_csv_header(const std::vector<std::string>& fields) {
  for (const std::string_view header : kNameHeaders) {
    if (const auto column = column_named(fields, header)) {
      return CsvHeader{*column, column_named(fields, "category")};
    }
  }
  return std::nullopt;
}

std::optional<ListItem> CsvList::accept(const ListLine& line) {
  const std::string_view text = trimmed(line.text);
  if (text.empty() || text.starts_with('#')) return std::nullopt;
  if (!split_csv(line.text, separator_, fields_)) {
    return rejected_line(source_, line.number, "a quoted field does not end on its line", line.text);
  }
  if (!columns_) {
    columns_ = read_csv_header(fields_);
    if (columns_) return std::nullopt;
    if (const auto column = column_of_name(fields_)) {
      columns_ = CsvHeader{*column, std::nullopt};
    } else {
      return rejected_line(source_, line.number, "no column holds a name", line.text);
    }
  }
  if (columns_->name_column >= fields_.size()) {
    return rejected_line(source_, line.number, "too few columns", line.text);
  }
  Result<dns::DomainName, std::string> name = read_listed_name(trimmed(fields_[columns_->name_column]));
  if (!name) return rejected_line(source_, line.number, std::move(name.error()), line.text);

  std::optional<ListItem> item(std::in_place, std::in_place_type<ListEntry>);
  auto& entry = std::get<ListEntry>(*item);
  entry.name = std::move(*name);
  entry.line = line.number;
  if (columns_->category_column && *columns_->category_column < fields_.size()) {
    const std::string_view category = trimmed(fields_[*columns_->category_column]);
    if (!category.empty()) entry.category.emplace(category);
  }
  return item;
}

}  // namespace dauth::scanner
