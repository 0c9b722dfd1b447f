#include "scanner/cli/check/check_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/submission/submission_check.h"

namespace dauth::scanner::cli {
namespace {

TEST(MailAddress, IsReadAsRfc5321SectionFourOneTwoHasIt) {
  const struct {
    const char* text;
    const char* read;
  } cases[] = {
      {"taro@example.jp", "taro@example.jp"},
      {"<taro@example.jp>", "taro@example.jp"},
      {"a.b+c=d@example.jp", "a.b+c=d@example.jp"},
      {"\"a b@c\\\"\"@example.jp", "\"a b@c\\\"\"@example.jp"},
      {"\u592a\u90ce@\u4f8b\u3048.jp", "\u592a\u90ce@xn--r8jz45g.jp"},
      {"", "<>"},
      {"<>", "<>"},
  };
  for (const auto& each : cases) {
    const auto read = read_mail_address(each.text);
    ASSERT_TRUE(read) << each.text << ": " << read.error();
    EXPECT_EQ(*read, each.read);
  }
}

TEST(MailAddress, WhatIsNoneSaysWhy) {
  for (const char* text :
       {"taro", "@example.jp", "a b@example.jp", ".a@example.jp", "a.@example.jp", "a..b@example.jp", "a@",
        "a@b..c", "a@192.0.2.1", "\"a@example.jp", "\"a\"b@example.jp", "\"\\\"@example.jp",
        "a\x1b@example.jp", "\"a\nb\"@example.jp", "<a@example.jp"}) {
    const auto read = read_mail_address(text);
    ASSERT_FALSE(read) << text;
    EXPECT_FALSE(read.error().empty());
    EXPECT_EQ(read.error().find('\n'), std::string::npos);
  }
  EXPECT_TRUE(read_mail_address(std::string(64, 'a') + "@example.jp"));
  EXPECT_FALSE(read_mail_address(std::string(65, 'a') + "@example.jp"));
}

TEST(CheckQuery, KeepsEachSelectorAndHostOnceInTheOrderGiven) {
  CheckOptions options;
  options.selectors = {"b", "a", "B"};
  options.submission = {"mail.example.jp.", "other.example.jp", "MAIL.example.jp"};
  const auto query = read_query(options);
  ASSERT_TRUE(query) << query.error();
  ASSERT_EQ(query->selectors.size(), 2U);
  EXPECT_EQ(query->selectors[0].to_text(), "b");
  ASSERT_EQ(query->submission_hosts.size(), 2U);
  EXPECT_EQ(std::get<dns::DomainName>(query->submission_hosts[1]).to_text(), "other.example.jp");
}

TEST(CheckQuery, AnAddressMayStandForASubmissionHost) {
  CheckOptions options;
  options.submission = {"127.0.0.1", "::FFFF:127.0.0.1", "2001:DB8::0:1"};
  const auto query = read_query(options);
  ASSERT_TRUE(query) << query.error();
  ASSERT_EQ(query->submission_hosts.size(), 2U);
  EXPECT_EQ(query->submission_hosts[0], SubmissionTarget(IpAddress::parse("127.0.0.1").value()));
  EXPECT_EQ(query->submission_hosts[1], SubmissionTarget(IpAddress::parse("2001:db8::1").value()));
  options.submission = {"192.0.2.300"};
  EXPECT_FALSE(read_query(options));
}

TEST(CheckQuery, TheTimerOfSubmissionPorts) {
  CheckOptions options;
  ASSERT_TRUE(read_query(options));
  EXPECT_EQ(read_query(options)->submission_timer, SubmissionSettings{}.timer) << "the default is one";
  options.submission_timeout = "1.5s";
  EXPECT_EQ(read_query(options)->submission_timer, std::chrono::milliseconds(1500));
  options.submission_timeout = "5min";
  EXPECT_TRUE(read_query(options));
  for (const char* wrong : {"", "0s", "9ms", "301s", "5", "-1s", "5 parsecs"}) {
    options.submission_timeout = wrong;
    const auto query = read_query(options);
    ASSERT_FALSE(query) << wrong;
    EXPECT_EQ(query.error().find("--submission-timeout: "), 0U) << query.error();
  }
}

}  // namespace
}  // namespace dauth::scanner::cli
