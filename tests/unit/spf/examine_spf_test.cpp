// The identities of a sender, and the proposal of 2005.
#include "scanner/spf/examine_spf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spf/spf_script.h"

namespace dauth::scanner {
namespace {

using testing::address;
using testing::ScriptedInquiry;
using testing::spf_script;
using Lines = std::vector<std::string>;

SpfReport examined(const Lines& lines, std::optional<std::string> helo, std::optional<std::string> mail_from,
                   const std::string& client = "192.0.2.1") {
  ScriptedInquiry inquiry(spf_script(lines));
  SpfQuery query;
  query.sender = SpfSender{address(client), std::move(helo), std::move(mail_from)};
  return inquiry.run(examine_spf(inquiry, testing::name("example.jp"), query));
}

TEST(ExamineSpf, Identities) {
  const Lines lines = {"example.jp TXT v=spf1 -all", "mail.example.jp TXT v=spf1 ip4:192.0.2.1",
                       "other.jp TXT v=spf1 ~all"};
  struct Case {
    std::optional<std::string> helo;
    std::optional<std::string> mail_from;
    std::vector<std::string> senders;
    std::vector<SpfResult> results;
  };
  for (const Case& each :
       std::vector<Case>{{{}, {}, {"postmaster@example.jp"}, {SpfResult::kFail}},
                         {"mail.example.jp",
                          {},
                          {"postmaster@mail.example.jp", "postmaster@mail.example.jp"},
                          {SpfResult::kPass, SpfResult::kPass}},
                         {"mail.example.jp",
                          "<>",
                          {"postmaster@mail.example.jp", "postmaster@mail.example.jp"},
                          {SpfResult::kPass, SpfResult::kPass}},
                         {"mail.example.jp",
                          "a@other.jp",
                          {"postmaster@mail.example.jp", "a@other.jp"},
                          {SpfResult::kPass, SpfResult::kSoftfail}},
                         {{}, "<a@other.jp>", {"a@other.jp"}, {SpfResult::kSoftfail}},
                         {{}, "\"a@b\"@other.jp", {"\"a@b\"@other.jp"}, {SpfResult::kSoftfail}},
                         {{}, "@other.jp", {"postmaster@other.jp"}, {SpfResult::kSoftfail}},
                         {{}, "other.jp", {"postmaster@other.jp"}, {SpfResult::kSoftfail}},
                         {"[192.0.2.1]",
                          "a@other.jp",
                          {"postmaster@[192.0.2.1]", "a@other.jp"},
                          {SpfResult::kNone, SpfResult::kSoftfail}}}) {
    const SpfReport report = examined(lines, each.helo, each.mail_from);
    ASSERT_EQ(report.identities.size(), each.senders.size());
    for (std::size_t i = 0; i < each.senders.size(); ++i) {
      EXPECT_EQ(report.identities[i].sender, each.senders[i]);
      EXPECT_EQ(report.identities[i].evaluation.result, each.results[i]) << each.senders[i];
    }
    EXPECT_EQ(report.identities.back().identity, SpfIdentity::kMailFrom);
    EXPECT_FALSE(report.permitted.has_value());
    ASSERT_TRUE(report.bounce.has_value());
    EXPECT_EQ(report.bounce->result, each.results.back()) << "the bounce goes to MAIL FROM";
  }
}

TEST(ExamineSpf, WithoutASenderTheTree) {
  ScriptedInquiry inquiry(spf_script({"example.jp TXT v=spf1 ip4:192.0.2.0/24 -all"}));
  const SpfReport report = inquiry.run(examine_spf(inquiry, testing::name("example.jp"), {}));
  ASSERT_TRUE(report.permitted.has_value());
  EXPECT_EQ(report.permitted->ipv4_addresses, 256U);
  EXPECT_TRUE(report.identities.empty());
  EXPECT_FALSE(report.bounce.has_value());
}

TEST(BounceAdvice, WhatAReceiverDoesAndWhatSoftfailWouldChange) {
  const auto advice = [](const Lines& lines) {
    return examined(lines, std::nullopt, "a@example.jp").bounce.value();
  };
  BounceAdvice found = advice({"example.jp TXT v=spf1 ip4:192.0.2.1 ?all"});
  EXPECT_EQ(found.duty, BounceDuty::kAsUsual);
  EXPECT_FALSE(found.change) << "this sender is matched before the all";
  found = advice({"example.jp TXT v=spf1 ip4:198.51.100.1 ?ALL"});
  EXPECT_EQ(found.result, SpfResult::kNeutral);
  EXPECT_EQ(found.duty, BounceDuty::kAsUsual);
  ASSERT_TRUE(found.change);
  EXPECT_EQ(found.change->domain, "example.jp");
  EXPECT_EQ(found.change->term, "?ALL");
  found = advice({"example.jp TXT v=spf1 redirect=r.jp", "r.jp TXT v=spf1 ?all"});
  ASSERT_TRUE(found.change);
  EXPECT_EQ(found.change->domain, "r.jp") << "the all stands there";

  EXPECT_FALSE(advice({"example.jp TXT v=spf1 ?ip4:192.0.2.1 ?all"}).change) << "neutral, but not by the all";
  EXPECT_FALSE(advice({"example.jp TXT v=spf1 ip4:198.51.100.1"}).change) << "there is no all to change";
  // In an included record neutral and softfail are no match alike (RFC 7208 section 5.2).
  found = advice({"example.jp TXT v=spf1 include:i.jp -all", "i.jp TXT v=spf1 ?all"});
  EXPECT_EQ(found.duty, BounceDuty::kNotNeeded);
  EXPECT_FALSE(found.change);

  EXPECT_EQ(advice({"example.jp TXT v=spf1 ~all"}).duty, BounceDuty::kNotNeeded);
  EXPECT_FALSE(advice({"example.jp TXT v=spf1 ~all"}).change);
  EXPECT_EQ(advice({"example.jp TXT v=spf1 -all"}).duty, BounceDuty::kNotNeeded);
  EXPECT_EQ(advice({"example.jp TXT v=spf1 +all"}).duty, BounceDuty::kAsUsual);
  EXPECT_EQ(advice({"example.jp TXT NODATA"}).duty, BounceDuty::kAsUsual);
  EXPECT_EQ(advice({"example.jp TXT TIMEOUT"}).duty, BounceDuty::kUnknown);
  EXPECT_EQ(advice({"example.jp TXT v=spf1 x ?all"}).duty, BounceDuty::kUnknown);
  EXPECT_FALSE(advice({"example.jp TXT v=spf1 x ?all"}).change);
}

}  // namespace
}  // namespace dauth::scanner
