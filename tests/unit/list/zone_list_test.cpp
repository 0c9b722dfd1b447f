#include "scanner/list/zone_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/list/zone_token.h"
#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;
using testing::read_whole;
using testing::WholeList;

WholeList read_zone(std::string_view text) {
  return read_whole(text, ListFormat::kZone);
}

constexpr std::string_view kSoa = "jp. 86400 IN SOA z.dns.jp. root.dns.jp. 1 3600 900 1814400 900\n";

WholeList read_below_jp(std::string_view text) {
  return read_zone(std::string(kSoa) + std::string(text));
}

TEST(ZoneList, TakesTheFormThatRegistriesHandOut) {
  const auto list = read_whole(
      "gov.\t3600\tin\tsoa\ta.ns.gov. dns. 1 3600 900 604800 300\n"
      "a.gov.\t10800\tin\tns\tdns1.nsone.net.\n"
      "a.gov.\t10800\tin\tns\tdns2.nsone.net.\n"
      "a.gov.\t3600\tin\tds\t1 8 2 00\n"
      "a.gov.\t10800\tin\tns\tdns3.nsone.net.\n"
      "gov.\t518400\tin\tns\ta.ns.gov.\n"
      "ns.a.gov.\t10800\tin\taaaa\t2001:db8::1\n"
      "B.GOV.\t10800\tin\tns\tns.b.gov.\n"
      "gov.\t3600\tin\tsoa\ta.ns.gov. dns. 1 3600 900 604800 300\n");
  EXPECT_EQ(list.format, ListFormat::kZone);
  EXPECT_FALSE(list.error);
  EXPECT_THAT(list.names, ElementsAre("a.gov", "b.gov"));
  EXPECT_THAT(list.rejections, IsEmpty());
  EXPECT_EQ(list.entries[0].line, 2U);
  ASSERT_TRUE(list.entries[0].name_server);
  EXPECT_EQ(list.entries[0].name_server->to_text(), "dns1.nsone.net");
}

TEST(ZoneList, TakesMasterFiles) {
  const auto list = read_whole(
      "$ORIGIN jp.test.\n"
      "$TTL 1d ; default\n"
      "@ IN SOA ns root (\n"
      "  1 ; serial ) not this one\n"
      "  1h 15m 3w 900 )\n"
      "  NS ns\n"
      "ns A 192.0.2.53\n"
      "example NS ns1.example\n"
      "        NS ns2.example.net.\n"
      "txt TXT \"a ; ( quoted\" \"and \\\" more\" ; comment (\n"
      "order1 IN 3600 NS ns\n"
      "order2 1h30m in ns ns\n"
      "esc\\046dot NS ns1.example\n"
      "multi ( ; owner first\n"
      "   3600\n"
      " IN NS ) ns\n"
      "( NS ns )\n"  // "(" stands at the line's start, so what follows is an owner: NS without a type
      "$ORIGIN co\n"
      "example NS ns1\n"
      "$ORIGIN jp.test.\n"
      "\tNS ns9\n"  // still example.co.jp.test.
      "TYPE TYPE2 ns\n"
      "absolute.jp.test. CLASS1 NS ns\n");
  EXPECT_EQ(list.format, ListFormat::kZone);
  EXPECT_FALSE(list.error);
  EXPECT_THAT(list.names,
              ElementsAre("example.jp.test", "order1.jp.test", "order2.jp.test", "esc\\.dot.jp.test",
                          "multi.jp.test", "example.co.jp.test", "type.jp.test", "absolute.jp.test"));
  EXPECT_EQ(list.entries[4].line, 14U);
  EXPECT_EQ(list.entries[5].name_server->to_text(), "ns1.co.jp.test");
  EXPECT_EQ(list.rejected.size(), 1U);
  EXPECT_EQ(list.rejected[0].line, 17U);
}

