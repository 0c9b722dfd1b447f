#include "tests/support/drill.h"

#include <algorithm>
#include <sstream>

#include "tests/support/child_process.h"

namespace dauth::testing {
namespace {

std::string between(const std::string& text, std::string_view before, std::string_view behind) {
  const std::size_t start = text.find(before);
  if (start == std::string::npos) return {};
  const std::size_t from = start + before.size();
  return text.substr(from, text.find(behind, from) - from);
}

}  // namespace

bool DrillReply::has_flag(std::string_view flag) const {
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

DrillReply drill(std::uint16_t port, std::string_view name, std::string_view type, DrillTransport transport) {
  ProcessOptions options;
  options.arguments = {"drill", "-p", std::to_string(port)};
  if (transport == DrillTransport::kTcp) options.arguments.emplace_back("-t");
  options.arguments.emplace_back(transport == DrillTransport::kUdpIpv6 ? "@::1" : "@127.0.0.1");
  options.arguments.emplace_back(name);
  options.arguments.emplace_back(type);

  DrillReply reply;
  reply.text = run_program(options, std::chrono::seconds(30)).out;
  reply.rcode = between(reply.text, "rcode: ", ",");
  std::istringstream flags(between(reply.text, "flags: ", ";"));
  for (std::string flag; flags >> flag;) reply.flags.push_back(flag);
  std::istringstream answers(between(reply.text, ";; ANSWER SECTION:", "\n\n"));
  for (std::string line; std::getline(answers, line);) {
    if (!line.empty() && line[0] != ';') reply.answers.push_back(line);
  }
  return reply;
}

}  // namespace dauth::testing
