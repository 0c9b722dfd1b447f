// How the topics of a check share their questions, and what SPF's tree tells the receiving side.
#include "scanner/cli/check/check_domain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/cli/check/spf_coverage.h"
#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::scanner::cli {
namespace {

using namespace dauth::testing;
using dns::RrType;
using ::testing::ElementsAre;

Probe<std::string> ask_twice(Inquiry& inquiry, std::string first, std::string second) {
  const auto& one = co_await inquiry.ask(name(first), RrType::kTxt);
  const auto& two = co_await inquiry.ask(name(second), RrType::kTxt);
  co_return dns::describe(one) + " " + dns::describe(two);
}

Probe<std::string> both(Inquiry& /*whole*/, TopicInquiry& a, TopicInquiry& b) {
  auto first = ask_twice(a, "one.example", "two.example");
  auto second = ask_twice(b, "two.example", "one.example");
  first.start();
  second.start();
  const std::string text = co_await first;
  co_return text + " " + co_await second;
}

TEST(TopicInquiry, SharesTheWholesQuestionsAndKnowsItsOwn) {
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    ScriptedInquiry whole({{{"one.example", RrType::kTxt}, answer({text_record("one.example", {"x"})})},
                           {{"two.example", RrType::kTxt}, failure()}},
                          delivery);
    TopicInquiry a(whole, "a");
    TopicInquiry b(whole, "b");
    EXPECT_EQ(whole.run(both(whole, a, b)), "Answer Failure (timeout) Failure (timeout) Answer");
    EXPECT_EQ(whole.questions().size(), 2U) << "each is asked once";
    ASSERT_EQ(b.asked().size(), 2U);
    EXPECT_EQ(b.asked().front().question.name, name("two.example"));
    EXPECT_TRUE(std::holds_alternative<dns::Failure>(*b.asked().front().outcome));
    EXPECT_TRUE(std::holds_alternative<dns::Answer>(*b.asked().back().outcome));
  }
}

SpfCoverage coverage(const ScriptedInquiry::Script& script) {
  ScriptedInquiry inquiry(script);
  const PermittedSpace space = inquiry.run(examine_permitted_space(inquiry, name("a.example")));
  return coverage_of(space, inquiry);
}

dns::LookupOutcome spf(const std::string& record) {
  return answer({text_record("a.example", {record})});
}

TEST(SpfCoverage, OfOneFamily) {
  const SpfCoverage found = coverage({{{"a.example", RrType::kTxt}, spf("v=spf1 ip4:192.0.2.1 -all")}});
  EXPECT_EQ(found.has_record, Fact::yes());
  EXPECT_EQ(found.permits_ipv4, Fact::yes());
  EXPECT_EQ(found.permits_ipv6, Fact::no());
  EXPECT_EQ(found.ending, SpfAllPolicy::kFail);
  EXPECT_FALSE(found.is_countless);
}

TEST(SpfCoverage, FollowsRedirectToItsEnd) {
  const SpfCoverage found = coverage({{{"a.example", RrType::kTxt}, spf("v=spf1 redirect=b.example")},
                                      {{"b.example", RrType::kTxt}, spf("v=spf1 ip6:2001:db8::/32 ~all")}});
  EXPECT_EQ(found.permits_ipv6, Fact::yes());
  EXPECT_EQ(found.ending, SpfAllPolicy::kSoftfail);
}

TEST(SpfCoverage, ThereIsNoRecordOrNoneThatCanBeEvaluated) {
  EXPECT_EQ(coverage({{{"a.example", RrType::kTxt}, name_error()}}).has_record, Fact::no());
  EXPECT_EQ(coverage({{{"a.example", RrType::kTxt}, spf("v=spf1 nonsense:x")}}).has_record, Fact::no());
}

// A failure is never an absence, neither of the record nor of what an include would permit.
TEST(SpfCoverage, FailureLeavesItUnknown) {
  const SpfCoverage none = coverage({{{"a.example", RrType::kTxt}, failure()}});
  EXPECT_EQ(none.has_record, Fact::unknown(data::Cause::kTimeout));
  EXPECT_EQ(none.permits_ipv4, Fact::unknown(data::Cause::kTimeout));
  const SpfCoverage part =
      coverage({{{"a.example", RrType::kTxt}, spf("v=spf1 ip4:192.0.2.1 include:b.example -all")},
                {{"b.example", RrType::kTxt}, failure(dns::FailureCause::kServfail)}});
  EXPECT_EQ(part.permits_ipv4, Fact::yes()) << "known whatever else there is";
  EXPECT_EQ(part.permits_ipv6, Fact::unknown(data::Cause::kServfail));
}

TEST(SpfCoverage, WhatDependsOnTheSenderCannotBeCounted) {
  EXPECT_TRUE(
      coverage({{{"a.example", RrType::kTxt}, spf("v=spf1 exists:%{i}.b.example -all")}}).is_countless);
}

}  // namespace
}  // namespace dauth::scanner::cli
