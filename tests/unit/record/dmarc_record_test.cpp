#include "scanner/record/dmarc_record.h"

#include <gtest/gtest.h>

#include "scanner/record/report_uri.h"

namespace dauth::scanner {
namespace {

using namespace std::string_view_literals;

DmarcRecord parsed(std::string_view text) {
  auto record = parse_dmarc(text);
  EXPECT_TRUE(record) << text;
  return record ? *record : DmarcRecord{};
}

TEST(DmarcRecognition, FirstTagIsTheVersion) {
  for (const auto text :
       {"v=DMARC1", "v=DMARC1;", "v=DMARC1; p=none", "V=DMARC1;p=none", "v = DMARC1 ; p=none", "v\t=\tDMARC1",
        "v=DMARC1 ", "v=DMARC1;;", "v=DMARC1; \xff"}) {
    EXPECT_TRUE(is_dmarc_record(text)) << text;
  }
  for (const auto text :
       {"", "v", "v=", "v=dmarc1; p=none", "v=DMARC10; p=none", "v=DMARC1 p=none", "v=DMARC1,p=none",
        "p=none; v=DMARC1", " v=DMARC1; p=none", ";v=DMARC1", "v=DMARC2", "v=DMARC1\n; p=none", "vv=DMARC1",
        "v=spf1 -all", "\"v=DMARC1; p=none\"", "v=DMARC1=x"}) {
    EXPECT_FALSE(is_dmarc_record(text)) << text;
    const auto record = parse_dmarc(text);
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().section, "RFC 9989 section 4.7");
  }
  EXPECT_FALSE(is_dmarc_record("v=DMARC1\0"sv));
}

TEST(DmarcRecordText, ReadsEveryTag) {
  const auto record = parsed(
      "v=DMARC1; P=Reject; sp=QUARANTINE; np=none; rua=mailto:a@example.jp!10m, https://r.example/x?y=1 ; "
      "ruf=mailto:f@example.jp; adkim=s; aspf=S; fo=1:d:s; psd=n; t=y;");
  EXPECT_EQ(record.policy, DmarcPolicy::kReject);
  EXPECT_EQ(record.policy_source, DmarcPolicySource::kPublished);
  EXPECT_EQ(record.subdomain_policy, DmarcPolicy::kQuarantine);
  EXPECT_EQ(record.nonexistent_policy, DmarcPolicy::kNone);
  EXPECT_EQ(record.aggregate_report_uris,
            (std::vector<std::string>{"mailto:a@example.jp", "https://r.example/x?y=1"}));
  EXPECT_EQ(record.failure_report_uris, (std::vector<std::string>{"mailto:f@example.jp"}));
  EXPECT_TRUE(record.asks_for_reports());
  EXPECT_EQ(record.dkim_alignment, DmarcAlignment::kStrict);
  EXPECT_EQ(record.spf_alignment, DmarcAlignment::kStrict);
  EXPECT_EQ(record.failure_options,
            (DmarcFailureOptions{DmarcFailureOptions::Trigger::kAnyFails, true, true}));
  EXPECT_EQ(record.public_suffix, DmarcPublicSuffix::kNo);
  EXPECT_EQ(record.testing, DmarcTesting::kYes);
  EXPECT_TRUE(record.ignored.empty());
}

TEST(DmarcRecordText, DefaultsOfTheBareRecord) {
  for (const auto text :
       {"v=DMARC1", "v=DMARC1;", "v=DMARC1 ; ", "v=DMARC1; pct=50; rf=afrf; ri=3600; x_1=y"}) {
    const auto record = parsed(text);
    DmarcRecord defaults;
    EXPECT_EQ(record, defaults) << text;
    EXPECT_EQ(record.policy, DmarcPolicy::kNone);
    EXPECT_EQ(record.policy_source, DmarcPolicySource::kMissing);
    EXPECT_FALSE(record.asks_for_reports());
  }
}

TEST(DmarcPolicyOf, InvalidPolicyWithoutReportsIsNoRecord) {
  struct Case {
    std::string_view text;
    std::size_t at;
  };
  for (const auto& [text, at] : std::initializer_list<Case>{{"v=DMARC1; p=bob", 12},
                                                            {"v=DMARC1; p=", 12},
                                                            {"v=DMARC1; p=n;", 12},
                                                            {"v=DMARC1; p=none reject", 12},
                                                            {"v=DMARC1; p=reject; sp=bob", 23},
                                                            {"v=DMARC1; p=reject; np=bob; sp=x", 23},
                                                            {"v=DMARC1; sp=bob", 13},
                                                            {"v=DMARC1; p=bob; rua=ops@example.jp", 12},
                                                            {"v=DMARC1; p=bob; rua=", 12},
                                                            {"v=DMARC1; p=bob; ruf=mailto:a@example.jp", 12},
                                                            {"v=DMARC1; p=\xef\xbc\xb2"
                                                             "eject",
                                                             12}}) {
    const auto record = parse_dmarc(text);
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().section, "RFC 9989 section 4.10.1") << text;
    EXPECT_EQ(record.error().offset, at) << text;
  }
}

