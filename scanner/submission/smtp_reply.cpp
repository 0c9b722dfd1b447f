#include "scanner/submission/smtp_reply.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner {
namespace {

constexpr std::size_t kCodeDigits = 3;

bool is_between(char c, char first, char last) {
  return c >= first && c <= last;
}

// RFC 5321 section 4.2: Reply-code = %x32-35 %x30-35 %x30-39.
std::optional<int> code_of(std::string_view line) {
  if (line.size() < kCodeDigits || !is_between(line[0], '2', '5') || !is_between(line[1], '0', '5') ||
      !is_between(line[2], '0', '9')) {
    return std::nullopt;
  }
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// Whether a line can begin so: the code as far as it has come, then SP or "-", or the line's end.
bool may_begin_line(std::string_view begun) {
  constexpr std::string_view kLowestCode = "200 ";
  std::string line(begun.substr(0, kCodeDigits + 1));
  if (line.size() > kCodeDigits && std::string_view(" -\r").find(line.back()) == std::string_view::npos)
    return false;
  line += kLowestCode.substr(std::min(line.size(), kLowestCode.size()));
  return code_of(line).has_value();
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (is_between(c, 'a', 'z')) c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

// The words of `text`, which blanks part.
template <class Taker>
void each_word(std::string_view text, Taker&& take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    if (end > 0) take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string_view to_text(SmtpReplyError error) {
  switch (error) {
    case SmtpReplyError::kNoCode:
      return "no reply code";
    case SmtpReplyError::kCodeChanges:
      return "the reply code changes";
    case SmtpReplyError::kLineTooLong:
      return "line too long";
    case SmtpReplyError::kReplyTooLong:
      return "reply too long";
    case SmtpReplyError::kFlood:
      return "unasked replies";
    case SmtpReplyError::kNoLineEnd:
      return "no end of line";
  }
  return "";
}

void SmtpReplyReader::push(std::span<const std::uint8_t> octets) {
  if (error_) return;
  if (octets.size() > kMostPending - pending_.size()) return break_off(SmtpReplyError::kFlood);
  pending_.append(octets.begin(), octets.end());
}

std::optional<SmtpReply> SmtpReplyReader::next() {
  std::size_t at = 0;
  std::optional<SmtpReply> whole;
  while (!error_ && !whole) {
    const std::string_view rest = std::string_view(pending_).substr(at);
    const std::size_t line_feed = rest.find('\n');
    if (std::min(line_feed, rest.size()) >= kMostLineOctets) {
      break_off(SmtpReplyError::kLineTooLong);
    } else if (line_feed == std::string_view::npos) {
      if (!may_begin_line(rest)) break_off(SmtpReplyError::kNoCode);
      break;
    } else {
      std::string_view line = rest.substr(0, line_feed);
      if (line.ends_with('\r')) line.remove_suffix(1);
      at += line_feed + 1;
      if (take_line(line)) whole = std::exchange(reply_, {});
    }
  }
  // After an error nothing is pending.
  pending_.erase(0, std::min(at, pending_.size()));
  return whole;
}

// True where the line ends its reply.
bool SmtpReplyReader::take_line(std::string_view line) {
  const auto code = code_of(line);
  const char behind = line.size() > kCodeDigits ? line[kCodeDigits] : ' ';
  bool ends = false;
  if (!code || (behind != ' ' && behind != '-')) {
    break_off(SmtpReplyError::kNoCode);
  } else if (!reply_.lines.empty() && reply_.code != *code) {
    break_off(SmtpReplyError::kCodeChanges);
  } else if (reply_.lines.size() == kMostReplyLines) {
    break_off(SmtpReplyError::kReplyTooLong);
  } else {
    reply_.code = *code;
    reply_.lines.emplace_back(line.substr(std::min(kCodeDigits + 1, line.size())));
    ends = behind == ' ';
  }
  return ends;
}

void SmtpReplyReader::break_off(SmtpReplyError error) {
  error_ = error;
  pending_.clear();
  reply_ = {};
}

SmtpOffer offer_in(const SmtpReply& ehlo) {
  SmtpOffer offer;
  for (std::size_t i = 1; i < ehlo.lines.size(); ++i) {
    const std::string& line = ehlo.lines[i];
    offer.capabilities.push_back(line);
    const std::string text = upper(line);
    const std::size_t end = std::min(text.find_first_of(" \t="), text.size());
    const std::string_view keyword = std::string_view(text).substr(0, end);
    const bool is_old_form = end < text.size() && text[end] == '=';
    if (keyword == "STARTTLS" && !is_old_form) offer.starttls = true;
    if (keyword != "AUTH") continue;
    offer.auth = true;
    each_word(std::string_view(text).substr(std::min(end + 1, text.size())), [&](std::string_view mechanism) {
      std::vector<std::string>& known = offer.auth_mechanisms;
      const bool is_new = std::find(known.begin(), known.end(), mechanism) == known.end();
      if (is_new && known.size() < SmtpOffer::kMostMechanisms) known.emplace_back(mechanism);
    });
  }
  return offer;
}

}  // namespace dauth::scanner
