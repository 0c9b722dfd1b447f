#include "data/import_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace dauth::data {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kFieldLength = 1000;  // longer than any of the four can rightly be

struct Record {
  std::uint64_t line = 0;  // where it starts
  std::vector<std::string> fields;
};

// Splits a text into records of fields.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : rest_(text) {}

  // The next record; nothing at the end.
  Result<std::optional<Record>, ImportError> next() {
    skip_empty_lines();
    if (rest_.empty()) return std::nullopt;
    Record record{line_, {}};
    while (true) {
      auto field = take_field();
      if (!field) return unexpected(std::move(field).error());
      record.fields.push_back(std::move(*field));
      if (record.fields.size() > 4) return error("more than four fields");
      if (!take(',')) break;
    }
    if (!rest_.empty() && !take_line_end()) return error("text behind a quoted field");
    return record;
  }

 private:
  tl::unexpected<ImportError> error(std::string_view reason) const {
    return unexpected(ImportError{line_, std::string(reason)});
  }

  void skip_empty_lines() {
    while (take_line_end()) {
    }
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take_line_end() {
    if (rest_.starts_with("\r\n")) {
      rest_.remove_prefix(2);
    } else if (!take('\n')) {
      return false;
    }
    ++line_;
    return true;
  }

  Result<std::string, ImportError> take_field() {
    if (take('"')) return take_quoted();
    const std::size_t length = std::min(rest_.find_first_of(",\n"), rest_.size());
    std::string_view field = rest_.substr(0, length);
    rest_.remove_prefix(length);
    // The CR of a CRLF belongs to the line's end.
    if (field.ends_with('\r') && (rest_.empty() || rest_.front() == '\n')) field.remove_suffix(1);
    if (field.size() > kFieldLength) return error("a field is too long");
    if (field.find('"') != std::string_view::npos) return error("a quote inside a field that is not quoted");
    return std::string(field);
  }

  Result<std::string, ImportError> take_quoted() {
    const std::uint64_t start = line_;
    std::string field;
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"' && !take('"')) return field;
      if (c == '\n') ++line_;
      field += c;
      if (field.size() > kFieldLength) return error("a field is too long");
    }
    return unexpected(ImportError{start, "a quote is not closed"});
  }

  std::string_view rest_;
  std::uint64_t line_ = 1;
};

// What stands in a field, fit for a message.
std::string shown(std::string_view field) {
  constexpr std::size_t kShown = 40;
  std::string text;
  for (const char c : field.substr(0, kShown)) text += c >= ' ' && c <= '~' ? c : '?';
  if (field.size() > kShown) text += "...";
  return text;
}

// A code of `.jp`, TOTAL, or what can be a public suffix ("co.uk"). A code of the user's own is not taken: it
// cannot be told from a slip of the pen.
bool is_known(const Category& category) {
  const std::string& code = category.code();
  if (is_jp_category(code) || category == Category::total()) return true;
  return std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

Result<CountRow, std::string> row_of(const Record& record) {
  if (record.fields.size() != 4)
    return unexpected(fmt::format("{} fields instead of four", record.fields.size()));
  const std::string& count_text = record.fields[3];
  const auto month = Month::from_text(record.fields[0]);
  if (!month) return unexpected(fmt::format("'{}' is no month (YYYY-MM)", shown(record.fields[0])));
  const auto category = Category::from_text(record.fields[1]);
  if (!category || !is_known(*category))
    return unexpected(fmt::format("'{}' is no category", shown(record.fields[1])));
  if (record.fields[2] != kRegisteredMetric && !metric_from_text(record.fields[2])) {
    return unexpected(fmt::format("'{}' is no metric", shown(record.fields[2])));
  }
  std::uint64_t count = 0;
  const char* end = count_text.data() + count_text.size();
  const auto [rest, code] = std::from_chars(count_text.data(), end, count);
  // The database holds signed numbers.
  if (code != std::errc() || rest != end || count > std::uint64_t{INT64_MAX}) {
    return unexpected(fmt::format("'{}' is no count", shown(count_text)));
  }
  return CountRow{*month, *category, record.fields[2], count, std::nullopt};
}

}  // namespace

Result<ImportedCounts, ImportError> parse_counts_csv(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  CsvReader reader(text);

  auto header = reader.next();
  if (!header) return unexpected(std::move(header).error());
  if (!*header || (*header)->fields != std::vector<std::string>{"month", "category", "metric", "count"}) {
    return unexpected(
        ImportError{*header ? (*header)->line : 1, "the header is not month,category,metric,count"});
  }

  ImportedCounts counts;
  std::map<std::tuple<Month, std::string, std::string>, std::uint64_t> lines;
  while (true) {
    auto record = reader.next();
    if (!record) return unexpected(std::move(record).error());
    if (!*record) break;
    auto row = row_of(**record);
    if (!row) return unexpected(ImportError{(*record)->line, std::move(row).error()});
    const auto [earlier, is_new] =
        lines.try_emplace({row->month, row->category.code(), row->metric}, (*record)->line);
    if (!is_new) {
      return unexpected(ImportError{
          (*record)->line, fmt::format("the same month, category and metric as line {}", earlier->second)});
    }
    counts.rows.push_back(std::move(*row));
    counts.lines.push_back((*record)->line);
  }
  if (counts.rows.empty()) return unexpected(ImportError{(*header)->line, "no counts behind the header"});
  return counts;
}

std::vector<ImportError> doubtful_counts(const ImportedCounts& counts) {
  constexpr std::uint64_t kMost = UINT64_MAX;
  std::map<std::tuple<Month, std::string, std::string>, std::uint64_t> count_of;
  std::map<std::pair<Month, std::string>, std::uint64_t> sum_of;  // of the categories, by month and metric
  for (const CountRow& row : counts.rows) {
    count_of[{row.month, row.category.code(), row.metric}] = row.count;
    if (row.category == Category::total()) continue;
    std::uint64_t& sum = sum_of[{row.month, row.metric}];
    sum = row.count > kMost - sum ? kMost : sum + row.count;
  }
  std::vector<ImportError> doubts;
  for (std::size_t i = 0; i < counts.rows.size(); ++i) {
    const CountRow& row = counts.rows[i];
    const auto doubt = [&](const std::string& reason) {
      doubts.push_back({counts.lines[i], fmt::format("{} {} {}: {}", row.month.to_text(), row.category.code(),
                                                     row.metric, reason)});
    };
    const auto above = [&](std::string_view whole) {
      const auto found = count_of.find({row.month, row.category.code(), std::string(whole)});
      if (row.metric != whole && found != count_of.end() && row.count > found->second)
        doubt(fmt::format("{} is more than {} {}", row.count, found->second, whole));
    };
    above(kRegisteredMetric);
    if (row.metric == to_text(Metric::kDomainkeysPolicy)) above(to_text(Metric::kDomainkeysSubdomain));
    if (row.category != Category::total()) continue;
    const auto sum = sum_of.find({row.month, row.metric});
    if (sum != sum_of.end() && row.count < sum->second)
      doubt(fmt::format("{} is less than the sum of its categories, {}", row.count, sum->second));
  }
  return doubts;
}

}  // namespace dauth::data
