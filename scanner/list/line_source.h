// LineSource: the lines of a list out of a fixed buffer, without their ends (LF or CRLF) and without a byte
// order mark, and the digest of all octets read.
//
// A line longer than kLongestLine comes cut to its first octets and marked; the rest is passed over without
// being held. A line's text is valid until the next call. Errors are those of the ByteSource.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "resolver/dns/result.h"
#include "scanner/list/byte_source.h"
#include "scanner/list/digest.h"

namespace dauth::scanner {

struct ListLine {
  std::string_view text;
  std::uint64_t number = 0;  // 1 is the first
  bool overlong = false;
};

class LineSource {
 public:
  static constexpr std::size_t kLongestLine = 64 * 1024;
  static constexpr std::size_t kBufferSize = 512 * 1024;

  explicit LineSource(std::unique_ptr<ByteSource> octets);

  // The next line; nothing at the end.
  Result<std::optional<ListLine>, std::string> next();

  // Before the first next(): reads more and returns all of the start that is held, without a byte order mark;
  // it grows with each call until the end of the list or of the buffer.
  struct Start {
    std::string_view text;
    bool complete = false;  // no call will show more
  };
  Result<Start, std::string> read_start();

  std::string fingerprint() const { return digest_.hexadecimal(); }

 private:
  Result<void, std::string> fill();
  void skip_byte_order_mark();
  Result<ListLine, std::string> pass_over_overlong_line();

  std::span<char> buffer() { return {buffer_.get(), kBufferSize}; }

  std::unique_ptr<ByteSource> octets_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;  // of what is held
  std::size_t end_ = 0;
  std::uint64_t line_number_ = 0;
  bool at_end_ = false;
  bool started_ = false;
  Digest digest_;
};

}  // namespace dauth::scanner
