// The collected ABNF of RFC 7208 section 12, production by production: what each allows at its edges and what
// it does not. Where prose narrows the ABNF, the section stands beside the case. Literals of the ABNF compare
// without case (RFC 5234 section 2.3). What an error says is spf_record_test.cpp's matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

using namespace std::string_literals;

struct Production {
  const char* name;
  std::vector<std::string> valid;
  std::vector<std::string> invalid;
};

void check(std::string_view before, std::string_view behind, const std::vector<Production>& productions) {
  for (const Production& production : productions) {
    SCOPED_TRACE(production.name);
    for (const std::string& text : production.valid) {
      const auto parsed = parse_spf(std::string(before) + text + std::string(behind));
      EXPECT_TRUE(parsed) << testing::PrintToString(text) << ": " << parsed.error().reason;
    }
    for (const std::string& text : production.invalid) {
      const std::string record = std::string(before) + text + std::string(behind);
      const auto parsed = parse_spf(record);
      ASSERT_FALSE(parsed) << testing::PrintToString(text);
      // In the text itself or right behind it (a dot there is a macro's delimiter): what stands around it is
      // no error.
      EXPECT_GE(parsed.error().offset, before.find_last_of(' ') == std::string_view::npos ? 0 : 7U) << text;
      EXPECT_LE(parsed.error().offset, before.size() + text.size() + 1) << testing::PrintToString(text);
    }
  }
}

TEST(SpfGrammar, RecordsAndTerms) {
  check("", "",
        {{"record = version terms *SP",
          {"v=spf1", "v=spf1 ", "v=spf1    ", "V=SPF1 mx", "v=spf1 mx ", "v=spf1 mx    ", "v=spf1   mx    a"},
          {"", " v=spf1", "v=spf1mx", "v=spf1\tmx", "v=spf1-all", "v=spf2 mx", "v=spf1\n", "v=spf1\0"s,
           "v=spf1 mx\t", "v=spf1 \t", "v=spf1 mx\n", "v=spf1 mx\r\n", "v=spf1 mx\0"s, "v=spf1 mx\xa0",
           "v=spf1 mx\ta"}}});
  check("v=spf1 ", "",
        {{"terms = *( 1*SP ( directive / modifier ) )",
          {"mx", "mx a", "a=b mx c=d", "mx  a   -all"},
          {"mx,a", "mx;a", "mx\ta",
           "mx\xc2\xa0"
           "a",
           "\"mx\"", "(mx)"}},
         {"directive = [ qualifier ] mechanism; qualifier = \"+\" / \"-\" / \"?\" / \"~\"",
          {"mx", "+mx", "-mx", "?mx", "~mx"},
          {"+", "-", "++mx", "+-mx", "*mx", "!mx", "+ mx", "- all", "mx-", "+a=b", "-redirect=example.jp",
           "\xe2\x80\x93"
           "all"}},
         {"mechanism = one of eight, letters without case",
          {"all", "ALL", "InClude:a.jp", "A", "MX", "PTR", "Ip4:192.0.2.1", "iP6:::", "EXISTS:a.jp"},
          {"al", "alll", "any", "mxx", "aa", "ipv4:192.0.2.1", "ip:192.0.2.1", "ip5:192.0.2.1", "spf",
           "include_:a.jp", ":", "/", ":a.jp", "/24"}}});
}

TEST(SpfGrammar, Mechanisms) {
  check("v=spf1 ", " -all",
        {{"all = \"all\"", {"all", "-all"}, {"all:", "all:x", "all:example.jp", "all/24", "all/", "all."}},
         {"include = \"include\" \":\" domain-spec",
          {"include:example.jp", "include:%{d}", "include:_spf.example.jp.", "include::example.jp"},
          {"include", "include:", "include:jp", "include/24", "include:example.jp/24", "include: example.jp",
           "include:example.jp//64"}},
         {"a = \"a\" [ \":\" domain-spec ] [ dual-cidr-length ]",
          {"a", "a:example.jp", "a/24", "a//64", "a/24//64", "a:example.jp/24", "a:example.jp//64",
           "a:example.jp/24//64", "a:%{d}/24//64", "a:a.jp,b.jp"},
          {"a:", "a:/24", "a:jp", "a/24:example.jp", "a:192.0.2.1", "a:example.jp:25"}},
         {"mx = \"mx\" [ \":\" domain-spec ] [ dual-cidr-length ]",
          {"mx", "mx:example.jp", "mx/0", "mx//0", "mx:example.jp/24//64"},
          {"mx:", "mx:/24", "mx://64", "mx/24:example.jp", "mx:jp/24"}},
         {"ptr = \"ptr\" [ \":\" domain-spec ]",
          {"ptr", "ptr:example.jp", "ptr:%{d}"},
          {"ptr:", "ptr/24", "ptr/0", "ptr//64", "ptr:example.jp/24", "ptr:jp"}},
         {"exists = \"exists\" \":\" domain-spec; a macro is not asked for",
          {"exists:example.jp", "exists:%{i}.example.jp", "exists:%{ir}.%{v}._spf.%{d2}"},
          {"exists", "exists:", "exists/24", "exists:jp", "exists:example.jp/24",
           "exists:%{i}.example.jp//64", "exists=%{"}}});
}

