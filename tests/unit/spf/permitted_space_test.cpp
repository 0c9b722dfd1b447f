#include "scanner/spf/permitted_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/spf/address_set.h"
#include "tests/unit/spf/spf_script.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using testing::ScriptedInquiry;
using testing::spf_script;
using Lines = std::vector<std::string>;

PermittedSpace space_of(const Lines& lines) {
  ScriptedInquiry inquiry(spf_script(lines));
  return inquiry.run(examine_permitted_space(inquiry, testing::name("example.jp")));
}

TEST(PermittedSpace, NetworksAreCountedOnce) {
  struct Case {
    std::string record;
    std::uint64_t ipv4;
    std::string ipv6;
  };
  for (const Case& each : std::vector<Case>{
           {"v=spf1", 0, "0"},
           {"v=spf1 -all", 0, "0"},
           {"v=spf1 +all", 4294967296, "340282366920938463463374607431768211456"},
           {"v=spf1 ip4:0.0.0.0/0", 4294967296, "0"},
           {"v=spf1 ip6:::/0 ?all", 0, "340282366920938463463374607431768211456"},
           {"v=spf1 ip4:192.0.2.1", 1, "0"},
           {"v=spf1 ip4:192.0.2.77/24 ip4:192.0.2.0/25 ip4:192.0.2.128/25", 256, "0"},
           {"v=spf1 ip4:192.0.2.0/25 ip4:192.0.3.0/25 ip4:192.0.2.64/26", 256, "0"},
           {"v=spf1 ip6:2001:db8::/32 ip6:2001:db8::/33", 0, "79228162514264337593543950336"},
           {"v=spf1 ip6:2001:db8::1 ip6:2001:db8::2 ip6:2001:db8::2", 0, "2"},
           {"v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all", 128, "0"},
           {"v=spf1 ~ip4:192.0.2.1 ?ip4:192.0.2.2 ip4:192.0.2.0/24", 254, "0"},
           {"v=spf1 ip4:192.0.2.0/25 -ip4:192.0.2.0/24 ip4:192.0.2.0/24", 128, "0"},
           {"v=spf1 -ip4:10.0.0.0/8 +all", 4278190080, "340282366920938463463374607431768211456"},
           {"v=spf1 ip6:::ffff:192.0.2.0/120", 0, "0"}}) {
    const PermittedSpace space = space_of({"example.jp TXT " + each.record});
    EXPECT_EQ(space.ipv4_addresses, each.ipv4) << each.record;
    EXPECT_EQ(space.ipv6_addresses, each.ipv6) << each.record;
    EXPECT_EQ(space.dns_terms, 0U);
  }
}

TEST(PermittedSpace, HostsIncludesAndRedirect) {
  const PermittedSpace space = space_of(
      {"example.jp TXT v=spf1 a/24//64 mx include:i.jp exists:no.jp redirect=r.jp", "example.jp A 192.0.2.1",
       "example.jp AAAA 2001:db8::1", "example.jp MX 5 m.jp", "m.jp A 192.0.2.200", "m.jp A 198.51.100.1",
       "m.jp AAAA NODATA", "i.jp TXT v=spf1 -ip4:198.51.100.0/25 ip4:198.51.100.0/24 ?all",
       "no.jp A NXDOMAIN", "r.jp TXT v=spf1 ip4:198.51.100.2 ip4:203.0.113.0/24 ip6:2001:db8:1::/64 -all"});
  // 256 of a (mx's first within), one of mx, 128 of the include, then those that the include said fail of:
  // there that is no match, so the redirect may still permit 198.51.100.2; 256 of the redirect.
  EXPECT_EQ(space.ipv4_addresses, 256U + 1U + 128U + 1U + 256U);
  EXPECT_EQ(space.ipv6_addresses, "36893488147419103232");
  EXPECT_EQ(space.dns_terms, 5U);
  EXPECT_EQ(space.void_lookups_ipv4, 1U);
  EXPECT_EQ(space.void_lookups_ipv6, 2U);
  EXPECT_TRUE(space.is_count_complete);
  EXPECT_THAT(space.not_countable, ::testing::IsEmpty());
  EXPECT_EQ(space.root.terms.at(2).nested.at(0).domain, "i.jp");
  EXPECT_EQ(space.root.terms.at(4).nested.at(0).domain, "r.jp");
}

