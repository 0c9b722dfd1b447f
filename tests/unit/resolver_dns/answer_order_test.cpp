// The order of an answer section decides nothing, whatever stands there: RRsets, chains, contradictions,
// loops and RRs of other names, drawn from a seed out of few names so that they meet.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "resolver/dns/lookup_outcome.h"
#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::testing {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : generator_(seed) {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(generator_() % bound); }
  std::string name() {
    static const std::vector<std::string> kNames{"x.a.jp", "X.A.jp", "a.jp",   "b.jp",    "x.b.jp",
                                                 "c.b.jp", "jp",     "x.c.jp", "x.c.B.jp"};
    return kNames[below(kNames.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 generator_;
};

Record draw_record(Draw& draw) {
  const std::string owner = draw.below(2) == 0 ? "x.a.jp" : draw.name();
  switch (draw.below(4)) {
    case 0:
      return {.owner = owner, .rdata = txt({draw.below(2) == 0 ? "one" : "other"})};
    case 1:
      return {.owner = draw.name(), .type = dns::RrType::kDname, .rdata = target(draw.name())};
    default:
      return {.owner = owner, .type = dns::RrType::kCname, .rdata = target(draw.name())};
  }
}

// The outcome with its RRs in lower case and in an order of its own: which of two RRs that differ in letter
// case alone is the one that is kept may depend on the message.
std::multiset<std::string> said(const dns::LookupOutcome& outcome) {
  std::string text = show(outcome);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  std::multiset<std::string> parts;
  std::size_t at = 0;
  for (std::size_t end = 0; end != std::string::npos; at = end + 2) {
    end = text.find_first_of(":;", at);
    parts.insert(text.substr(at, end - at));
  }
  return parts;
}

TEST(AnswerOrder, DecidesNothing) {
  std::map<std::string, int> kinds;
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    Draw draw(seed);
    ResponseParts parts{.qname = "x.a.jp"};
    parts.rcode = draw.below(4) == 0 ? kNxDomain : 0;
    if (draw.below(4) == 0) parts.flags = kQr | kRd;
    for (std::size_t i = 1 + draw.below(6); i > 0; --i) parts.answer.push_back(draw_record(draw));
    if (draw.below(2) == 0) parts.answer.push_back(parts.answer.front());
    const dns::LookupOutcome first = classify(parts.octets(), parts.question());
    ++kinds[dns::describe(first)];
    for (int again = 0; again < 4; ++again) {
      draw.shuffle(parts.answer);
      ASSERT_EQ(said(classify(parts.octets(), parts.question())), said(first)) << "seed " << seed;
    }
  }
  for (const char* kind : {"Answer", "NoData", "NxDomain", "Failure (malformed)", "Failure (cname_loop)",
                           "Failure (unfinished_chain)"}) {
    EXPECT_GT(kinds[kind], 100) << kind;
  }
}

}  // namespace
}  // namespace dauth::testing
