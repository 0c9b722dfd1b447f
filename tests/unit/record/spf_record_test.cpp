#include "scanner/record/spf_record.h"

#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

using namespace std::string_view_literals;

TEST(SpfRecognition, VersionOneBySection45) {
  for (const auto text : {"v=spf1", "v=spf1 ", "v=spf1 -all", "V=SpF1 ~all", "v=spf1  mx", "v=spf1 \xff"}) {
    EXPECT_TRUE(is_spf_record(text)) << text;
  }
  for (const auto text :
       {"", "v=spf", "v=spf10", "v=spf1-all", "v=spf1\t-all", " v=spf1 -all", "\"v=spf1 -all\"",
        "v =spf1 -all", "v=spf2 -all", "spf2.0/pra -all", "v=spf1,mx", "v=spf1\n"}) {
    EXPECT_FALSE(is_spf_record(text)) << text;
  }
  EXPECT_FALSE(is_spf_record("v=spf1\0 -all"sv));
}

TEST(SpfRecognition, TextOfTheRuleOf2005) {
  for (const auto text : {"spf", "v=SPF1", "v=spf10", "see my sPf record", "\x80spf", "sspf", "spspf"}) {
    EXPECT_TRUE(contains_spf_text(text)) << text;
  }
  for (const auto text : {"", "sp", "s pf", "s\0pf", "google-site-verification=x"}) {
    EXPECT_FALSE(contains_spf_text(text)) << text;
  }
}

TEST(SpfRecognition, SenderId) {
  for (const auto text : {"spf2.0/pra", "spf2.0/mfrom,pra ~all", "SPF2.0/PRA", "spf2.0/"}) {
    EXPECT_TRUE(is_sender_id_record(text)) << text;
  }
  for (const auto text : {"", "spf2.0", "spf2.0 -all", " spf2.0/pra", "spf2.1/pra", "v=spf2.0/pra"}) {
    EXPECT_FALSE(is_sender_id_record(text)) << text;
  }
}

TEST(SpfSyntax, BuildsTheTreeInOrder) {
  const std::string_view text =
      "v=spf1 a:mail.example.org/24//64 -mx//48 ~ptr ?include:_spf.%{d2} +ip4:192.0.2.0/25 "
      "IP6:2001:DB8::/32 exists:%{ir}.example.net moo.cow-1_x=man:dog/cat redirect=_spf.example.com "
      "-ALL exp=explain.%{d} ";
  const auto record = parse_spf(text);
  ASSERT_TRUE(record) << record.error().reason;
  ASSERT_EQ(record->directives.size(), 8U);

  const auto& a = std::get<SpfA>(record->directives[0].mechanism);
  EXPECT_EQ(record->directives[0].qualifier, SpfQualifier::kPass);
  ASSERT_TRUE(a.domain);
  EXPECT_EQ(a.domain->text, "mail.example.org");
  EXPECT_EQ(a.cidr, (SpfDualCidr{24, 64}));

  const auto& mx = std::get<SpfMx>(record->directives[1].mechanism);
  EXPECT_EQ(record->directives[1].qualifier, SpfQualifier::kFail);
  EXPECT_FALSE(mx.domain);
  EXPECT_EQ(mx.cidr, (SpfDualCidr{32, 48}));

  EXPECT_EQ(record->directives[2].qualifier, SpfQualifier::kSoftfail);
  EXPECT_FALSE(std::get<SpfPtr>(record->directives[2].mechanism).domain);

  EXPECT_EQ(record->directives[3].qualifier, SpfQualifier::kNeutral);
  const auto& include = std::get<SpfInclude>(record->directives[3].mechanism);
  EXPECT_EQ(include.domain.pieces.size(), 2U);

  const auto& ip4 = std::get<SpfIp4>(record->directives[4].mechanism);
  EXPECT_EQ(ip4, (SpfIp4{{192, 0, 2, 0}, 25}));
  const auto& ip6 = std::get<SpfIp6>(record->directives[5].mechanism);
  EXPECT_EQ(ip6, (SpfIp6{{0x20, 0x01, 0x0d, 0xb8}, 32}));
  EXPECT_EQ(std::get<SpfExists>(record->directives[6].mechanism).domain.text, "%{ir}.example.net");
  EXPECT_TRUE(std::holds_alternative<SpfAll>(record->directives[7].mechanism));

  ASSERT_EQ(record->unknown_modifiers.size(), 1U);
  EXPECT_EQ(record->unknown_modifiers[0].name, "moo.cow-1_x");
  EXPECT_EQ(record->unknown_modifiers[0].value.text, "man:dog/cat");
  ASSERT_TRUE(record->redirect);
  EXPECT_EQ(record->redirect->value.text, "_spf.example.com");
  ASSERT_TRUE(record->exp);
  EXPECT_EQ(record->exp->value.text, "explain.%{d}");
  EXPECT_EQ(text.substr(record->exp->offset, 4), "exp=");

  const auto term = [&](std::size_t i) {
    return text.substr(record->directives[i].offset, record->directives[i].length);
  };
  EXPECT_EQ(term(0), "a:mail.example.org/24//64");
  EXPECT_EQ(term(3), "?include:_spf.%{d2}");
  EXPECT_EQ(term(7), "-ALL");
}

