// Each file of conversations/ is one test.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/replay/conversation.h"

namespace dauth::testing {
namespace {

std::vector<std::filesystem::path> conversations() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(DAUTH_CONVERSATIONS)) {
    if (entry.path().extension() == ".replay") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

class Replay : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(Replay, HoldsLineByLine) {
  try {
    run_conversation(GetParam().string());
  } catch (const ConversationError& error) {
    FAIL() << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Conversations, Replay, ::testing::ValuesIn(conversations()), [](const auto& each) {
  std::string name = each.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace dauth::testing