TEST(ZoneList, TakesWhatDigPrints) {
  const auto list = read_whole(
      "; <<>> DiG 9.18 <<>> axfr jp.test @127.0.0.1\n"
      ";; global options: +cmd\n"
      "jp.test.\t\t86400\tIN\tSOA\tns. root. 1 3600 900 1814400 900\n"
      "example.jp.test.\t86400\tIN\tNS\tns1.example.jp.test.\n"
      "0123456789abcdefghijklmnopqrstuv.jp.test. 900 IN NSEC3 1 1 0 - 1123 NS SOA RRSIG\n"
      "jp.test.\t\t86400\tIN\tSOA\tns. root. 1 3600 900 1814400 900\n"
      ";; Query time: 1 msec\n");
  EXPECT_EQ(list.format, ListFormat::kZone);
  EXPECT_FALSE(list.error);
  EXPECT_THAT(list.names, ElementsAre("example.jp.test"));
}

// As dig +multiline, named-compilezone -s relative and a very large registry write theirs.
TEST(ZoneList, TakesWhatOtherProgramsWrite) {
  const auto multiline = read_whole(
      "\n; <<>> DiG 9.18.49 <<>> +multiline -y hmac-sha256:k:c2VjcmV0 axfr jp.test @127.0.0.1\n"
      ";; global options: +cmd\n"
      "jp.test.\t\t86400 IN\tSOA ns.jp.test. root.jp.test. (\n"
      "\t\t\t\t1          ; serial\n"
      "\t\t\t\t3600       ; refresh (1 hour)\n"
      "\t\t\t\t900        ; retry (15 minutes)\n"
      "\t\t\t\t1814400    ; expire (3 weeks)\n"
      "\t\t\t\t900        ; minimum (15 minutes)\n"
      "\t\t\t\t)\n"
      "example.jp.test.\t86400 IN NS ns1.example.jp.test.\n"
      "example.jp.test.\t86400 IN RRSIG NS 8 3 86400 (\n"
      "\t\t\t\t20261201000000 20261101000000 1 jp.test.\n"
      "\t\t\t\tAAECAwQFBgcICQ== )\n"
      "example.jp.test.\t900 IN TXT \"v=spf1 ) -all; (\" ( \"two\"\n"
      "\t\"three ; (\" )\n"
      "other.jp.test.\t86400 IN NS ns1.example.jp.test.\n"
      "jp.test.\t\t86400 IN\tSOA ns.jp.test. root.jp.test. (\n"
      "\t\t\t\t1 3600 900 1814400 900 )\n"
      "k.\t\t\t0 ANY TSIG\thmac-sha256. 1 300 32 AA== 1 NOERROR 0\n"
      ";; Query time: 1 msec\n;; XFR size: 6 records (messages 1, bytes 400)\n\n");
  EXPECT_FALSE(multiline.error);
  EXPECT_THAT(multiline.names, ElementsAre("example.jp.test", "other.jp.test"));
  EXPECT_THAT(multiline.rejections, IsEmpty());

  const auto relative = read_whole(
      "$ORIGIN .\n$TTL 86400\t; 1 day\njp.test\t\t\tIN SOA\tns.jp.test. root.jp.test. (\n"
      "\t\t\t\t1 3600 900 1814400 900 )\n\t\t\tNS\tns.jp.test.\n"
      "$ORIGIN jp.test.\nexample\t\t\tNS\tns1.example\n\t\t\tNS\tns2.example\n"
      "$ORIGIN example.jp.test.\nns1\t\t\tA\t192.0.2.1\n"
      "$ORIGIN co.jp.test.\n@\t\t\tTXT\t\"a name below it\"\nexample\t\t\tNS\tns\n"
      "\t\t\t$TTL 3600\n");
  EXPECT_THAT(relative.names, ElementsAre("example.jp.test", "example.co.jp.test"));
  EXPECT_THAT(relative.rejections,
              ElementsAre("14: neither a TTL nor a class nor an RR type behind the owner"))
      << "a directive stands at the start of its line";

  const auto upper = read_whole(
      "$ORIGIN TEST.\r\n$TTL 900\r\n@ IN\tSOA\tA.NIC.TEST. ROOT (\r\n 1 ;serial\r\n 1800 900 604800 86400\r\n"
      " )\r\n$TTL 172800\r\n NS\tA.NIC\r\nEXAMPLE NS NS1.EXAMPLE\r\nEXAMPLE NS NS2.HOSTER.NET.\r\n"
      "NS1.EXAMPLE A 192.0.2.1\r\nTTL NS NS1.EXAMPLE\r\nIN IN NS NS1.EXAMPLE\r\nNS NS NS1.EXAMPLE");
  EXPECT_THAT(upper.names, ElementsAre("example.test", "ttl.test", "in.test", "ns.test"));
  EXPECT_EQ(upper.entries[0].name_server->to_text(), "ns1.example.test");
  EXPECT_THAT(upper.rejections, IsEmpty());
}