TEST(PermittedSpace, AnIncludeThatTakesAway) {
  const PermittedSpace space = space_of(
      {"example.jp TXT v=spf1 -include:i.jp ip4:192.0.2.0/24 -all", "i.jp TXT v=spf1 ip4:192.0.2.0/26 -all"});
  EXPECT_EQ(space.ipv4_addresses, 192U);
}

TEST(PermittedSpace, WhatDependsOnTheSenderIsTold) {
  const PermittedSpace space =
      space_of({"example.jp TXT v=spf1 ptr exists:%{i}.e.jp include:%{d}.i.jp a:%{h} ip4:192.0.2.1 -all",
                "example.jp.i.jp TXT v=spf1 exists:%{l}.e.jp redirect=%{o}.r.jp"});
  EXPECT_THAT(space.not_countable, ElementsAre("example.jp: ptr", "example.jp: exists:%{i}.e.jp",
                                               "example.jp.i.jp: exists:%{l}.e.jp",
                                               "example.jp.i.jp: redirect=%{o}.r.jp", "example.jp: a:%{h}"));
  EXPECT_EQ(space.ipv4_addresses, 1U);
  EXPECT_EQ(space.dns_terms, 6U);
}

TEST(PermittedSpace, ErrorsPermitNobodyBehindThem) {
  // Nobody gets to what stands behind an include without a record, but who is matched before it passes.
  PermittedSpace space =
      space_of({"example.jp TXT v=spf1 ip4:192.0.2.1 include:i.jp ip4:192.0.2.2 include:j.jp",
                "i.jp TXT NXDOMAIN", "j.jp TXT v=spf1 ip4:192.0.2.3"});
  EXPECT_EQ(space.ipv4_addresses, 1U);
  EXPECT_EQ(space.dns_terms, 2U) << "the count goes on";
  EXPECT_EQ(space.root.terms.at(1).outcome, SpfTermOutcome::kError);
  space = space_of(
      {"example.jp TXT v=spf1 a ip4:192.0.2.2", "example.jp A TIMEOUT", "example.jp AAAA 2001:db8::1"});
  EXPECT_EQ(space.ipv4_addresses, 0U) << "temperror for every IPv4 client";
  EXPECT_EQ(space.ipv6_addresses, "1");
  space = space_of({"example.jp TXT v=spf1 foo"});
  EXPECT_EQ(space.root.result, SpfResult::kPermerror);
  space = space_of({"example.jp TXT NODATA"});
  EXPECT_EQ(space.root.result, SpfResult::kNone);
}

std::vector<std::string> breaks_of(const Lines& lines) {
  std::vector<std::string> texts;
  for (const SpfBreak& broken : space_of(lines).breaks) {
    texts.push_back(std::string(to_text(broken.result)) + (broken.ipv4.empty() ? "" : " ipv4") +
                    (broken.ipv6.empty() ? "" : " ipv6") + ": " + std::string(to_text(broken.cause.reason)) +
                    ": " + broken.cause.domain + ": " + broken.cause.term);
  }
  return texts;
}

std::string break_text(std::string_view who, SpfReason reason, std::string_view where) {
  return std::string(who) + ": " + std::string(to_text(reason)) + ": " + std::string(where);
}

