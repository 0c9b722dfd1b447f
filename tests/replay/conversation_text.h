// The text of a conversation: its lines, and the words in them (conversations/README.md).
//
// What cannot be read is a std::invalid_argument that says what it is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/question.h"
#include "resolver/net/socket_address.h"

namespace dauth::testing {

using Words = std::vector<std::string>;

// Split at blanks; "..." is one word, without its quotes. A # begins a comment, except behind a backslash.
Words words_of(const std::string& line);

// A step of the conversation.
struct ConversationLine {
  std::size_t number = 0;  // 1 is the file's first line
  Words words;
  std::vector<Words> body;  // the indented lines that follow
};

class UnreadableLine : public std::invalid_argument {
 public:
  UnreadableLine(std::size_t line, const std::string& what) : std::invalid_argument(what), number(line) {}
  std::size_t number;
};

// All lines but empty ones and comments; UnreadableLine where one has no words or belongs to none.
std::vector<ConversationLine> read_lines(std::istream& text);

std::uint64_t number(const std::string& text);
// "300ms", "5s".
std::chrono::milliseconds duration(const std::string& text);
net::SocketAddress server(const std::string& text);
dns::Question question_from(const std::string& name, const std::string& type);

// "Answer a.example/TXT", "NoData", "NoData via a.example/CNAME", "NxDomain", "Failure timeout".
std::string text_of(const dns::LookupOutcome& outcome);

}  // namespace dauth::testing