TEST(ZoneList, SaysWhenAZoneDelegatesNothing) {
  EXPECT_EQ(read_below_jp("jp. NS ns.\nwww.jp. A 192.0.2.1\n").error,
            "list: no name in it: the zone jp delegates none");
}

TEST(ZoneList, NoticesATransferThatBrokeOff) {
  constexpr std::string_view kStart =
      "; <<>> DiG 9.18 <<>> axfr jp\njp. 1 IN SOA ns. root. 1 2 3 4 5\nexample.jp. 1 IN NS ns.\n";
  EXPECT_THAT(read_zone(kStart).error, Optional(HasSubstr("closing SOA is missing")));
  const auto failed = read_zone(std::string(kStart) + "; Transfer failed.\n");
  EXPECT_THAT(failed.error, Optional(HasSubstr("list:4: the zone transfer printed here failed")));
  EXPECT_THAT(failed.names, ElementsAre("example.jp"));
  // Asked for one SOA only, or no transfer at all.
  EXPECT_FALSE(read_zone("; <<>> DiG 9.18 <<>> +onesoa axfr jp\njp. SOA a b 1\nexample.jp. NS ns.\n").error);
  EXPECT_FALSE(read_zone("; <<>> DiG 9.18 <<>> example.jp NS\nexample.jp. NS ns.\n").error);
}

TEST(ZoneList, CountsEachOwnerBelowTheOriginOnceInARow) {
  const auto list = read_below_jp(
      "jp. NS a.dns.jp.\n"
      "example.jp. NS ns.\nEXAMPLE.jp. NS ns2.\nexample.jp. DS 1 8 2 00\nexample.jp. NS ns3.\n"
      "sub.example.jp. NS ns.\n"
      "third.co.jp. NS ns.\n"
      "chaos.jp. CH NS ns.\n");
  EXPECT_THAT(list.names, ElementsAre("example.jp", "sub.example.jp", "third.co.jp"));
  EXPECT_THAT(list.rejections, IsEmpty());
}

TEST(ZoneList, FindsItsOrigin) {
  // $ORIGIN alone.
  EXPECT_THAT(read_zone("$ORIGIN jp.\n@ NS a.dns\nexample NS ns\n").names, ElementsAre("example.jp"));
  // A SOA below a wider $ORIGIN, as old servers print their zones.
  EXPECT_THAT(
      read_zone("$ORIGIN .\njp 1 IN SOA a b 1 2 3 4 5\n NS a.dns.jp\n$ORIGIN jp.\nexample NS ns\n").names,
      ElementsAre("example.jp"));
  // The SOA's owner stands in for a missing $ORIGIN.
  EXPECT_THAT(read_zone("jp. SOA a. b. 1 2 3 4 5\nexample NS ns\n").names, ElementsAre("example.jp"));
  // Sorted: the apex's NS comes before its SOA.
  EXPECT_THAT(read_zone("jp. NS a.dns.jp.\njp. SOA a. b. 1 2 3 4 5\nexample.jp. NS ns.\n").names,
              ElementsAre("example.jp"));
  EXPECT_THAT(
      read_zone("jp. NS a.dns.jp.\njp. RRSIG NS 8 1 1 2 3 4 jp. AA==\njp. SOA a. b. 1 2 3 4 5\n").names,
      IsEmpty());
  // Neither: every NS owner counts, the last one too.
  EXPECT_THAT(
      read_zone("example.jp. NS ns.\nexample.co.jp. NS ns.\nlast.jp. NS ns.\nlast.jp. NS ns2.\n").names,
      ElementsAre("example.jp", "example.co.jp", "last.jp"));
  // The root zone.
  EXPECT_THAT(read_zone(". SOA a. b. 1 2 3 4 5\n. NS a.\njp. NS a.dns.jp.\n").names, ElementsAre("jp"));
}

