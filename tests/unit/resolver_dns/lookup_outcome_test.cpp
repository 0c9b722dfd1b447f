// RDATA of answers as it comes out, and the words for outcomes.
#include "resolver/dns/lookup_outcome.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::dns {
namespace {

using namespace dauth::testing;
using std::string_literals::operator""s;

Octets only_rdata(const ResponseParts& parts) {
  const auto outcome = classify(parts.octets(), parts.question());
  const auto* answer = std::get_if<Answer>(&outcome);
  if (answer == nullptr || answer->rrset.size() != 1) {
    ADD_FAILURE() << show(outcome);
    return {};
  }
  return answer->rrset[0].rdata;
}

TEST(AnswerRdata, NamesComeOutDecompressed) {
  const ResponseParts compressed{.qtype = RrType::kMx,
                                 .answer = {{"example.jp", RrType::kMx, mx(300, "mail.example.jp")}}};
  ResponseParts plain = compressed;
  plain.compression = Compression::kNone;
  ASSERT_LT(compressed.octets().size(), plain.octets().size());
  EXPECT_EQ(only_rdata(compressed), octets_of("\1\54\4mail\7example\2jp\0"s));
  EXPECT_EQ(only_rdata(plain), octets_of("\1\54\4mail\7example\2jp\0"s));

  EXPECT_EQ(only_rdata({.qtype = RrType::kSoa,
                        .answer = {{"example.jp", RrType::kSoa, soa("NS.example.jp", "a\\.b.jp")}}}),
            octets_of("\2NS\7example\2jp\0\3a.b\2jp\0"
                      "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5"s));
  EXPECT_EQ(
      only_rdata(
          {.qtype = RrType::kSrv,
           .answer = {{"example.jp", RrType::kSrv, {octets_of("\0\1\0\2\0\3"s), name("sip.example.jp")}}}}),
      octets_of("\0\1\0\2\0\3\3sip\7example\2jp\0"s));
}

TEST(AnswerRdata, AnExchangeThatIsOnlyAPointer) {
  EXPECT_EQ(only_rdata({.qtype = RrType::kMx, .answer = {{"example.jp", RrType::kMx, mx(0, "example.jp")}}}),
            octets_of("\0\0\7example\2jp\0"s));
  EXPECT_EQ(only_rdata({.qtype = RrType::kMx, .answer = {{"example.jp", RrType::kMx, mx(0, ".")}}}),
            octets_of("\0\0\0"s));
}

TEST(AnswerRdata, OtherOctetsComeOutAsTheyAre) {
  std::string every;
  for (int octet = 0; octet < 256; ++octet) every += static_cast<char>(octet);
  const std::string first = every.substr(0, 255);
  const Rdata both = txt({first, every.substr(255)});
  EXPECT_EQ(only_rdata({.answer = {{.owner = "example.jp", .rdata = both}}}), std::get<Octets>(both[0]));
  EXPECT_EQ(join_character_strings(only_rdata({.answer = {{.owner = "example.jp", .rdata = both}}})), every);
  // What looks like a pointer is none outside a name.
  EXPECT_EQ(only_rdata({.qtype = RrType::kA, .answer = {{"example.jp", RrType::kA, raw("\300\14\300\14")}}}),
            octets_of("\300\14\300\14"));
  EXPECT_EQ(only_rdata({.qtype = RrType{65280}, .answer = {{.owner = "example.jp", .type = RrType{65280}}}}),
            Octets());
}

TEST(JoinCharacterStrings, PutsNothingBetween) {
  EXPECT_EQ(join_character_strings(octets_of("\6v=spf1\5 -all"s)), "v=spf1 -all");
  EXPECT_EQ(join_character_strings(octets_of("\1a\0\1b\0"s)), "ab");
  EXPECT_EQ(join_character_strings(octets_of("\3\0\n\""s)), "\0\n\""s);
  EXPECT_EQ(join_character_strings({}), "");
  EXPECT_EQ(join_character_strings(octets_of("\0\0\0"s)), "");
  EXPECT_EQ(
      join_character_strings(octets_of("\377" + std::string(255, 'a') + "\377" + std::string(255, 'b'))),
      std::string(255, 'a') + std::string(255, 'b'));
}

TEST(JoinCharacterStrings, TakesNothingOfAStringPastTheEnd) {
  EXPECT_EQ(join_character_strings(octets_of("\1"s)), "");
  EXPECT_EQ(join_character_strings(octets_of("\377"s)), "");
  EXPECT_EQ(join_character_strings(octets_of("\5abcd"s)), "");
  EXPECT_EQ(join_character_strings(octets_of("\1a\5abcd"s)), "a");
  EXPECT_EQ(join_character_strings(octets_of("\1a\377"s)), "a");
  EXPECT_EQ(join_character_strings(octets_of("\4abcd"s)), "abcd");
}

TEST(OutcomeText, EveryCauseHasItsWord) {
  std::set<std::string_view> words;
  for (const FailureCause cause :
       {FailureCause::kTimeout, FailureCause::kServfail, FailureCause::kRefused, FailureCause::kNotimp,
        FailureCause::kFormerr, FailureCause::kOtherRcode, FailureCause::kMalformed, FailureCause::kTruncated,
        FailureCause::kCnameLoop, FailureCause::kReferral, FailureCause::kUnfinishedChain,
        FailureCause::kUnreachable}) {
    EXPECT_TRUE(words.insert(to_text(cause)).second) << to_text(cause);
    EXPECT_EQ(to_text(cause).find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
  }
}

TEST(OutcomeText, IsForAPerson) {
  EXPECT_EQ(describe(Answer{}), "Answer");
  EXPECT_EQ(describe(NoData{}), "NoData");
  EXPECT_EQ(describe(NxDomain{}), "NxDomain");
  EXPECT_EQ(describe(Failure{FailureCause::kServfail, 2}), "Failure (servfail)");
  EXPECT_EQ(describe(Failure{FailureCause::kOtherRcode, 16}), "Failure (rcode 16)");
}

TEST(ResourceRecordEquality, IgnoresOnlyTheCaseOfTheOwner) {
  const ResourceRecord record{name("a.jp"), RrType::kTxt, octets_of("\1x")};
  EXPECT_EQ(record, (ResourceRecord{name("A.JP"), RrType::kTxt, octets_of("\1x")}));
  EXPECT_NE(record, (ResourceRecord{name("b.jp"), RrType::kTxt, octets_of("\1x")}));
  EXPECT_NE(record, (ResourceRecord{name("a.jp"), RrType::kSpf, octets_of("\1x")}));
  EXPECT_NE(record, (ResourceRecord{name("a.jp"), RrType::kTxt, octets_of("\1X")}));
}

}  // namespace
}  // namespace dauth::dns
