#include "scanner/list/list_reader.h"

#include <array>
#include <utility>

#include "scanner/list/csv_list.h"
#include "scanner/list/line_source.h"
#include "scanner/list/list_format.h"
#include "scanner/list/list_parser.h"
#include "scanner/list/plain_list.h"
#include "scanner/list/zone_list.h"

namespace dauth::scanner {
namespace {

std::unique_ptr<ListParser> make_parser(const DetectedFormat& detected, const std::string& source) {
  switch (detected.format) {
    case ListFormat::kZone:
      return std::make_unique<ZoneList>(source);
    case ListFormat::kCsv:
      return std::make_unique<CsvList>(source, detected.separator);
    case ListFormat::kAuto:
    case ListFormat::kPlain:
      break;
  }
  return std::make_unique<PlainList>(source);
}

}  // namespace

std::string_view to_text(ListFormat format) {
  switch (format) {
    case ListFormat::kAuto:
      return "auto";
    case ListFormat::kPlain:
      return "plain";
    case ListFormat::kZone:
      return "zone";
    case ListFormat::kCsv:
      return "csv";
  }
  return "auto";
}

std::optional<ListFormat> list_format_from_text(std::string_view text) {
  for (const ListFormat format :
       {ListFormat::kAuto, ListFormat::kPlain, ListFormat::kZone, ListFormat::kCsv}) {
    if (text == to_text(format)) return format;
  }
  return std::nullopt;
}

ListReader::ListReader(std::string source, ListFormat format, std::unique_ptr<LineSource> lines,
                       std::unique_ptr<ListParser> parser)
    : source_(std::move(source)), format_(format), lines_(std::move(lines)), parser_(std::move(parser)) {}

ListReader::~ListReader() = default;

Result<std::unique_ptr<ListReader>, ListError> ListReader::open(const std::string& path, ListFormat format,
                                                                StopReading stop) {
  auto octets = open_byte_source(path, std::move(stop));
  if (!octets) return unexpected(list_error(path, octets.error()));
  return from_octets(std::move(*octets), path, format);
}

Result<std::unique_ptr<ListReader>, ListError> ListReader::from_octets(std::unique_ptr<ByteSource> octets,
                                                                       std::string source,
                                                                       ListFormat format) {
  auto text = unpacked(std::move(octets));
  if (!text) return unexpected(list_error(source, text.error()));
  auto lines = std::make_unique<LineSource>(std::move(*text));
  std::optional<DetectedFormat> detected;
  while (!detected) {
    const auto start = lines->read_start();
    if (!start) return unexpected(list_error(source, start.error()));
    if (!start->complete && start->text.size() < kOctetsThatTellText) continue;
    if (const auto problem = problem_of_first_octets(start->text)) {
      return unexpected(list_error(source, *problem));
    }
    detected = detect_list_format(start->text, start->complete, format);
  }
  auto parser = make_parser(*detected, source);
  return std::unique_ptr<ListReader>(
      new ListReader(std::move(source), detected->format, std::move(lines), std::move(parser)));
}

ListItem ListReader::next() {
  while (!ended_) {
    const auto line = lines_->next();
    if (!line) {
      ended_ = list_error(source_, line.error());
      break;
    }
    std::optional<ListItem> item;
    if (!*line) {
      item = finish();
    } else if ((*line)->overlong && format_ != ListFormat::kZone) {
      item = rejected_line(source_, (*line)->number, "line longer than 65,536 octets", (*line)->text);
    } else {
      item = parser_->accept(**line);
    }
    if (!item) continue;
    if (std::holds_alternative<ListError>(*item) || std::holds_alternative<EndOfList>(*item)) {
      ended_ = std::move(*item);
      break;
    }
    something_found_ = true;
    return std::move(*item);
  }
  return *ended_;
}

ListItem ListReader::finish() {
  if (std::optional<ListItem> item = parser_->finish()) return std::move(*item);
  if (!something_found_) {
    ListError error = list_error(source_, parser_->nothing_found());
    error.kind = ListError::Kind::kEmpty;
    return error;
  }
  return EndOfList{};
}

std::string ListReader::fingerprint() const {
  return lines_->fingerprint();
}

}  // namespace dauth::scanner
