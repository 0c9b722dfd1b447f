#include "tests/replay/conversation.h"

#include <fstream>
#include <vector>

#include "tests/replay/conversation_run.h"
#include "tests/replay/conversation_text.h"

namespace dauth::testing {
namespace {

std::string at_line(const std::string& path, std::size_t number, const std::exception& error) {
  return path + ":" + std::to_string(number) + ": " + error.what();
}

std::vector<ConversationLine> lines_of(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw ConversationError(path + ": cannot be read");
  try {
    return read_lines(file);
  } catch (const UnreadableLine& error) {
    throw ConversationError(at_line(path, error.number, error));
  }
}

}  // namespace

void run_conversation(const std::string& path) {
  const std::vector<ConversationLine> lines = lines_of(path);
  ConversationRun run;
  std::size_t at = 0;
  try {
    for (const ConversationLine& line : lines) {
      at = line.number;
      run.step(line.words, line.body);
    }
    run.finish();
  } catch (const std::exception& error) {
    throw ConversationError(at_line(path, at, error));
  }
}

}  // namespace dauth::testing