TEST(SpfGrammar, PrefixLengths) {
  check("v=spf1 a", " -all",
        {{"ip4-cidr-length = \"/\" (\"0\" / %x31-39 0*1DIGIT), 0 to 32",
          {"/0", "/1", "/9", "/10", "/32"},
          {"/", "/00", "/01", "/024", "/33", "/99", "/100", "/4294967328", "/-1", "/+1", "/ 24", "/2x",
           "/24/", "/0x18", "/24 /64"}},
         {"dual-cidr-length = [ ip4-cidr-length ] [ \"/\" ip6-cidr-length ], 0 to 128",
          {"//0", "//1", "//64", "//99", "//128", "/0//0", "/32//128"},
          {"//", "//00", "//064", "//129", "//1000", "/24//", "//64/24", "//64//64", "/24/64", "/24///64",
           "///64", "/33//64", "/24//129"}}});
}

TEST(SpfGrammar, Addresses) {
  check("v=spf1 ip4", " -all",
        {{"ip4 = \"ip4\" \":\" ip4-network [ ip4-cidr-length ]",
          {":192.0.2.0", ":192.0.2.0/0", ":192.0.2.0/9", ":192.0.2.0/32", ":192.0.2.255/24"},
          {"", ":", "/24", ":/24", ":192.0.2.0/", ":192.0.2.0/33", ":192.0.2.0/00", ":192.0.2.0/024",
           ":192.0.2.0//24", ":192.0.2.0/24//64", ":192.0.2.0-192.0.2.9", ":192.0.2.0,192.0.2.1",
           ":192.0.2.0/255.255.255.0", "::192.0.2.0", ":%{i}", ":example.jp"}},
         {"ip4-network = qnum \".\" qnum \".\" qnum \".\" qnum; qnum without leading zeros, 0 to 255",
          {":0.0.0.0", ":255.255.255.255", ":1.10.100.200", ":249.250.99.9"},
          {":192.0.2", ":192.0.2.", ":.192.0.2.1", ":192.0.2.1.", ":192.0.2.1.1", ":192..2.1", ":192.0.2.256",
           ":192.0.2.300", ":192.0.2.1000", ":192.0.2.01", ":192.0.2.001", ":192.00.2.1", ":0192.0.2.1",
           ":192.0.2.x", ":192.0.2.-1", ":192.0.2.0x1", ":3221225985"}}});
  check("v=spf1 ip6", " -all",
        {{"ip6 = \"ip6\" \":\" ip6-network [ ip6-cidr-length ]",
          {":2001:db8::1", ":2001:db8::/0", ":2001:db8::/32", ":2001:db8::/128"},
          {"", ":", "/64", ":/64", ":2001:db8::/", ":2001:db8::/129", ":2001:db8::/064", ":2001:db8:://64",
           ":2001:db8::1%eth0", ":[2001:db8::1]", ":192.0.2.1", ":%{i}"}},
         {"ip6-network by RFC 4291 section 2.2",
          {":::", ":::1", ":1::", ":1:2:3:4:5:6:7:8", ":1:2:3:4:5:6:7::", ":::2:3:4:5:6:7:8", ":ABCD:ef01::",
           ":0001:02:003:4::", ":::ffff:192.0.2.1", ":1:2:3:4:5:6:192.0.2.1", ":64:ff9b::192.0.2.1/96"},
          {":1:2:3:4:5:6:7", ":1:2:3:4:5:6:7:8:9", ":1::2::3", "::1", ":1:2:3:4:5:6:7:8::", ":1:", ":12345::",
           ":g::", ":::192.0.2", ":::192.0.2.01", ":::192.0.2.1:1", ":1:2:3:4:5:6:7:192.0.2.1", "::::"}}});
}

