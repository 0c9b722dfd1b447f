// The settings of docs/operations.md for Unbound, in Unbound itself: no answer is kept back since it took
// long. As Debian ships it, it sends none that took more than 1.9 seconds, which a survey counts as a
// time-out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/loopback.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unbound_server.h"

namespace dauth::testing {
namespace {

using dns::RrType;

// A server that answers the sixth datagram with a question. Unbound waits 376 ms for the first one at a
// server that it does not know, and then longer each time, together more than 2 s.
std::vector<ScriptedRule> slow_server() {
  return {{.type = RrType::kTxt, .times_each = 5, .manner = ScriptedManner::kStaysSilent},
          {.type = RrType::kTxt,
           .reply = {.flags = kQr | kAa, .answer = {{"@", RrType::kTxt, txt({"v=spf1 -all"})}}}}};
}

// The lines of the page that are no matter of this test's own: interfaces, sizes and the like.
std::vector<std::string> lines_of_page() {
  const std::string page = read_file(DAUTH_SOURCE_DIR "/docs/operations.md");
  const std::size_t begin = page.find("```unbound\nserver:\n") + 19;
  std::istringstream block(page.substr(begin, page.find("```", begin) - begin));
  std::vector<std::string> lines;
  for (std::string line; std::getline(block, line);) {
    const std::size_t text = line.find_first_not_of(' ');
    if (text == std::string::npos || line[text] == '#') continue;
    if (line.find("interface:") == std::string::npos && line.find("access-control:") == std::string::npos)
      lines.push_back(line.substr(text));
  }
  return lines;
}

bool answers_slow_question(const std::vector<std::string>& server_lines) {
  ScriptedServer slow(slow_server());
  UnboundOptions options;
  options.stub_zones = {{.name = "slow.test", .port = slow.address().port()}};
  options.server_lines = server_lines;
  options.server_lines.emplace_back("outbound-msg-retry: 32");
  const UnboundServer unbound(options);
  const auto reply = ask_loopback(unbound.port(), "a.slow.test", 16, 1, std::chrono::seconds(6));
  EXPECT_GE(slow.questions().size(), 6U) << "the server was asked until it answered";
  return reply && reply->size() > 7 && (*reply)[7] == 1;
}

TEST(KeptAnswers, ASlowAnswerComesWithTheSettingsOfThePage) {
  const auto lines = lines_of_page();
  ASSERT_GE(lines.size(), 25U);
  EXPECT_TRUE(answers_slow_question(lines));
}

TEST(KeptAnswers, AndIsKeptBackWithoutThem) {
  // Else this page warns of something that has passed.
  EXPECT_FALSE(answers_slow_question({"discard-timeout: 1900"}));
}

}  // namespace
}  // namespace dauth::testing
