// SMTP replies (RFC 5321 section 4.2) out of a stream of hostile octets, and what a reply to EHLO offers.
//
// SmtpReplyReader owns what has arrived of a reply that is not whole yet: at most kMostReplyLines lines,
// beside kMostPending octets. Pure: no socket, no clock. A line ends with CRLF; a bare LF is taken for one.
// What is no reply breaks the stream, at the first octet that cannot be one's, whether or not the line ends:
// the reader says so once and gives nothing more.
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
  kNoCode,  // a line without a code of RFC 5321 section 4.2, or with neither SP, "-" nor the end behind it
  kCodeChanges,   // the lines of one reply have different codes (section 4.2.1)
  kLineTooLong,   // more than kMostLineOctets
  kReplyTooLong,  // more than kMostReplyLines
  kFlood,         // more than kMostPending octets that nobody asked for
  kNoLineEnd,     // the peer stopped within a line; not said by the reader, which waits for its end
};
// "no reply code", "the reply code changes", "line too long", "reply too long", "unasked replies", "no end of
// line".
std::string_view to_text(SmtpReplyError error);

class SmtpReplyReader {
 public:
  // RFC 5321 section 4.5.3.1.5 allows 512; some servers are more talkative. The line's end is counted.
  static constexpr std::size_t kMostLineOctets = 2048;
  static constexpr std::size_t kMostReplyLines = 100;
  static constexpr std::size_t kMostPending = std::size_t{64} * 1024;

  // Takes what has arrived. Call next() until it gives nothing before the next push().
  void push(std::span<const std::uint8_t> octets);
  // The next whole reply.
  std::optional<SmtpReply> next();
  // After an error whatever comes is thrown away.
  std::optional<SmtpReplyError> error() const { return error_; }
  // True where octets have come that no reply given by next() held.
  bool has_more() const { return !pending_.empty() || !reply_.lines.empty(); }
  // True where a line has begun and not ended; once next() has given nothing.
  bool has_open_line() const { return !pending_.empty(); }

 private:
  bool take_line(std::string_view line);
  void break_off(SmtpReplyError error);

  std::string pending_;
  SmtpReply reply_;  // its lines so far
  std::optional<SmtpReplyError> error_;
};

// What EHLO told (RFC 5321 section 4.1.1.1).
struct SmtpOffer {
  // A line may name a thousand; no server has more than a handful.
  static constexpr std::size_t kMostMechanisms = 64;

  std::vector<std::string> capabilities;     // the lines behind the first, as sent
  bool starttls = false;                     // RFC 3207
  bool auth = false;                         // RFC 4954; also where it names no mechanism
  std::vector<std::string> auth_mechanisms;  // in the order sent, letters in upper case, each once

  friend bool operator==(const SmtpOffer&, const SmtpOffer&) = default;
};

// Of a positive reply to EHLO. "AUTH=LOGIN", the form before RFC 2554, counts as well.
SmtpOffer offer_in(const SmtpReply& ehlo);

}  // namespace dauth::scanner
