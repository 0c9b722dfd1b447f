#include "scanner/probe/inquiry.h"

#include <gmock/gmock.h>

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::Inquiry;
using scanner::Probe;
using ::testing::ElementsAre;

Probe<int> count_answers(Inquiry& inquiry, const dns::DomainName& domain) {
  const auto& first = co_await inquiry.ask(domain, RrType::kTxt);
  const auto& second = co_await inquiry.ask(domain, RrType::kMx);
  co_return static_cast<int>(std::holds_alternative<dns::Answer>(first)) +
      static_cast<int>(std::holds_alternative<dns::Answer>(second));
}

Probe<int> both_at_once(Inquiry& inquiry, const dns::DomainName& domain) {
  auto one = count_answers(inquiry, domain);
  auto other = count_answers(inquiry, domain);
  one.start();
  other.start();
  const int first = co_await one;
  co_return first + co_await other;
}

TEST(Inquiry, QuestionOfTwoProbesIsAskedOnce) {
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, answer({text_record("example.jp", {"x"})})},
                           {{"example.jp", RrType::kMx}, no_data()}});
  EXPECT_EQ(inquiry.run(both_at_once(inquiry, domain)), 2);
  EXPECT_THAT(inquiry.questions(), ElementsAre("example.jp TXT", "example.jp MX"));
}

TEST(Inquiry, NamesThatDifferInCaseAreOneQuestion) {
  const auto lower = name("example.jp");
  const auto upper = name("EXAMPLE.JP");
  ScriptedInquiry inquiry(
      {{{"example.jp", RrType::kTxt}, no_data()}, {{"example.jp", RrType::kMx}, no_data()}});
  EXPECT_EQ(inquiry.run(count_answers(inquiry, lower)), 0);
  EXPECT_EQ(inquiry.run(count_answers(inquiry, upper)), 0);
  EXPECT_EQ(inquiry.questions().size(), 2U);
}

Probe<bool> ask_a_name_that_is_none(Inquiry& inquiry) {
  const auto& outcome = co_await inquiry.ask(std::nullopt, RrType::kTxt);
  co_return std::holds_alternative<dns::NxDomain>(outcome);
}

TEST(Inquiry, NameThatCannotExistIsANameErrorWithoutAQuestion) {
  ScriptedInquiry inquiry({});
  EXPECT_TRUE(inquiry.run(ask_a_name_that_is_none(inquiry)));
  EXPECT_TRUE(inquiry.questions().empty());
}

TEST(Inquiry, ProbeDestroyedWhileItWaitsLeavesNothingBehind) {
  // ASan and the pool's own checks watch over this one.
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry({});
  {
    auto probe = both_at_once(inquiry, domain);
    probe.start();
    EXPECT_FALSE(probe.done());
  }
  EXPECT_EQ(inquiry.questions().size(), 1U);
}

Probe<int> probe_that_throws(Inquiry& inquiry) {
  co_await inquiry.ask(name("example.jp"), RrType::kTxt);
  throw std::bad_alloc();
  co_return 1;
}

Probe<int> probe_of_one_that_throws(Inquiry& inquiry) {
  auto inner = probe_that_throws(inquiry);
  inner.start();
  co_return co_await inner;
}

TEST(Probe, AnExceptionComesOutWhereTheValueIsTaken) {
  for (auto* make : {&probe_that_throws, &probe_of_one_that_throws}) {
    ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, no_data()}});
    EXPECT_THROW(inquiry.run(make(inquiry)), std::bad_alloc);
  }
}

}  // namespace
}  // namespace dauth::testing
