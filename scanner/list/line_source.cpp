#include "scanner/list/line_source.h"

#include <cstring>
#include <utility>

namespace dauth::scanner {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kShownOfOverlongLine = 256;

std::string_view without_carriage_return(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

LineSource::LineSource(std::unique_ptr<ByteSource> octets)
    : octets_(std::move(octets)), buffer_(std::make_unique_for_overwrite<char[]>(kBufferSize)) {}

// Reads once, moving what is held to the front where that makes room. Sets at_end_ when nothing more comes.
Result<void, std::string> LineSource::fill() {
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::span<char> room = buffer().subspan(end_);
  if (room.empty() || at_end_) return {};
  const auto got = octets_->read(room);
  if (!got) return unexpected(got.error());
  digest_.add(room.first(*got));
  end_ += *got;
  at_end_ = *got == 0;
  return {};
}

void LineSource::skip_byte_order_mark() {
  if (std::exchange(started_, true)) return;
  if (std::string_view(buffer_.get() + begin_, end_ - begin_).starts_with(kByteOrderMark)) {
    begin_ += kByteOrderMark.size();
  }
}

Result<LineSource::Start, std::string> LineSource::read_start() {
  do {
    if (auto filled = fill(); !filled) return unexpected(std::move(filled.error()));
  } while (end_ < kByteOrderMark.size() && !at_end_);
  skip_byte_order_mark();
  return Start{std::string_view(buffer_.get() + begin_, end_ - begin_), at_end_ || end_ == kBufferSize};
}

Result<std::optional<ListLine>, std::string> LineSource::next() {
  if (!started_) {
    if (auto start = read_start(); !start) return unexpected(std::move(start.error()));
  }
  std::size_t searched = 0;
  for (;;) {
    const char* from = buffer_.get() + begin_;
    const std::size_t held = end_ - begin_;
    const void* newline = held > searched ? std::memchr(from + searched, '\n', held - searched) : nullptr;
    if (newline != nullptr) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(newline) - from);
      begin_ += length + 1;
      ++line_number_;
      const std::string_view text = without_carriage_return({from, length});
      if (text.size() <= kLongestLine) return ListLine{text, line_number_, false};
      return ListLine{text.substr(0, kShownOfOverlongLine), line_number_, true};
    }
    if (at_end_) {
      if (held == 0) return std::nullopt;
      begin_ = end_;
      ++line_number_;
      const std::string_view text = without_carriage_return({from, held});
      if (text.size() <= kLongestLine) return ListLine{text, line_number_, false};
      return ListLine{text.substr(0, kShownOfOverlongLine), line_number_, true};
    }
    if (held > kLongestLine + 1) {  // one more for the carriage return
      auto line = pass_over_overlong_line();
      if (!line) return unexpected(std::move(line.error()));
      return *line;
    }
    searched = held;
    if (auto filled = fill(); !filled) return unexpected(std::move(filled.error()));
  }
}

// Keeps the first octets of the line at the front of the buffer and drops what follows up to the newline.
Result<ListLine, std::string> LineSource::pass_over_overlong_line() {
  ++line_number_;
  std::memmove(buffer_.get(), buffer_.get() + begin_, kShownOfOverlongLine);
  begin_ = end_ = kShownOfOverlongLine;
  const ListLine line{{buffer_.get(), kShownOfOverlongLine}, line_number_, true};
  for (;;) {
    const std::span<char> room = buffer().subspan(kShownOfOverlongLine);
    const auto got = octets_->read(room);
    if (!got) return unexpected(got.error());
    digest_.add(room.first(*got));
    if (*got == 0) {
      at_end_ = true;
      return line;
    }
    const void* newline = std::memchr(room.data(), '\n', *got);
    if (newline == nullptr) continue;
    const auto length = static_cast<std::size_t>(static_cast<const char*>(newline) - room.data());
    begin_ = kShownOfOverlongLine + length + 1;
    end_ = kShownOfOverlongLine + *got;
    return line;
  }
}

}  // namespace dauth::scanner
