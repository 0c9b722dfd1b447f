// Every row of the decision table of docs/measurement-method.md, section 2, and the policy.
#include "scanner/probe/domainkeys_probe.h"

#include <gmock/gmock.h>

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

const scanner::RandomLabelSource kRandomLabel = [](const dns::DomainName&) { return "l0ng-and-random"; };

using data::Cause;
using data::DomainkeysEvidence;
using data::Finding;
using dns::RrType;
using ::testing::ElementsAreArray;

constexpr std::string_view kSub = "_domainkey.example.jp";
constexpr std::string_view kWild = "*.example.jp";
constexpr std::string_view kRandom = "l0ng-and-random.example.jp";

const std::vector<RrType> kTxtThenA = {RrType::kTxt, RrType::kA};
const std::vector<RrType> kTxtOnly = {RrType::kTxt};

const Finding kYes = Finding::published();
const Finding kNo = Finding::absent();

// Outcomes of the eight questions that may be asked; those left out must not be asked.
struct Row {
  const char* what;
  std::optional<dns::LookupOutcome> soa = {}, sub_txt = {}, wild_txt = {}, sub_a = {}, wild_a = {},
                                    random_txt = {}, random_a = {};
  Finding subdomain = {};
  DomainkeysEvidence evidence = DomainkeysEvidence::kNone;
  Finding by_a = kNo;
  std::vector<RrType> types = kTxtThenA;
};

scanner::DomainkeysFindings probe(const Row& row, Delivery delivery = Delivery::kOldestFirst) {
  ScriptedInquiry::Script script;
  const auto add = [&](std::string_view owner, RrType type,
                       const std::optional<dns::LookupOutcome>& outcome) {
    if (outcome) script.insert({{name(owner).to_text(), type}, *outcome});
  };
  add(kSub, RrType::kSoa, row.soa);
  add(kSub, RrType::kTxt, row.sub_txt);
  add(kWild, RrType::kTxt, row.wild_txt);
  add(kSub, RrType::kA, row.sub_a);
  add(kWild, RrType::kA, row.wild_a);
  add(kRandom, RrType::kTxt, row.random_txt);
  add(kRandom, RrType::kA, row.random_a);
  const std::size_t given = script.size();
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry(std::move(script), delivery);
  const auto found = inquiry.run(scanner::probe_domainkeys(inquiry, domain, kRandomLabel, row.types));
  EXPECT_EQ(inquiry.questions().size(), given) << "every question of the row is asked, and no other";
  return found;
}

dns::LookupOutcome txt_at(std::string_view owner, const std::string& text) {
  return answer({text_record(owner, {text})});
}
dns::LookupOutcome a_at(std::string_view owner, std::uint8_t octet) {
  return answer({a_record(owner, octet)});
}

