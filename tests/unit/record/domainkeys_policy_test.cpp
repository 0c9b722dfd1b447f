#include "scanner/record/domainkeys_policy.h"

#include <gtest/gtest.h>

#include "scanner/record/tag_list.h"

namespace dauth::scanner {
namespace {

using namespace std::string_view_literals;

TEST(TagList, TakesAListApart) {
  const auto tags = parse_tag_list(" o = ~ ;\tt=y; n=two  words ;r=;", TagValues::kByGrammar);
  ASSERT_TRUE(tags) << tags.error().reason;
  EXPECT_EQ(*tags, (std::vector<Tag>{{"o", "~", 1}, {"t", "y", 9}, {"n", "two  words", 14}, {"r", "", 28}}));
}

TEST(TagList, WhiteSpaceMayFold) {
  const auto tags = parse_tag_list("a=1;\r\n b=2\r\n\t3; ", TagValues::kByGrammar);
  ASSERT_TRUE(tags) << tags.error().reason;
  EXPECT_EQ(*tags, (std::vector<Tag>{{"a", "1", 0}, {"b", "2\r\n\t3", 7}}));
}

struct BadList {
  std::string_view text;
  std::size_t at;
};

TEST(TagList, RefusesOtherText) {
  for (const auto& [text, at] : std::initializer_list<BadList>{{"", 0},
                                                               {" ", 1},
                                                               {";", 0},
                                                               {"a", 1},
                                                               {"a;", 1},
                                                               {"a b=c", 2},
                                                               {"=b", 0},
                                                               {"1=b", 0},
                                                               {"a-b=c", 1},
                                                               {"a=b;;", 4},
                                                               {"a=b;c", 5},
                                                               {"a=b;a=c", 4},
                                                               {"a=b\nc=d", 3},
                                                               {"a=b\r\nc", 3},
                                                               {"a=\0"sv, 2},
                                                               {"a=\xe3\x81\x82", 2},
                                                               {"v=spf1 -all; \x80", 13}}) {
    const auto tags = parse_tag_list(text, TagValues::kByGrammar);
    ASSERT_FALSE(tags) << text;
    EXPECT_EQ(tags.error().offset, at) << text;
    EXPECT_EQ(tags.error().section, "RFC 6376 section 3.2");
  }
  EXPECT_TRUE(parse_tag_list("a=\xe3\x81\x82\n\0;"sv, TagValues::kUnjudged));
  // Tag names are told apart by case (RFC 6376 section 3.2).
  EXPECT_TRUE(parse_tag_list("a=b; A=c", TagValues::kByGrammar));
}

TEST(DomainKeysPolicy, IsAListOfItsFourTagsAlone) {
  for (const auto text :
       {"o=~", "o=-", "t=y; o=~", "o=~; n=http://antispam.example.jp/policy; r=postmaster@example.jp;", "t=y",
        "n=note", "r=", "o=nonsense", " o = - ; t = y ; ", "t=y o",
        "n=\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab; o=~"}) {
    EXPECT_TRUE(is_domainkeys_policy(text)) << text;
  }
  for (const auto text : {"", "o", "o~", "O=~", "o=~; k=rsa", "v=DKIM1; k=rsa; p=MIGf", "v=spf1 -all",
                          "o=~; o=-", "o=~;; t=y", "some text", "=", "ot=y", "\xef\xbb\xbfo=~"}) {
    EXPECT_FALSE(is_domainkeys_policy(text)) << text;
  }
}

TEST(SigningPolicy, NeedsTheTagO) {
  for (const auto text : {"o=!", "o=-; u=x", "v=1; o=."}) EXPECT_TRUE(is_signing_policy(text)) << text;
  for (const auto text : {"", "t=y", "dkim=all", "O=-", "v=spf1 o=-"}) {
    EXPECT_FALSE(is_signing_policy(text)) << text;
  }
}

TEST(AdspRecord, StartsWithTheTagDkim) {
  for (const auto text :
       {"dkim=all", "dkim=unknown", "dkim = discardable;", "dkim=new-word; rr=all", "dkim="}) {
    EXPECT_TRUE(is_adsp_record(text)) << text;
  }
  for (const auto text : {"", "DKIM=all", " dkim=all", "rr=all; dkim=all", "dkim", "dkim=all; dkim=all",
                          "dkim=all; \x80=1", "v=spf1 dkim=all", "dkim=all;;"}) {
    EXPECT_FALSE(is_adsp_record(text)) << text;
  }
}

struct NoPolicy {
  std::string_view text;
  std::size_t at;
  std::string_view section;
};

template <class Parse>
void expect_errors(Parse parse, std::initializer_list<NoPolicy> cases) {
  for (const auto& [text, at, section] : cases) {
    const auto tags = parse(text);
    ASSERT_FALSE(tags) << text;
    EXPECT_EQ(tags.error().offset, at) << text;
    EXPECT_EQ(tags.error().section, section) << text;
    EXPECT_FALSE(tags.error().reason.empty()) << text;
  }
}

TEST(PolicyErrors, NameSectionAndOffset) {
  constexpr std::string_view kList = "RFC 6376 section 3.2";
  expect_errors(parse_domainkeys_policy, {{"", 0, kList},
                                          {"o", 1, kList},
                                          {"o=~; o=-", 5, kList},
                                          {"O=~", 0, "RFC 4870 section 3.6"},
                                          {"o=~;  k=rsa", 6, "RFC 4870 section 3.6"},
                                          {"v=spf1 -all", 0, "RFC 4870 section 3.6"}});
  expect_errors(parse_signing_policy, {{"some text", 5, kList},
                                       {"t=y", 3, "draft-allman-dkim-ssp-02"},
                                       {"dkim=all;", 9, "draft-allman-dkim-ssp-02"}});
  expect_errors(parse_adsp_record, {{"dkim", 4, kList},
                                    {"dkim=all; \x80=1", 10, kList},
                                    {"dkim=\x80", 5, kList},
                                    {"rr=all; dkim=all", 0, "RFC 5617 section 4.2.1"},
                                    {" rr=all", 1, "RFC 5617 section 4.2.1"},
                                    {" dkim=all", 0, "RFC 5617 section 4.2.1"}});
}

TEST(PolicyTags, AreGivenAsPublished) {
  const auto policy = parse_domainkeys_policy("t=y; o=~ ;");
  ASSERT_TRUE(policy);
  EXPECT_EQ(*policy, (std::vector<Tag>{{"t", "y", 0}, {"o", "~", 5}}));
  const auto adsp = parse_adsp_record("dkim = discardable; rr=all");
  ASSERT_TRUE(adsp);
  EXPECT_EQ(*adsp, (std::vector<Tag>{{"dkim", "discardable", 0}, {"rr", "all", 20}}));
}

}  // namespace
}  // namespace dauth::scanner