TEST(ZoneList, SaysWhenNoNameCanBeRead) {
  EXPECT_THAT(read_zone("$TTL 1d\n@ IN SOA ns root 1 2 3 4 5\nexample NS ns\n").error,
              Optional(HasSubstr("list:2: the zone file does not say whose zone it is")));
}

TEST(ZoneList, RejectsOwnersElsewhere) {
  const auto list = read_below_jp("example.kr. NS ns.\nexample.jp. NS ns.\n");
  EXPECT_THAT(list.names, ElementsAre("example.jp"));
  EXPECT_THAT(list.rejections, ElementsAre("2: not below the zone's origin jp"));
  EXPECT_THAT(read_zone("kr. NS a.dns.\njp. SOA a b 1 2 3 4 5\nexample NS ns\n").rejections,
              ElementsAre("1: not below the zone's origin jp"));
}

// What the other file delegates would be missing without a word.
TEST(ZoneList, EndsAtAnInclude) {
  for (const std::string_view directive : {"$INCLUDE other.zone", "$include other.zone jp. ; more"}) {
    const auto list = read_below_jp("example.jp. NS ns.\n" + std::string(directive) + "\nlast.jp. NS ns.\n");
    EXPECT_THAT(list.error, Optional(HasSubstr("list:3: $INCLUDE: other files are not read"))) << directive;
  }
}

struct BadLine {
  std::string text;
  std::string_view reason;
};

class ZoneLineRefused : public ::testing::TestWithParam<BadLine> {};

// Behind each bad line a good one, which must be read.
TEST_P(ZoneLineRefused, SaysWhyAndGoesOn) {
  const auto list = read_below_jp("before.jp. NS ns.\n" + GetParam().text + "\nafter.jp. NS ns.\n");
  EXPECT_THAT(list.names, ElementsAre("before.jp", "after.jp"));
  ASSERT_EQ(list.rejections.size(), 1U);
  EXPECT_THAT(list.rejections[0], HasSubstr(GetParam().reason));
  EXPECT_EQ(list.rejected[0].line, 3U);
  EXPECT_EQ(list.rejected[0].text, GetParam().text.substr(0, 200));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ZoneLineRefused,
    ::testing::Values(
        BadLine{"$GENERATE 1-9 a$ NS ns", "$GENERATE"}, BadLine{"$FOO bar", "unknown directive"},
        BadLine{"$ORIGIN a..b.", "$ORIGIN: empty label"}, BadLine{"example.jp.", "no RR type"},
        BadLine{"example.jp. 3600 IN", "no RR type"},
        BadLine{"example.jp. IN NS", "NS without a name server"},
        BadLine{"example.jp. IN NS ; ns", "NS without a name server"},
        BadLine{"example.jp. IN NS a. b.", "more than one word"},
        BadLine{"example.jp. IN NS a..b.", "name server: empty label"},
        BadLine{"example.jp. IN BOGUS x", "neither a TTL nor a class nor an RR type"},
        BadLine{"example.jp. 1x NS ns.", "neither a TTL"}, BadLine{"example.jp. IN IN NS ns.", "two classes"},
        BadLine{"example.jp. 1 2 NS ns.", "two TTLs"}, BadLine{"a..jp. NS ns.", "empty label"},
        BadLine{std::string(64, 'a') + ".jp. NS ns.", "label longer than 63"},
        BadLine{"a\\300.jp. NS ns.", "bad escape"}, BadLine{"example.jp. NS ns. )", "closing parenthesis"},
        BadLine{"example.jp. TXT \"open", "quoted string does not end"},
        BadLine{"example.jp. TXT ( \"open", "quoted string does not end"},
        BadLine{"a\x01.jp. NS ns.", "control character"}, BadLine{"\xff.jp. NS ns.", "invalid UTF-8"},
        BadLine{"example.jp. NS ns\\", "bad escape"},
        BadLine{std::string(70000, 'x'), "longer than 65,536"}));