TEST(PermittedSpace, WhereItEndsInAnErrorAndForWhom) {
  const std::string a = "example.jp A 192.0.2.1";
  const std::string aaaa = "example.jp AAAA 2001:db8::1";
  const std::vector<std::pair<Lines, Lines>> cases = {
      {{"example.jp TXT v=spf1 a -all", a, aaaa}, {}},
      // Nobody comes to the second.
      {{"example.jp TXT v=spf1 include:i.jp include:j.jp -all", "i.jp TXT NODATA", "j.jp TXT NODATA"},
       {break_text("permerror ipv4 ipv6", SpfReason::kIncludeNoRecord, "i.jp: include:i.jp")}},
      {{"example.jp TXT v=spf1 +all include:i.jp", "i.jp TXT NODATA"}, {}},
      {{"example.jp TXT v=spf1 redirect=i.jp", "i.jp TXT NXDOMAIN"},
       {break_text("permerror ipv4 ipv6", SpfReason::kRedirectNoRecord, "i.jp: redirect=i.jp")}},
      {{"example.jp TXT v=spf1 include:i.jp", "i.jp TXT v=spf1 ip4:1.2.3"},
       {break_text("permerror ipv4 ipv6", SpfReason::kSyntax, "i.jp: ")}},
      {{"example.jp TXT v=spf1 ip6:::/0 redirect=i.jp", "i.jp TXT v=spf1", "i.jp TXT v=spf1 -all"},
       {break_text("permerror ipv4", SpfReason::kSeveralRecords, "i.jp: ")}},
      {{"example.jp TXT v=spf1 a a a a a a a a a a a -all", a, aaaa},
       {break_text("permerror ipv4 ipv6", SpfReason::kTooManyTerms, "example.jp: a")}},
      {{"example.jp TXT v=spf1 a mx a -all", a, "example.jp AAAA NODATA", "example.jp MX NODATA"},
       {break_text("permerror ipv6", SpfReason::kTooManyVoidLookups, "example.jp: a")}},
      {{"example.jp TXT v=spf1 a ?all", "example.jp A SERVFAIL", aaaa},
       {break_text("temperror ipv4", SpfReason::kLookupFailed, "example.jp: a")}},
      {{"example.jp TXT v=spf1 include:b.jp", "b.jp TXT v=spf1 include:example.jp"},
       {break_text("permerror ipv4 ipv6", SpfReason::kTooManyTerms, "b.jp: include:example.jp")}},
      // The record's own fault is told by the root.
      {{"example.jp TXT v=spf1 foo"}, {}},
  };
  for (const auto& [lines, expected] : cases) EXPECT_EQ(breaks_of(lines), expected) << lines.front();
}

TEST(PermittedSpace, WhatNobodyGetsToIsNotSaidToMatch) {
  const PermittedSpace space = space_of(
      {"example.jp TXT v=spf1 include:i.jp ip4:192.0.2.1 a include:j.jp exists:%{i}.e.jp -all redirect=k.jp",
       "i.jp TXT NXDOMAIN", "j.jp TXT v=spf1 ip4:192.0.2.3 -all"});
  std::vector<SpfTermOutcome> outcomes;
  for (const SpfTermTrace& term : space.root.terms) outcomes.push_back(term.outcome);
  EXPECT_EQ(outcomes.front(), SpfTermOutcome::kError);
  outcomes.erase(outcomes.begin());
  EXPECT_THAT(outcomes, ::testing::Each(SpfTermOutcome::kNotReached));
  EXPECT_THAT(space.not_countable, ::testing::IsEmpty());
  EXPECT_EQ(space.dns_terms, 4U) << "counted all the same";
  EXPECT_EQ(space.root.terms.at(3).nested.at(0).terms.at(0).outcome, SpfTermOutcome::kNotReached);
}

TEST(PermittedSpace, BehindTheEleventhTermNobodyPasses) {
  const PermittedSpace space = space_of(
      {"example.jp TXT v=spf1 a a a a a a a a a a ip4:192.0.2.2 a ip4:192.0.2.3 include:i.jp -all",
       "example.jp A 192.0.2.1", "example.jp AAAA NODATA", "i.jp TXT v=spf1 a:never.jp ip4:192.0.2.4 -all"});
  EXPECT_EQ(space.dns_terms, 13U) << "counted on, and i.jp's record too";
  EXPECT_EQ(space.ipv4_addresses, 2U);
  EXPECT_TRUE(space.is_count_complete);
}

