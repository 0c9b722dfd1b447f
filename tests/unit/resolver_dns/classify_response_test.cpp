// What a response means: each outcome and each cause of failure, from whole messages.
#include "resolver/dns/classify_response.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/resolver_dns/sample_responses.h"

namespace dauth::dns {
namespace {

using namespace dauth::testing;

TEST(Classified, AsTheRulesSay) {
  for (const auto& [title, parts, outcome] : sample_responses()) {
    EXPECT_EQ(show(classify(parts.octets(), parts.question())), outcome) << title;
  }
}

TEST(Classified, WithoutCompressionAlike) {
  for (auto& [title, parts, outcome] : sample_responses()) {
    ResponseParts plain = parts;
    plain.compression = Compression::kNone;
    EXPECT_EQ(show(classify(plain.octets(), plain.question())), outcome) << title;
  }
}

// Of RRs that differ only in letter case one is kept, whichever stood first.
std::string shown_without_case_or_order(const ResponseParts& parts) {
  std::string text = show_sorted(classify(parts.octets(), parts.question()));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// The chain is told from the qname on, whatever the order of its RRs; the RRset is a set.
TEST(Classified, InAnyOrderOfRrsAlike) {
  std::mt19937 random(20050401);
  for (auto [title, parts, outcome] : sample_responses()) {
    parts.answer.push_back({.owner = "foreign.example", .rdata = txt({"a"})});
    parts.additional.push_back({.owner = "foreign.example", .rdata = txt({"b"})});
    const std::string before = shown_without_case_or_order(parts);
    for (int round = 0; round < 50; ++round) {
      for (auto* section : {&parts.answer, &parts.authority, &parts.additional}) {
        std::shuffle(section->begin(), section->end(), random);
      }
      ASSERT_EQ(shown_without_case_or_order(parts), before) << title << ", round " << round;
    }
  }
}

// A reply without answers is judged on a path of its own: an RR that does not count must not change it.
TEST(Classified, WithAForeignAnswerAlike) {
  for (auto [title, parts, outcome] : sample_responses()) {
    parts.answer.push_back({.owner = "foreign.example", .rdata = txt({"a"})});
    EXPECT_EQ(show(classify(parts.octets(), parts.question())), outcome) << title;
  }
}

TEST(Classified, TheIdAndTheBitsOfNoMeaningDoNotMatter) {
  for (const std::uint16_t bits : {std::uint16_t{kRd}, std::uint16_t{0x0070}}) {  // RD; Z, AD, CD
    for (auto [title, parts, outcome] : sample_responses()) {
      parts.flags ^= bits;
      parts.id = 0xffff;
      EXPECT_EQ(show(classify(parts.octets(), parts.question())), outcome) << title;
    }
  }
}

TEST(ClassifiedFailure, CarriesTheRcode) {
  const auto rcode_of = [](const ResponseParts& parts) {
    return std::get<Failure>(classify(parts.octets(), parts.question())).rcode;
  };
  EXPECT_EQ(rcode_of({.rcode = 2}), 2);
  EXPECT_EQ(rcode_of({.rcode = 2, .additional = {opt(1)}}), 18);
  EXPECT_EQ(rcode_of({.rcode = 7, .answer = {{.owner = "example.jp", .rdata = txt({"x"})}}}), 7);
  EXPECT_EQ(rcode_of({.flags = kQr | kTc, .rcode = 3}), 3);
  EXPECT_EQ(rcode_of({.flags = kQr, .authority = {{"jp", RrType::kNs, target("a.jp")}}}), 0);
}

// The qname of the question decides, not its letters in the packet.
TEST(Classified, TheQuestionMayStandInAnotherCase) {
  ResponseParts parts{.qname = "EXAMPLE.JP", .answer = {{.owner = "example.jp", .rdata = txt({"x"})}}};
  EXPECT_EQ(show(classify(parts.octets(), {name("example.jp"), RrType::kTxt})),
            "Answer: example.jp TXT \"x\"");
}

TEST(Classified, AnsweredByTheTypeAsked) {
  const ResponseParts parts{
      .answer = {{.owner = "example.jp", .rdata = txt({"x"})}, {"example.jp", RrType::kSpf, txt({"y"})}}};
  EXPECT_EQ(show(classify_unaccepted(parts.octets(), {name("example.jp"), RrType::kSpf})),
            "Answer: example.jp SPF \"y\"");
}

}  // namespace
}  // namespace dauth::dns