TEST(DomainkeysProbe, DecisionTable) {
  const auto soa_of_the_zone = no_data();
  const auto servfail = failure(dns::FailureCause::kServfail);
  const Finding failed = Finding::unmeasured(Cause::kServfail);
  const Finding varies = Finding::unmeasured(Cause::kWildcardVaries);
  using E = DomainkeysEvidence;
  const std::vector<Row> rows = {
      // Step 1.
      {.what = "1: name error", .soa = name_error(), .subdomain = kNo, .evidence = E::kNameError},
      {.what = "1: an SOA of its own",
       .soa = answer({soa_record(kSub)}),
       .sub_txt = no_data(),
       .subdomain = kYes,
       .evidence = E::kOwnZone},
      {.what = "1: own zone, whatever TXT says",
       .soa = answer({soa_record("_DomainKey.Example.JP")}),
       .sub_txt = servfail,
       .subdomain = kYes,
       .evidence = E::kOwnZone},
      {.what = "1: failure",
       .soa = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      {.what = "1: an SOA through a CNAME is another name's",
       .soa = answer({soa_record("example.jp")}, {cname(kSub, "example.jp")}),
       .sub_txt = no_data({cname(kSub, "example.jp")}),
       .wild_txt = no_data({cname(kWild, "example.jp")}),
       .subdomain = kNo,
       .evidence = E::kSameAsWildcard},
      // Step 2.
      {.what = "2: name error",
       .soa = soa_of_the_zone,
       .sub_txt = name_error(),
       .subdomain = kNo,
       .evidence = E::kNameError},
      {.what = "2: failure",
       .soa = soa_of_the_zone,
       .sub_txt = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      // Step 3.
      {.what = "3: no wildcard, empty non-terminal",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = name_error(),
       .subdomain = kYes,
       .evidence = E::kNoWildcard},
      {.what = "3: no wildcard, a policy",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "o=~"),
       .wild_txt = name_error(),
       .subdomain = kYes,
       .evidence = E::kNoWildcard},
      {.what = "3: failure",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      // Step 4.
      {.what = "4: the same TXT",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "v=spf1 -all"),
       .wild_txt = txt_at(kWild, "v=spf1 -all"),
       .subdomain = kNo,
       .evidence = E::kSameAsWildcard},
      {.what = "4: both empty, the same A",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = a_at(kSub, 1),
       .wild_a = a_at(kWild, 1),
       .subdomain = kNo,
       .evidence = E::kSameAsWildcard},
      {.what = "4: both empty in both",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = no_data(),
       .wild_a = no_data(),
       .subdomain = kNo,
       .evidence = E::kBothEmpty},
      {.what = "4: both empty, TXT alone as in 2005",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .subdomain = kNo,
       .evidence = E::kBothEmpty,
       .types = kTxtOnly},
      {.what = "4: failure of A at the subdomain",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      {.what = "4: failure of A at the wildcard",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = no_data(),
       .wild_a = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      {.what = "4: A at the subdomain is a name error: it does not exist",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = name_error(),
       .subdomain = kNo,
       .evidence = E::kNameError},
      {.what = "4: A at the wildcard is a name error: there is none",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = no_data(),
       .wild_a = name_error(),
       .subdomain = kYes,
       .evidence = E::kNoWildcard,
       .by_a = kYes},  // by TXT alone both would be empty, and the subdomain absent
      // Step 5.
      {.what = "5: random name error",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "o=~"),
       .wild_txt = txt_at(kWild, "v=spf1 -all"),
       .random_txt = name_error(),
       .subdomain = kYes,
       .evidence = E::kDiffersFromWildcard},
      {.what = "5: random like the wildcard",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "o=~"),
       .wild_txt = txt_at(kWild, "v=spf1 -all"),
       .random_txt = txt_at(kRandom, "v=spf1 -all"),
       .subdomain = kYes,
       .evidence = E::kDiffersFromWildcard},
      {.what = "5: empty non-terminal beside a wildcard TXT",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = txt_at(kWild, "x"),
       .random_txt = txt_at(kRandom, "x"),
       .subdomain = kYes,
       .evidence = E::kDiffersFromWildcard},
      {.what = "5: random like the subdomain",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "one"),
       .wild_txt = txt_at(kWild, "other"),
       .random_txt = txt_at(kRandom, "one"),
       .subdomain = kNo,
       .evidence = E::kSameAsWildcard},
      {.what = "5: random like neither",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "one"),
       .wild_txt = txt_at(kWild, "two"),
       .random_txt = txt_at(kRandom, "three"),
       .subdomain = varies,
       .evidence = E::kWildcardVaries,
       .by_a = varies},
      {.what = "5: failure",
       .soa = soa_of_the_zone,
       .sub_txt = txt_at(kSub, "one"),
       .wild_txt = txt_at(kWild, "two"),
       .random_txt = servfail,
       .subdomain = failed,
       .evidence = E::kLookupFailure,
       .by_a = failed},
      {.what = "5: only A tells",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = no_data(),
       .wild_a = a_at(kWild, 1),
       .random_a = a_at(kRandom, 1),
       .subdomain = kYes,
       .evidence = E::kDiffersFromWildcard,
       .by_a = kYes},
      {.what = "5: A varies",
       .soa = soa_of_the_zone,
       .sub_txt = no_data(),
       .wild_txt = no_data(),
       .sub_a = a_at(kSub, 1),
       .wild_a = a_at(kWild, 2),
       .random_a = a_at(kRandom, 3),
       .subdomain = varies,
       .evidence = E::kWildcardVaries,
       .by_a = varies},
  };
  for (const Row& row : rows) {
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      SCOPED_TRACE(row.what);
      const auto found = probe(row, delivery);
      EXPECT_EQ(found.subdomain, row.subdomain);
      EXPECT_EQ(found.evidence, row.evidence);
      EXPECT_EQ(found.by_a, row.by_a);
    }
  }
}

