// SMTP replies (RFC 5321 section 4.2) out of a stream of hostile octets, and what a reply to EHLO offers.
//
// SmtpReplyReader owns what has arrived of a reply that is not whole yet: kMostReplyOctets at most. Pure: no
// socket, no clock. A line ends with CRLF; a bare LF is taken for one. What is no reply breaks the stream: the
// reader says so once and gives nothing more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::scanner {

struct SmtpReply {
  int code = 0;                    // 200 to 559
  std::vector<std::string> lines;  // the texts behind the codes, any octets but LF; at least one line

  bool is_positive() const { return code / 100 == 2; }
  friend bool operator==(const SmtpReply&, const SmtpReply&) = default;
};

enum class SmtpReplyError : std::uint8_t {
  kNoCode,        // a line without three digits of RFC 5321 section 4.2, or followed by neither SP, "-" nor the end
  kCodeChanges,   // the lines of one reply have different codes (section 4.2.1)
  kLineTooLong,   // more than kMostLineOctets
  kReplyTooLong,  // more than kMostReplyLines
};
std::string_view to_text(SmtpReplyError error);

class SmtpReplyReader {
 public:
  // RFC 5321 section 4.5.3.1.5 allows 512 with CRLF; some servers are more talkative.
  static constexpr std::size_t kMostLineOctets = 2048;  // line end included
  static constexpr std::size_t kMostReplyLines = 100;

  // Takes what has arrived; after an error everything is thrown away.
  void push(std::span<const std::uint8_t> octets);
  // The next whole reply.
  std::optional<SmtpReply> next();
  std::optional<SmtpReplyError> error() const { return error_; }
  // True where octets have come that no reply given by next() held.
  bool has_more() const { return !pending_.empty() || !reply_.lines.empty(); }
  // Octets held.
  std::size_t memory() const;
};

}  // namespace dauth::scanner
