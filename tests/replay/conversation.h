// Conversation: runs one *.replay file against the real stub resolver. conversations/README.md tells the
// form.
//
// The first line that does not hold, or cannot be read, ends the run as a ConversationError with its line
// number.
#pragma once

#include <stdexcept>
#include <string>

namespace dauth::testing {

class ConversationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void run_conversation(const std::string& path);

}  // namespace dauth::testing