struct PolicyCase {
  const char* what;
  dns::LookupOutcome soa, sub_txt;
  std::optional<dns::LookupOutcome> wild_txt, random_txt;
  Finding policy;
};

TEST(DomainkeysProbe, Policy) {
  const auto policy = txt_at(kSub, "t=y; o=~;");
  const auto own = answer({soa_record(kSub)});
  const std::vector<PolicyCase> cases = {
      {"own zone with a policy", own, policy, std::nullopt, std::nullopt, kYes},
      {"own zone without", own, no_data(), std::nullopt, std::nullopt, kNo},
      {"own zone, TXT fails", own, failure(), std::nullopt, std::nullopt,
       Finding::unmeasured(Cause::kTimeout)},
      {"no wildcard, a policy", no_data(), policy, name_error(), std::nullopt, kYes},
      {"no wildcard, text that is no policy", no_data(), txt_at(kSub, "o=~; k=rsa"), name_error(),
       std::nullopt, kNo},
      {"the wildcard's own policy counts for nobody", no_data(), policy, txt_at(kWild, "t=y; o=~;"),
       std::nullopt, kNo},
      {"a policy, and the wildcard question fails", no_data(), policy, failure(), std::nullopt,
       Finding::unmeasured(Cause::kTimeout)},
      {"no policy, and the wildcard question fails", no_data(), no_data(), failure(), std::nullopt, kNo},
      {"TXT fails", no_data(), failure(), std::nullopt, std::nullopt, Finding::unmeasured(Cause::kTimeout)},
      {"a policy, and the wildcard varies", no_data(), policy, txt_at(kWild, "x"), txt_at(kRandom, "y"),
       Finding::unmeasured(Cause::kWildcardVaries)},
      {"no policy, and the wildcard varies", no_data(), txt_at(kSub, "z"), txt_at(kWild, "x"),
       txt_at(kRandom, "y"), kNo},
  };
  for (const PolicyCase& c : cases) {
    SCOPED_TRACE(c.what);
    Row row{.what = c.what, .subdomain = kYes, .evidence = DomainkeysEvidence::kNone};
    row.soa = c.soa;
    row.sub_txt = c.sub_txt;
    row.wild_txt = c.wild_txt;
    row.random_txt = c.random_txt;
    EXPECT_EQ(probe(row).policy, c.policy);
  }
}

TEST(DomainkeysProbe, OrderOfQuestions) {
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry({{{std::string(kSub), RrType::kSoa}, no_data()},
                           {{std::string(kSub), RrType::kTxt}, no_data()},
                           {{std::string(kWild), RrType::kTxt}, no_data()},
                           {{std::string(kSub), RrType::kA}, no_data()},
                           {{std::string(kWild), RrType::kA}, a_at(kWild, 1)},
                           {{std::string(kRandom), RrType::kA}, a_at(kRandom, 1)}});
  inquiry.run(scanner::probe_domainkeys(inquiry, domain, kRandomLabel, kTxtThenA));
  const std::vector<std::string> expected = {"_domainkey.example.jp SOA",
                                             "_domainkey.example.jp TXT",
                                             "*.example.jp TXT",
                                             "_domainkey.example.jp A",
                                             "*.example.jp A",
                                             "l0ng-and-random.example.jp A"};
  EXPECT_THAT(inquiry.questions(), ElementsAreArray(expected));
}

TEST(DomainkeysProbe, NamesTooLongToExistAreNotAsked) {
  const std::string label(63, 'a');
  // 4 labels: 251 octets in wire form leave no room for "_domainkey", but for "*".
  const auto domain = name(label + '.' + label + '.' + label + '.' + std::string(57, 'a'));
  ASSERT_EQ(domain.wire_length(), 251U);
  ScriptedInquiry inquiry({});
  const auto found = inquiry.run(scanner::probe_domainkeys(inquiry, domain, kRandomLabel, kTxtThenA));
  EXPECT_EQ(found.subdomain, kNo);
  EXPECT_EQ(found.evidence, DomainkeysEvidence::kNameError);
  EXPECT_TRUE(inquiry.questions().empty());
}

}  // namespace
}  // namespace dauth::testing