// Who has failed within an include sooner has cost fewer lookups, so the limit stops others before them.
TEST(PermittedSpace, SendersReachTheLimitAtDifferentTerms) {
  const PermittedSpace space =
      space_of({"example.jp TXT v=spf1 include:i.jp a a a ip4:192.0.2.0/24 -all",
                "i.jp TXT v=spf1 -ip4:192.0.2.0/25 a:x.jp a:x.jp a:x.jp a:x.jp a:x.jp a:x.jp a:x.jp -all",
                "x.jp A 198.51.100.1", "x.jp AAAA 2001:db8::1", "example.jp A 198.51.100.2",
                "example.jp AAAA 2001:db8::2"});
  EXPECT_EQ(space.dns_terms, 11U);
  EXPECT_EQ(space.ipv4_addresses, 128U + 2U) << "the first half of the /24, and the two hosts";
}

TEST(PermittedSpace, CirclesEnd) {
  const PermittedSpace space = space_of({"example.jp TXT v=spf1 ip4:192.0.2.1 include:b.jp ip4:192.0.2.2",
                                         "b.jp TXT v=spf1 include:Example.jp"});
  EXPECT_FALSE(space.is_count_complete);
  EXPECT_EQ(space.ipv4_addresses, 1U);
}

TEST(PermittedSpace, ATreeThatDoublesAtEachLevelEnds) {
  ScriptedInquiry::Script script;
  const auto domain = [](int level) {
    return level == 0 ? std::string("example.jp") : "l" + std::to_string(level) + ".jp";
  };
  for (int level = 0; level < 40; ++level) {
    const std::string next = domain(level + 1);
    script[{domain(level), dns::RrType::kTxt}] = testing::answer(
        {testing::text_record(domain(level), {"v=spf1 include:" + next + " include:" + next})});
  }
  script[{domain(40), dns::RrType::kTxt}] =
      testing::answer({testing::text_record(domain(40), {"v=spf1 -all"})});
  ScriptedInquiry inquiry(script);
  const PermittedSpace space = inquiry.run(examine_permitted_space(inquiry, testing::name("example.jp")));
  EXPECT_FALSE(space.is_count_complete);
  EXPECT_LT(space.dns_terms, 1000U);
}

AddressSet set_of(std::vector<std::pair<unsigned, unsigned>> ranges) {
  std::vector<AddressRange> each;
  for (const auto& [first, last] : ranges) each.push_back({first, last});
  return AddressSet(std::move(each));
}

// Against sets of single numbers, over all pairs of small sets.
TEST(AddressSet, AgreesWithSetsOfNumbers) {
  constexpr unsigned kBits = 7;
  const auto of_bits = [](unsigned bits) {
    std::vector<std::pair<unsigned, unsigned>> ranges;
    for (unsigned i = 0; i < kBits; ++i) {
      if ((bits >> i & 1U) != 0) ranges.insert(ranges.begin(), {i, i});
    }
    return set_of(ranges);
  };
  for (unsigned a = 0; a < 1U << kBits; ++a) {
    for (unsigned b = 0; b < 1U << kBits; ++b) {
      const AddressSet first = of_bits(a);
      const AddressSet second = of_bits(b);
      AddressSet both = first;
      both.unite(second);
      ASSERT_EQ(both, of_bits(a | b));
      ASSERT_EQ(first.intersected(second), of_bits(a & b));
      ASSERT_EQ(first.without(second), of_bits(a & ~b));
    }
    ASSERT_EQ(of_bits(a).size(), static_cast<std::uint64_t>(__builtin_popcount(a)));
  }
}

TEST(AddressSet, TheLastAddressOfAll) {
  const AddressSet all = AddressSet::all(128);
  EXPECT_EQ(all.size_text(), "340282366920938463463374607431768211456");
  const AddressSet last(std::vector<AddressRange>{{~Uint128{0}, ~Uint128{0}}});
  EXPECT_EQ(all.without(last).size_text(), "340282366920938463463374607431768211455");
  AddressSet again = last;
  again.unite(all.without(last));
  EXPECT_EQ(again, all);
  EXPECT_TRUE(all.without(all).empty());
  EXPECT_EQ(AddressSet().size_text(), "0");
}

}  // namespace
}  // namespace dauth::scanner