// The records of RFC 7208 sections 4.7, 5.7, 6.1, 6.2, 7.3, 10.1 and appendices A, C and D.
TEST(SpfSyntax, AcceptsTheRecordsOfTheRfc) {
  for (const auto text :
       {"v=spf1 +mx a:colo.example.com/28 -all", "v=spf1 +mx -all", "v=spf1 +mx redirect=_spf.example.com",
        "v=spf1 exists:%{ir}.%{l1r+-}._spf.%{d} -all", "v=spf1 mx:example.com -all",
        "v=spf1 mx -all exp=explain._spf.%{d}", "v=spf1 -exists:%{ir}.sbl.example.org",
        "v=spf1 ip4:192.0.2.1 ip4:192.0.2.129 -all", "v=spf1 a:authorized-spf.example.com -all",
        "v=spf1 mx/30 mx:example.org/30 -all", "v=spf1 ptr -all",
        "v=spf1 include:example.com include:example.net -all",
        "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all",
        "v=spf1 exists:%{l1r+}.%{d}", "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all",
        "v=spf1 exists:_h.%{h}._l.%{l}._o.%{o}._i.%{i}._spf.%{d} ?all",
        "v=spf1 mx ?exists:%{ir}.whitelist.example.org -all",
        "v=spf1 mx redirect=%{l1r+}._at_.%{o}._spf.%{d}"}) {
    EXPECT_TRUE(parse_spf(text)) << text;
  }
}

TEST(SpfSyntax, AcceptsTheEdges) {
  for (const auto text :
       {"v=spf1", "v=spf1 ", "v=spf1      ", "V=SPF1 MX -ALL", "v=spf1   a   -all   ",
        "v=spf1 a/0 a//0 a/0//0", "v=spf1 a/32//128", "v=spf1 ip4:192.0.2.1/0 ip4:192.0.2.1/32",
        "v=spf1 ip6:::/0 ip6:::1/128", "v=spf1 ip6:::ffff:192.0.2.1/96", "v=spf1 a:%{d}/24",
        "v=spf1 a:%{d/}//64", "v=spf1 a:example.com./24", "v=spf1 a:a/24.example.com/24",
        // A term with "=" behind a name is a modifier whatever the name (section 4.6.1), and an unknown one
        // may come as often as it likes (section 6).
        "v=spf1 v=spf1 mx", "v=spf1 ip4=192.0.2.1 ip4=192.0.2.2 all=", "v=spf1 x= x= x=",
        "v=spf1 default=deny ra=postmaster rp=10 rr=all"}) {
    const auto record = parse_spf(text);
    EXPECT_TRUE(record) << text << ": " << record.error().reason;
  }
}

struct BadRecord {
  std::string_view text;
  std::size_t at;
  std::string_view section;
};

