// Messages that another project's fuzzer found worth keeping, under DAUTH_DATA, which is not part of the
// repository: each is judged, whatever it is, and never read past its end.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "resolver/dns/classify_response.h"
#include "tests/unit/resolver_dns/corpus_files.h"
#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::dns {
namespace {

using namespace dauth::testing;

// The question in the packet, where an uncompressed one stands there, and some of our own.
std::vector<Question> questions_for(const Octets& packet) {
  std::vector<Question> questions = {
      {name("example.jp"), RrType::kTxt}, {name("www.google.com"), RrType::kA}, {DomainName(), RrType::kSoa}};
  std::size_t end = 12;
  while (end < packet.size() && packet[end] != 0) end += packet[end] + 1U;
  if (end + 3 > packet.size()) return questions;
  const auto asked = DomainName::from_wire(std::span(packet).subspan(12, end - 11));
  if (!asked) return questions;
  const auto type = static_cast<RrType>((packet[end + 1] << 8) | packet[end + 2]);
  for (const RrType each : {type, RrType::kTxt, RrType::kMx, RrType::kA, RrType::kSoa}) {
    questions.push_back({*asked, each});
  }
  return questions;
}

TEST(StoredPackets, AreJudged) {
  const auto packets = stored_packets();
  if (packets.empty()) GTEST_SKIP() << "NOT TESTED: DAUTH_DATA does not name the folder of stored packets";
  std::map<std::string, int> outcomes;
  int accepted = 0;
  for (const auto& [file, octets] : packets) {
    const Octets packet = octets_of(octets);
    const auto view = MessageView::over(packet);
    if (!view) {
      ++outcomes["shorter than a header"];
      continue;
    }
    for (const Question& question : questions_for(packet)) {
      accepted += view->answers(question) ? 1 : 0;
      const auto outcome = classify_response(*view, question);
      ++outcomes[describe(outcome)];
      if (const auto* answer = std::get_if<Answer>(&outcome)) {
        EXPECT_FALSE(answer->rrset.empty()) << file;
        for (const auto& record : answer->rrset) EXPECT_EQ(record.type, question.type) << file;
      }
      // Cut anywhere, the message is never an answer or an absence that the whole one is not.
      for (std::size_t length = 12; length < packet.size(); length += 1 + packet.size() / 300) {
        const Octets cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length));
        const std::string judged = show(classify_unaccepted(cut, question));
        if (!judged.starts_with("Failure")) {
          EXPECT_EQ(judged, show(outcome)) << file << " at " << length;
        }
      }
    }
  }
  for (const auto& [outcome, count] : outcomes) std::printf("%6d %s\n", count, outcome.c_str());
  // The folder is what it was when this was written: answers and failures both occur.
  EXPECT_GT(accepted, 0);
  EXPECT_GT(outcomes["Answer"], 0);
  EXPECT_GT(outcomes["Failure (malformed)"], 0);
}

}  // namespace
}  // namespace dauth::dns
