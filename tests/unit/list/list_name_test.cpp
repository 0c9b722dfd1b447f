#include "scanner/list/list_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

using ::testing::HasSubstr;

struct Accepted {
  std::string_view text;
  std::string_view name;
};

class ListedNameAccepted : public ::testing::TestWithParam<Accepted> {};

TEST_P(ListedNameAccepted, HasOneForm) {
  const auto name = read_listed_name(GetParam().text);
  ASSERT_TRUE(name) << name.error();
  EXPECT_EQ(name->to_text(), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ListedNameAccepted,
    ::testing::Values(Accepted{"example.jp", "example.jp"}, Accepted{"EXAMPLE.Co.JP.", "example.co.jp"},
                      Accepted{"jp", "jp"}, Accepted{"_dmarc.example.jp", "_dmarc.example.jp"},
                      Accepted{"a--b.-x-.jp", "a--b.-x-.jp"}, Accepted{"*.example.jp", "*.example.jp"},
                      Accepted{"0/25.2.0.192.in-addr.arpa", "0/25.2.0.192.in-addr.arpa"},
                      Accepted{"a\\046b.jp", "a\\.b.jp"}, Accepted{"a\\.b.jp", "a\\.b.jp"},
                      Accepted{"a\\065.jp", "aa.jp"},  // an escaped A is lower-cased like any other
                      Accepted{"a\\@b.jp", "a\\064b.jp"}, Accepted{"a\\032b.jp", "a\\032b.jp"},
                      Accepted{"\\230\\151.jp", "\\230\\151.jp"}, Accepted{"1.2.3.jp", "1.2.3.jp"},
                      Accepted{"XN--WGV71A119E.jp", "xn--wgv71a119e.jp"},
                      Accepted{"xn--not-punycode-at-all-.jp", "xn--not-punycode-at-all-.jp"}));

INSTANTIATE_TEST_SUITE_P(
    Idna, ListedNameAccepted,
    ::testing::Values(Accepted{"日本語.jp", "xn--wgv71a119e.jp"},
                      Accepted{"例え.東京.jp", "xn--r8jz45g.xn--1lqs71d.jp"},
                      Accepted{"日本語。ｊｐ",
                               "xn--wgv71a119e.jp"},  // ideographic full stop, full-width letters
                      Accepted{"日本語．jp｡", "xn--wgv71a119e.jp"},  // full-width and half-width full stop
                      Accepted{"ＥＸＡＭＰＬＥ.jp", "example.jp"}, Accepted{"straße.de", "xn--strae-oqa.de"},
                      Accepted{"ÄRGER.de", "xn--rger-koa.de"},
                      Accepted{"e\xcc\x81.fr", "xn--9ca.fr"},  // not yet composed: NFC does
                      Accepted{"_dmarc.日本語.jp", "_dmarc.xn--wgv71a119e.jp"},
                      Accepted{"r3---sn.日本語.jp", "r3---sn.xn--wgv71a119e.jp"},
                      Accepted{"a\\046b.日本語.jp", "a\\.b.xn--wgv71a119e.jp"}));

struct Refused {
  std::string text;
  std::string_view reason;
};

class ListedNameRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(ListedNameRefused, SaysWhy) {
  const auto name = read_listed_name(GetParam().text);
  ASSERT_FALSE(name) << name->to_text();
  EXPECT_THAT(name.error(), HasSubstr(GetParam().reason));
}

const std::string kLabel63(63, 'a');

INSTANTIATE_TEST_SUITE_P(
    Table, ListedNameRefused,
    ::testing::Values(
        Refused{"", "empty name"}, Refused{".", "the root"}, Refused{"。", "empty label"},
        Refused{"a..jp", "empty label"}, Refused{".jp", "empty label"},
        Refused{"example.jp..", "empty label"}, Refused{kLabel63 + "a.jp", "label longer than 63 octets"},
        Refused{kLabel63 + "." + kLabel63 + "." + kLabel63 + "." + kLabel63, "name longer than 255 octets"},
        Refused{"exa mple.jp", "blank inside"}, Refused{"exa\tmple.jp", "control character"},
        Refused{std::string("exa\0mple.jp", 11), "control character"},
        Refused{"exa\x7fmple.jp", "control character"}, Refused{"\x1b[31m.jp", "control character"},
        Refused{"example.jp\\", "bad escape"}, Refused{"a\\25.jp", "bad escape"},
        Refused{"a\\256.jp", "bad escape"}, Refused{"192.0.2.1", "an address"},
        Refused{"192.0.2.1.", "an address"}, Refused{"１９２.０.２.１", "an address"},
        Refused{"2001:db8::1", "an address"}, Refused{"[2001:db8::1]", "an address"},
        Refused{"::ffff:192.0.2.1", "an address"}, Refused{"192.0.2.0/24", "ends in"},
        Refused{"1000", "ends in a number"}, Refused{"example.1", "ends in a number"},
        Refused{"https://www.example.jp/", "a URL"}, Refused{"//example.jp", "a URL"},
        Refused{"example.jp/", "ends in characters"}, Refused{"example.jp:443", "ends in characters"},
        Refused{"example.jp,", "ends in characters"}, Refused{"postmaster@example.jp", "a mail address"},
        Refused{"\xff\xfe.jp", "invalid UTF-8"}, Refused{"\xe6\x97.jp", "invalid UTF-8"},
        Refused{"\xc0\xaf.jp", "invalid UTF-8"}, Refused{"☃.jp", "disallowed"},
        Refused{"\xf0\x9f\x98\x80.jp", "disallowed"}, Refused{"-日本.jp", "no internationalized label"},
        Refused{"a／日.jp", "no internationalized label"}, Refused{"_日本.jp", "no internationalized label"},
        Refused{"\xc2\xad.jp", "no internationalized label"}, Refused{"日\\046本.jp", "escape beside"},
        Refused{"日本語." + std::string(5000, 'a') + ".jp", "longer than"},
        Refused{[] {
                  std::string long_label;
                  for (int i = 0; i < 60; ++i) long_label += "日本";
                  return long_label + ".jp";
                }(),
                "label longer than 63 octets"}));

TEST(ListedName, TakesTheLongestName) {
  const std::string label61(61, 'b');
  const std::string longest = kLabel63 + "." + kLabel63 + "." + kLabel63 + "." + label61;
  const auto name = read_listed_name(longest);
  ASSERT_TRUE(name) << name.error();
  EXPECT_EQ(name->wire_length(), 255U);
  EXPECT_EQ(name->to_text(), longest);
  EXPECT_FALSE(read_listed_name(longest + "b"));
}

WireName zone_name(std::string_view text, const WireName* origin = nullptr) {
  WireName name;
  const auto read = read_zone_name(text, origin, name);
  EXPECT_TRUE(read) << text << ": " << (read ? "" : read.error());
  return name;
}

TEST(ZoneName, IsRelativeToItsOrigin) {
  const WireName jp = zone_name("JP.");
  EXPECT_EQ(zone_name("Example", &jp).to_domain_name().to_text(), "example.jp");
  EXPECT_EQ(zone_name("example.co.jp.", &jp).to_domain_name().to_text(), "example.co.jp");
  EXPECT_EQ(zone_name("@", &jp), jp);
  EXPECT_TRUE(zone_name(".", &jp).is_root());
  EXPECT_EQ(zone_name("1.2.3.4", &jp).to_domain_name().to_text(), "1.2.3.4.jp");
}

TEST(ZoneName, NeedsAnOriginWhereRelative) {
  WireName name;
  EXPECT_THAT(read_zone_name("example", nullptr, name).error(), HasSubstr("no $ORIGIN"));
  EXPECT_THAT(read_zone_name("@", nullptr, name).error(), HasSubstr("$ORIGIN"));
}

TEST(ZoneName, MayGrowTooLongByItsOrigin) {
  const WireName origin = zone_name(kLabel63 + "." + kLabel63 + "." + kLabel63 + ".");
  WireName name;
  EXPECT_TRUE(read_zone_name(std::string(61, 'a'), &origin, name));
  EXPECT_EQ(name.octets().size(), 255U);
  EXPECT_EQ(read_zone_name(std::string(62, 'a'), &origin, name).error(), "name longer than 255 octets");
}

TEST(WireName, KnowsWhatItStandsBelow) {
  const WireName jp = zone_name("jp.");
  EXPECT_TRUE(zone_name("example.jp.").is_strictly_below(jp));
  EXPECT_TRUE(zone_name("www.example.jp.").is_strictly_below(jp));
  EXPECT_FALSE(jp.is_strictly_below(jp));
  EXPECT_FALSE(zone_name("njp.").is_strictly_below(jp));
  EXPECT_FALSE(zone_name("jp.test.").is_strictly_below(jp));
  EXPECT_TRUE(jp.is_strictly_below(zone_name(".")));
  // The octets of "\002jp" inside a label are not a label's border.
  EXPECT_FALSE(zone_name("a\\002jp.").is_strictly_below(jp));
}

}  // namespace
}  // namespace dauth::scanner