TEST(SpfGrammar, Modifiers) {
  check("v=spf1 ", " -all",
        {{"redirect = \"redirect\" \"=\" domain-spec, once (section 6)",
          {"redirect=_spf.example.jp", "REDIRECT=example.jp", "redirect=%{d}"},
          {"redirect", "redirect=", "redirect:example.jp", "redirect=jp", "redirect=example.jp/24",
           "redirect = example.jp", "redirect= example.jp", "redirect=a.jp redirect=a.jp",
           "redirect=a.jp mx Redirect=b.jp"}},
         {"explanation = \"exp\" \"=\" domain-spec, once (section 6)",
          {"exp=explain._spf.%{d}", "EXP=example.jp", "redirect=a.jp exp=b.jp"},
          {"exp", "exp=", "exp=jp", "exp=example.jp/24", "exp=a.jp exp=b.jp", "exp=a.jp mx eXp=a.jp"}},
         {"unknown-modifier = name \"=\" macro-string; as often as one likes (section 6)",
          {"foo=", "foo=bar", "foo=bar/baz:x", "foo=%{d}%%%_%-", "foo=a foo=b FOO=c", "foo==", "foo=a=b",
           "foo=123", "foo=.", "v=spf1", "all=", "mx=10", "redirects=", "foo=~!@#$^&*()"},
          {"foo", "foo =bar", "foo=%", "foo=%a", "foo=%{", "foo=%{d", "foo=%{x}", "foo=\x7f",
           "foo=\xe3\x81\x82", "foo=\tb", "foo=bar\x01"}},
         {"name = ALPHA *( ALPHA / DIGIT / \"-\" / \"_\" / \".\" )",
          {"f=", "F=", "f1=", "f-=", "f_=", "f.=", "f1-_.x="},
          {"=", "1f=", "-f=", "_f=", ".f=", "f+=", "f:=", "f/=", "f%=", "f\xc3\xa9="}}});
}

TEST(SpfGrammar, DomainSpecs) {
  check("v=spf1 exists:", " -all",
        {{"domain-spec = macro-string domain-end",
          {"a.jp", ".jp", "a..jp", "-.jp", "!\"#$&'()*+,;<=>?@[]^`{|}.jp", "a/b.jp", "a:b.jp", "a=b.jp"},
          {"jp", ".", "..", "jp.", "a.jp..", "a.", "\x80.jp", "a\x7f.jp", "\xe3\x81\x82.jp", "a\t.jp"}},
         {"domain-end = ( \".\" toplabel [ \".\" ] ) / macro-expand",
          {"a.jp", "a.jp.", "a%{d}", "a.%{d}", "%{d}", "%%", "a%%", "a%_", "a%-", "%{d}.jp", "%{d}.jp."},
          {"%{d}jp", "%{d}.", "%{d}a", "%{d}.1", "a.jp%{d}b", "a.jp%%b", "%{d}/24", "a.jp/"}},
         {"toplabel = *alphanum ALPHA *alphanum / 1*alphanum \"-\" *( alphanum / \"-\" ) alphanum",
          {"a.j", "a.J", "a.1j", "a.j1", "a.1j1", "a.xn--fiqs8s", "a.j-p", "a.1-1", "a.j--p", "a.0-0-0",
           "a.museum"},
          {"a.1", "a.123", "192.0.2.1", "a.-", "a.-j", "a.j-", "a.-1-", "a.1-", "a.j_p", "a.j,p", "a.j+p",
           "a.j\xc3\xa9"}}});
}

TEST(SpfGrammar, Macros) {
  check(
      "v=spf1 exists:", ".example.jp -all",
      {{"macro-string = *( macro-expand / macro-literal )",
        {"", "a", "%{i}", "a%{i}b%{d}c", "%{i}%{d}", "%%%%", "%_%-%%"},
        {"%", "%a", "a%", "%%%", "% {i}", "%\x80"}},
       {"macro-expand = ( \"%{\" macro-letter transformers *delimiter \"}\" ) / \"%%\" / \"%_\" / \"%-\"",
        {"%{d}", "%%", "%_", "%-"},
        {"%{", "%{}", "%{d", "%d", "%{d}}%", "%(d)", "%[d]", "%{ d}", "%{d }", "%{{d}}", "%{dd}", "%+", "%.",
         "%/"}},
       {"macro-literal = %x21-24 / %x26-7E",
        {"!", "$", "&", "~", "{", "}", "/", ":", "\"", "\\"},
        {"\x01", "\t", "\x7f", "\x80", "\xff", "\0"s}},
       {"macro-letter; c, r and t in explanations only (section 7.2)",
        {"%{s}", "%{l}", "%{o}", "%{d}", "%{i}", "%{p}", "%{h}", "%{v}", "%{S}", "%{L}", "%{O}", "%{D}",
         "%{I}", "%{P}", "%{H}", "%{V}"},
        {"%{c}", "%{r}", "%{t}", "%{C}", "%{R}", "%{T}", "%{a}", "%{e}", "%{x}", "%{1}", "%{-}", "%{%}",
         "%{\xc3\xa9}"}},
       {"transformers = *DIGIT [ \"r\" ]; the number not zero (section 7.3)",
        {"%{d1}", "%{d9}", "%{d01}", "%{d127}", "%{d128}", "%{d99999999999999999999}", "%{dr}", "%{dR}",
         "%{d2r}", "%{D2R}"},
        {"%{d0}", "%{d00}", "%{d0r}", "%{dr2}", "%{drr}", "%{d-1}", "%{d+r}", "%{d2x}", "%{2d}", "%{rd}",
         "%{d1 r}"}},
       {"delimiter = \".\" / \"-\" / \"+\" / \",\" / \"/\" / \"_\" / \"=\"",
        {"%{d.}", "%{d-}", "%{d+}", "%{d,}", "%{d/}", "%{d_}", "%{d=}", "%{d.-+,/_=}", "%{d2r..}", "%{d--}"},
        {"%{d:}", "%{d;}", "%{d*}", "%{d!}", "%{d@}", "%{d.2}", "%{d.r}", "%{d. }", "%{d\\}", "%{d.\x80}"}}});
  // The names that redirect= and exp= hold are no explanations either; an unknown modifier's value is not.
  for (const std::string& letter : std::vector<std::string>{"c", "r", "t", "C", "R", "T"}) {
    EXPECT_FALSE(parse_spf("v=spf1 redirect=%{" + letter + "}.example.jp")) << letter;
    EXPECT_FALSE(parse_spf("v=spf1 exp=%{" + letter + "}.example.jp")) << letter;
    EXPECT_FALSE(parse_spf("v=spf1 x-note=%{" + letter + "}")) << letter;
    EXPECT_TRUE(parse_explain_string("%{" + letter + "}")) << letter;
  }
}