TEST(ZoneList, ConvertsCharactersAndKeepsOctets) {
  const auto list =
      read_below_jp("日本語.jp. NS ns.\n\\230\\151.jp. NS ns.\n_x.jp. NS ns.\n\\@.jp. NS ns.\n");
  EXPECT_THAT(list.names, ElementsAre("xn--wgv71a119e.jp", "\\230\\151.jp", "_x.jp", "\\064.jp"));
}

TEST(ZoneList, NeedsAnOwnerBeforeABlankOne) {
  EXPECT_THAT(read_zone(" NS ns.\nexample.jp. NS ns.\n").rejections,
              ElementsAre("1: no owner, and none before it"));
  // What follows a bad owner is that owner's.
  EXPECT_THAT(read_below_jp("a..jp. NS ns.\n NS ns2.\n").rejections,
              ElementsAre("2: empty label", "3: empty label"));
}

TEST(ZoneList, DoesNotLetAParenthesisSwallowTheRest) {
  const auto open_end = read_below_jp("good.jp. NS ns.\nexample.jp. NS ( ns.\nlost.jp. NS ns.\n");
  EXPECT_THAT(open_end.names, ElementsAre("good.jp"));
  ASSERT_EQ(open_end.rejected.size(), 1U);
  EXPECT_EQ(open_end.rejected[0].line, 3U);
  EXPECT_EQ(open_end.rejected[0].text, "example.jp. NS ( ns.");

  std::string text = "example.jp. TXT (\n";
  for (int i = 0; i < 60000; ++i) text += "name" + std::to_string(i) + ".jp. NS ns.\n";
  const auto long_list = read_below_jp(text);
  EXPECT_GT(long_list.names.size(), 20000U);
  ASSERT_EQ(long_list.rejections.size(), 1U);
  EXPECT_THAT(long_list.rejections[0],
              HasSubstr("2: a parenthesis that opens here is not closed up to line"));
}

TEST(ZoneList, PassesOverGenericRdata) {
  const auto list = read_below_jp("example.jp. CLASS1 TYPE2 \\# 4 02 6e730000\nx.jp. TYPE65280 \\# 0\n");
  EXPECT_THAT(list.names, ElementsAre("example.jp"));
  EXPECT_FALSE(list.entries[0].name_server);
}

TEST(ZoneWords, AreKnownInAnyCase) {
  EXPECT_EQ(classify_zone_word("nS"), ZoneWord::kTypeNs);
  EXPECT_EQ(classify_zone_word("type2"), ZoneWord::kTypeNs);
  EXPECT_EQ(classify_zone_word("Soa"), ZoneWord::kTypeSoa);
  EXPECT_EQ(classify_zone_word("in"), ZoneWord::kClassIn);
  EXPECT_EQ(classify_zone_word("CLASS1"), ZoneWord::kClassIn);
  EXPECT_EQ(classify_zone_word("class65280"), ZoneWord::kOtherClass);
  EXPECT_EQ(classify_zone_word("0"), ZoneWord::kTtl);
  EXPECT_EQ(classify_zone_word("1W2D3h4M5s"), ZoneWord::kTtl);
  for (const std::string_view type :
       {"A", "aaaa", "NSEC3PARAM", "https", "nsap-ptr", "TYPE65535", "OPENPGPKEY"}) {
    EXPECT_EQ(classify_zone_word(type), ZoneWord::kOtherType) << type;
  }
  for (const std::string_view word :
       {"", "BOGUS", "TYPE", "TYPE65536", "TYPE-1", "CLASS", "1.2", "a.b", "NSEC3PARAMS"}) {
    EXPECT_EQ(classify_zone_word(word), ZoneWord::kUnknown) << word;
  }
}

}  // namespace
}  // namespace dauth::scanner