TEST(DmarcPolicyOf, InvalidPolicyWithReportsIsNone) {
  for (const auto text :
       {"v=DMARC1; p=bob; rua=mailto:a@example.jp", "v=DMARC1; rua=mailto:a@example.jp; p=bob",
        "v=DMARC1; p=reject; sp=bob; rua=bad,mailto:a@example.jp",
        "v=DMARC1; p=reject; sp=reject; np=; rua=mailto:a@example.jp"}) {
    const auto record = parsed(text);
    EXPECT_EQ(record.policy, DmarcPolicy::kNone) << text;
    EXPECT_EQ(record.policy_source, DmarcPolicySource::kInvalidToNone) << text;
    EXPECT_FALSE(record.subdomain_policy) << text;
    EXPECT_FALSE(record.nonexistent_policy) << text;
    EXPECT_FALSE(record.ignored.empty()) << text;
  }
}

TEST(DmarcPolicyOf, MissingPolicyIsNoneWhateverElseStands) {
  const auto record = parsed("v=DMARC1; rua=mailto:a@example.jp; sp=reject");
  EXPECT_EQ(record.policy, DmarcPolicy::kNone);
  EXPECT_EQ(record.policy_source, DmarcPolicySource::kMissing);
  EXPECT_EQ(record.subdomain_policy, DmarcPolicy::kReject);
  EXPECT_EQ(parsed("v=DMARC1; p reject").policy_source, DmarcPolicySource::kMissing);
}

TEST(DmarcSyntaxErrors, AreNotedAndPassedOver) {
  struct Case {
    std::string_view text;
    std::size_t at;
  };
  for (const auto& [text, at] : std::initializer_list<Case>{{"v=DMARC1;; p=reject", 9},
                                                            {"v=DMARC1; junk; p=reject", 10},
                                                            {"v=DMARC1; =x; p=reject", 10},
                                                            {"v=DMARC1; 1x=y; p=reject", 10},
                                                            {"v=DMARC1; p=reject; p=none", 20},
                                                            {"v=DMARC1; p=reject; P=reject", 20},
                                                            {"v=DMARC1; p=reject; v=DMARC1", 20},
                                                            {"v=DMARC1; p=reject; adkim=bob", 26},
                                                            {"v=DMARC1; p=reject; aspf=", 25},
                                                            {"v=DMARC1; p=reject; t=yes", 22},
                                                            {"v=DMARC1; p=reject; psd=x", 24},
                                                            {"v=DMARC1; p=reject; fo=0:1", 23},
                                                            {"v=DMARC1; p=reject; fo=d:d", 23},
                                                            {"v=DMARC1; p=reject; fo=", 23},
                                                            {"v=DMARC1; p=reject; fo=1:", 23},
                                                            {"v=DMARC1; p=reject; fo=2", 23},
                                                            {"v=DMARC1; p=reject; rua=a@b.jp", 24},
                                                            {"v=DMARC1; p=reject; ruf=x:y,", 28}}) {
    const auto record = parsed(text);
    EXPECT_EQ(record.policy, DmarcPolicy::kReject) << text;
    ASSERT_EQ(record.ignored.size(), 1U) << text;
    EXPECT_EQ(record.ignored[0].offset, at) << text;
    EXPECT_EQ(record.ignored[0].section, "RFC 9989 section 4.8");
    EXPECT_EQ(record.dkim_alignment, DmarcAlignment::kRelaxed);
    EXPECT_EQ(record.testing, DmarcTesting::kNo);
    EXPECT_EQ(record.public_suffix, DmarcPublicSuffix::kUnknown);
    EXPECT_EQ(record.failure_options, DmarcFailureOptions{});
  }
}

TEST(DmarcSyntaxErrors, FirstOfRepeatedTagsHolds) {
  const auto record = parsed("v=DMARC1; rua=mailto:a@example.jp; p=none; rua=mailto:b@example.jp; p=reject");
  EXPECT_EQ(record.policy, DmarcPolicy::kNone);
  EXPECT_EQ(record.aggregate_report_uris, (std::vector<std::string>{"mailto:a@example.jp"}));
  EXPECT_EQ(record.ignored.size(), 2U);
}