TEST(SpfSyntax, RefusesWithSectionAndOffset) {
  for (const auto& [text, at, section] :
       std::initializer_list<BadRecord>{{"", 0, "4.5"},
                                        {"v=spf10", 0, "4.5"},
                                        {"v=spf1 moo", 7, "4.6.1"},
                                        {"v=spf1 ip4:192.0.2.1 -all moo", 26, "4.6.1"},
                                        {"v=spf1 +", 8, "4.6.1"},
                                        {"v=spf1 --all", 8, "4.6.1"},
                                        {"v=spf1 !all", 7, "4.6.1"},
                                        {"v=spf1 +redirect=example.com", 8, "4.6.1"},
                                        {"v=spf1 redirect:example.com", 7, "4.6.1"},
                                        {"v=spf1 moo.cow/far=man", 7, "4.6.1"},
                                        {"v=spf1 1up=foo", 7, "4.6.1"},
                                        {"v=spf1 =all", 7, "4.6.1"},
                                        {"v=spf1 :all", 7, "4.6.1"},
                                        {"v=spf1 -all.", 8, "4.6.1"},
                                        {"v=spf1 ipv4:192.0.2.1", 7, "4.6.1"},
                                        {"v=spf1 mx,-all", 7, "4.6.1"},
                                        {"v=spf1 \tmx", 7, "4.6.1"},
                                        {"v=spf1 mx\t-all", 7, "4.6.1"},
                                        {"v=spf1 mx\r\n", 7, "4.6.1"},
                                        {"v=spf1 \x80"
                                         "a:example.net",
                                         7, "4.6.1"},
                                        {"v=spf1 -all:foobar", 11, "5.1"},
                                        {"v=spf1 -all/8", 11, "5.1"},
                                        {"v=spf1 include", 14, "5.2"},
                                        {"v=spf1 include/24", 14, "5.2"},
                                        {"v=spf1 include:", 15, "7.1"},
                                        {"v=spf1 include:example.com/24", 23, "7.1"},
                                        {"v=spf1 a:", 9, "7.1"},
                                        {"v=spf1 a/", 8, "5.3"},
                                        {"v=spf1 a//", 8, "5.3"},
                                        {"v=spf1 a/33", 9, "5.6"},
                                        {"v=spf1 a/032", 9, "5.6"},
                                        {"v=spf1 a//129", 10, "5.6"},
                                        {"v=spf1 a/24/64", 12, "5.6"},
                                        {"v=spf1 a/24/24", 8, "5.3"},
                                        {"v=spf1 a//64/24", 8, "5.3"},
                                        {"v=spf1 a/99999999999999999999", 9, "5.6"},
                                        {"v=spf1 a:example.com:8080", 17, "7.1"},
                                        {"v=spf1 a:foo.example.com\0"sv, 24, "7.1"},
                                        {"v=spf1 a:192.0.2.1", 17, "7.1"},
                                        {"v=spf1 mx:", 10, "7.1"},
                                        {"v=spf1 mx/24:example.com", 9, "5.4"},
                                        {"v=spf1 ptr/0", 10, "5.5"},
                                        {"v=spf1 ptr:", 11, "7.1"},
                                        {"v=spf1 ip4", 10, "5.6"},
                                        {"v=spf1 ip4/24", 10, "5.6"},
                                        {"v=spf1 ip4:", 11, "5.6"},
                                        {"v=spf1 ip4:192.0.2", 18, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0/33", 21, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0/032", 21, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0/", 21, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0//32", 21, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0:25", 20, "5.6"},
                                        {"v=spf1 ip4:192.0.2.0,192.0.2.1", 20, "5.6"},
                                        {"v=spf1 ip4:2001:db8::1", 14, "5.6"},
                                        {"v=spf1 ip6", 10, "5.6"},
                                        {"v=spf1 ip6:::1/129", 15, "5.6"},
                                        {"v=spf1 ip6:::1//64", 15, "5.6"},
                                        {"v=spf1 ip6::cafe::babe", 11, "5.6"},
                                        {"v=spf1 ip6:192.0.2.1", 20, "5.6"},
                                        {"v=spf1 exists", 13, "5.7"},
                                        {"v=spf1 exists:", 14, "7.1"},
                                        {"v=spf1 exists:mail.example.com/24", 27, "7.1"},
                                        {"v=spf1 redirect=", 16, "7.1"},
                                        {"v=spf1 redirect=-all", 16, "7.1"},
                                        {"v=spf1 exp=", 11, "7.1"},
                                        {"v=spf1 exp=%{r}.example.com", 13, "7.2"},
                                        {"v=spf1 redirect=a.example redirect=b.example", 26, "6"},
                                        {"v=spf1 exp=a.example -all EXP=a.example", 26, "6"},
                                        {"v=spf1 -all foo=%abc", 16, "7.3"},
                                        {"v=spf1 exists:%(ir).sbl.example.org", 14, "7.3"}}) {
    const auto record = parse_spf(text);
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().offset, at) << text;
    EXPECT_EQ(record.error().section, std::string("RFC 7208 section ") + std::string(section)) << text;
  }
}

struct PolicyCase {
  std::string_view text;
  SpfAllPolicy policy;
};

TEST(SpfAllPolicyOf, FirstAllThenRedirect) {
  for (const auto& [text, policy] :
       std::initializer_list<PolicyCase>{{"v=spf1 -all", SpfAllPolicy::kFail},
                                         {"v=spf1 mx ~ALL", SpfAllPolicy::kSoftfail},
                                         {"v=spf1 ?all", SpfAllPolicy::kNeutral},
                                         {"v=spf1 all", SpfAllPolicy::kPass},
                                         {"v=spf1 +all", SpfAllPolicy::kPass},
                                         {"v=spf1 ~all -all", SpfAllPolicy::kSoftfail},
                                         {"v=spf1 redirect=example.com ~all", SpfAllPolicy::kSoftfail},
                                         {"v=spf1 mx redirect=example.com", SpfAllPolicy::kRedirect},
                                         {"v=spf1 mx", SpfAllPolicy::kNone},
                                         {"v=spf1", SpfAllPolicy::kNone},
                                         {"v=spf1 all=x", SpfAllPolicy::kNone}}) {
    const auto record = parse_spf(text);
    ASSERT_TRUE(record) << text;
    EXPECT_EQ(all_policy(*record), policy) << text;
  }
}

}  // namespace
}  // namespace dauth::scanner