TEST(SpfGrammar, ExplainStrings) {
  // explain-string = *( macro-string / SP )
  for (const auto* text : {"", " ", "   ", "a b", "%{d} %{c} %%", "See http://%{d}/why?s=%{S}"}) {
    EXPECT_TRUE(parse_explain_string(text)) << text;
  }
  for (const std::string& text :
       std::vector<std::string>{"\t", "a\tb", "a\n", "%", "100% of", "%{x}", "\xe3\x81\x82", "\x7f", "\0"s}) {
    const auto parsed = parse_explain_string(text);
    ASSERT_FALSE(parsed) << testing::PrintToString(text);
    EXPECT_LE(parsed.error().offset, text.size());
  }
}

// Every octet at each place that the grammar tells apart: allowed exactly where it says so.
TEST(SpfGrammar, EveryOctetWhereItMayStand) {
  const auto is_in = [](int octet, std::string_view set) {
    return set.find(static_cast<char>(octet)) != std::string_view::npos;
  };
  const auto alpha = [](int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](int c) { return c >= '0' && c <= '9'; };
  const auto text = [](std::string_view before, int octet, std::string_view behind) {
    std::string record(before);
    record += static_cast<char>(octet);
    record += behind;
    return record;
  };
  for (int c = 0; c < 256; ++c) {
    SCOPED_TRACE(c);
    const bool literal = (c >= 0x21 && c <= 0x7e) && c != '%';
    // A space ends the term; "exists:a" alone is no domain-spec, and "x=a" and "b" are two terms.
    EXPECT_EQ(parse_spf(text("v=spf1 exists:a", c, "b.jp")).has_value(), literal);
    EXPECT_EQ(parse_spf(text("v=spf1 x=a", c, "")).has_value(), literal || c == ' ');
    EXPECT_EQ(parse_spf(text("v=spf1 x", c, "y=1")).has_value(), alpha(c) || digit(c) || is_in(c, "-_.="));
    EXPECT_EQ(parse_spf(text("v=spf1 ", c, "=1")).has_value(), alpha(c));
    EXPECT_EQ(parse_spf(text("v=spf1 ", c, "all")).has_value(), is_in(c, "+-?~ "));
    EXPECT_EQ(parse_spf(text("v=spf1", c, "all")).has_value(), c == ' ');
    EXPECT_EQ(parse_spf(text("v=spf1 exists:%{", c, "}")).has_value(), is_in(c, "slodipvhSLODIPVH"));
    EXPECT_EQ(parse_spf(text("v=spf1 exists:%{d", c, "}")).has_value(),
              (digit(c) && c != '0') || is_in(c, "rR.-+,/_="));
    EXPECT_EQ(parse_spf(text("v=spf1 exists:a.", c, "")).has_value(), alpha(c));
    EXPECT_EQ(parse_spf(text("v=spf1 exists:a.x", c, "y")).has_value(),
              alpha(c) || digit(c) || is_in(c, "-."));
    EXPECT_EQ(parse_spf(text("v=spf1 a/", c, "")).has_value(), digit(c));
    EXPECT_EQ(parse_spf(text("v=spf1 ip4:192.0.2.1", c, "")).has_value(), digit(c) || c == ' ');
  }
}

}  // namespace
}  // namespace dauth::scanner