TEST(DmarcFailureOptionsOf, SayNothingWithoutRuf) {
  EXPECT_EQ(parsed("v=DMARC1; fo=1:d").failure_options, DmarcFailureOptions{});
  for (const auto value : {"0:d:s", "d:0:s", "s:d:0", "D:S:0"}) {
    EXPECT_EQ(parsed("v=DMARC1; ruf=mailto:a@b.jp; fo=" + std::string(value)).failure_options,
              (DmarcFailureOptions{DmarcFailureOptions::Trigger::kAllFail, true, true}))
        << value;
  }
}

TEST(ReportUri, IsAnyUriWithCommaAndExclamationMarkEncoded) {
  for (const auto text :
       {"mailto:a@example.jp", "MAILTO:a@example.jp", "mailto:a%2Cb%21@example.jp?subject=x",
        "https://example.jp", "https://u:p@example.jp:8443/a/b?c=d#e", "https://[2001:db8::1]/x",
        "ftp://abuse.example", "mailto://abuse.example", "x-y.z+1:opaque", "mailto:"}) {
    EXPECT_EQ(report_uri(text, 0), text) << text;
  }
  struct NoUri {
    std::string_view text;
    std::size_t at;
  };
  for (const auto& [text, at] : std::initializer_list<NoUri>{{"", 0},
                                                             {"a@example.jp", 0},
                                                             {":x", 0},
                                                             {"1x:y", 0},
                                                             {"m_x:y", 1},
                                                             {"mailto:a b@example.jp", 8},
                                                             {"mailto:<a@example.jp>", 7},
                                                             {"mailto:a%zz@b.jp", 8},
                                                             {"mailto:a%2", 8},
                                                             {"http://a[b]/", 8},
                                                             {"http://[::1", 11},
                                                             {"http://[::1]x/", 12},
                                                             {"http://h:port/", 9},
                                                             {"http://u[@h/", 8},
                                                             {"http://h/a?b[", 12},
                                                             {"mailto:a[b]@c.jp", 8},
                                                             {"mailto:a#b#c", 10},
                                                             {"mailto:\xe3\x81\x82@example.jp", 7},
                                                             {"m\xc3\xa4:x", 1},
                                                             {"mailto:a@b.jp!", 13},
                                                             {"mailto:a@b.jp!x", 13},
                                                             {"mailto:a@b.jp!10x", 13},
                                                             {"mailto:a@b.jp!10mm", 13},
                                                             {"mailto:a!b@c.jp", 8},
                                                             {"mailto:a@b.jp,mailto:c@d.jp", 13}}) {
    const auto uri = report_uri(text, 40);
    ASSERT_FALSE(uri) << text;
    EXPECT_EQ(uri.error().offset, 40 + at) << text;
    EXPECT_EQ(uri.error().section, "RFC 9989 section 4.8");
    EXPECT_FALSE(uri.error().reason.empty());
  }
  for (const auto text : {"mailto:a@b.jp!10", "mailto:a@b.jp!10m", "mailto:a@b.jp!1T"}) {
    EXPECT_EQ(report_uri(text, 0), "mailto:a@b.jp") << text;
  }
}

// What a record says beside a policy that cannot hold.
TEST(DmarcReading, HasTheRecordWhetherOrNotItsPolicyHolds) {
  const auto good = read_dmarc("v=DMARC1; p=reject; sp=none; PCT = 50 ;x; psd=y");
  ASSERT_TRUE(good);
  EXPECT_FALSE(good->unusable);
  EXPECT_EQ(good->record, parse_dmarc("v=DMARC1; p=reject; sp=none; PCT = 50 ;x; psd=y"));
  EXPECT_EQ(good->tags, (std::vector<DmarcTag>{
                            {"p", "reject", 10}, {"sp", "none", 20}, {"PCT", "50", 29}, {"psd", "y", 42}}));

  const std::string_view text = "v=DMARC1; p=reject; np=x; psd=n; ruf=mailto:f@example.jp; t=y";
  const auto bad = read_dmarc(text);
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->unusable, parse_dmarc(text).error());
  EXPECT_EQ(bad->record.policy, DmarcPolicy::kNone);
  EXPECT_EQ(bad->record.policy_source, DmarcPolicySource::kInvalidToNone);
  EXPECT_EQ(bad->record.public_suffix, DmarcPublicSuffix::kNo);
  EXPECT_EQ(bad->record.failure_report_uris, std::vector<std::string>{"mailto:f@example.jp"});
  EXPECT_EQ(bad->record.testing, DmarcTesting::kYes);

  // With a rua it is usable.
  EXPECT_FALSE(read_dmarc("v=DMARC1; p=x; rua=mailto:a@example.jp")->unusable);
  EXPECT_EQ(read_dmarc("v=DMARC2; p=none").error(), parse_dmarc("v=DMARC2; p=none").error());
  EXPECT_EQ(read_dmarc("v=DMARC1")->tags, std::vector<DmarcTag>{});
}

}  // namespace
}  // namespace dauth::scanner
