#include "scanner/postmaster/dmarc_discovery.h"

#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

using data::Cause;
using scanner::DmarcDiscovery;
using scanner::DmarcPolicy;
using scanner::DmarcPolicyTag;
using scanner::DmarcRecordPlace;
using scanner::DmarcStatus;

DmarcDiscovery discover(const std::string& start, const TextsByName& texts,
                        const OutcomesByName& others = {}) {
  ScriptedInquiry inquiry(dmarc_script({start}, texts, others));
  const dns::DomainName domain = name(start);
  return inquiry.run(scanner::discover_dmarc(inquiry, domain));
}

constexpr auto kNone = DmarcPolicy::kNone;
constexpr auto kQuarantine = DmarcPolicy::kQuarantine;
constexpr auto kReject = DmarcPolicy::kReject;

struct PolicyCase {
  std::string domain;
  TextsByName texts;
  std::string record_at;
  DmarcRecordPlace place;
  DmarcPolicyTag tag;
  DmarcPolicy published;
  DmarcPolicy effective;
  bool exists = true;
};

TEST(DmarcDiscovery, FindsTheRecordAndThePolicy) {
  constexpr auto kItself = DmarcRecordPlace::kDomainItself;
  constexpr auto kOrganization = DmarcRecordPlace::kOrganizationalDomain;
  constexpr auto kSuffix = DmarcRecordPlace::kPublicSuffix;
  constexpr auto kP = DmarcPolicyTag::kP;
  constexpr auto kSp = DmarcPolicyTag::kSp;
  constexpr auto kNp = DmarcPolicyTag::kNp;
  const std::string three = "v=DMARC1; p=reject; sp=quarantine; np=none";
  const std::vector<PolicyCase> cases = {
      // Its own record, from p alone, whatever stands above and whatever else it says.
      {"example.jp", {{"_dmarc.example.jp", {three}}}, "example.jp", kItself, kP, kReject, kReject},
      {"example.jp", {{"_dmarc.example.jp", {three}}}, "example.jp", kItself, kP, kReject, kReject, false},
      {"a.example.jp",
       {{"_dmarc.a.example.jp", {"v=DMARC1; p=none; sp=reject"}}, {"_dmarc.example.jp", {three}}},
       "a.example.jp",
       kItself,
       kP,
       kNone,
       kNone},
      {"bank.example",
       {{"_dmarc.bank.example", {three + "; psd=y"}}},
       "bank.example",
       kItself,
       kP,
       kReject,
       kReject},
      // That of the organizational domain: sp, or np where the domain does not exist, each with its defaults.
      {"a.example.jp",
       {{"_dmarc.example.jp", {three}}},
       "example.jp",
       kOrganization,
       kSp,
       kQuarantine,
       kQuarantine},
      {"a.example.jp",
       {{"_dmarc.example.jp", {three}}},
       "example.jp",
       kOrganization,
       kNp,
       kNone,
       kNone,
       false},
      {"a.example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=reject; np=none"}}},
       "example.jp",
       kOrganization,
       kP,
       kReject,
       kReject},
      {"a.example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=reject; sp=none"}}},
       "example.jp",
       kOrganization,
       kSp,
       kNone,
       kNone,
       false},
      {"a.example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=reject"}}},
       "example.jp",
       kOrganization,
       kP,
       kReject,
       kReject,
       false},
      // The organizational domain's record counts, not the one in between.
      {"a.b.example.jp",
       {{"_dmarc.b.example.jp", {"v=DMARC1; p=none"}}, {"_dmarc.example.jp", {three}}},
       "example.jp",
       kOrganization,
       kSp,
       kQuarantine,
       kQuarantine},
      {"a.b.example.jp",
       {{"_dmarc.b.example.jp", {"v=DMARC1; p=quarantine; psd=n"}}, {"_dmarc.example.jp", {three}}},
       "b.example.jp",
       kOrganization,
       kP,
       kQuarantine,
       kQuarantine},
      // Several records at the domain are none: the organizational domain's holds.
      {"a.example.jp",
       {{"_dmarc.a.example.jp", {"v=DMARC1; p=none", "v=DMARC1; p=none"}}, {"_dmarc.example.jp", {three}}},
       "example.jp",
       kOrganization,
       kSp,
       kQuarantine,
       kQuarantine},
      // Appendix B.4.3, and the public suffix where the organizational domain has no record.
      {"mail.giant.bank.example",
       {{"_dmarc.giant.bank.example", {three}}, {"_dmarc.bank.example", {"v=DMARC1; p=none; psd=y"}}},
       "giant.bank.example",
       kOrganization,
       kSp,
       kQuarantine,
       kQuarantine},
      {"mail.mega.bank.example",
       {{"_dmarc.bank.example", {three + "; psd=y"}}},
       "bank.example",
       kSuffix,
       kSp,
       kQuarantine,
       kQuarantine},
      {"mega.bank.example",
       {{"_dmarc.bank.example", {three + "; psd=y"}}},
       "bank.example",
       kSuffix,
       kNp,
       kNone,
       kNone,
       false},
      {"a.b.mega.bank.example",
       {{"_dmarc.b.mega.bank.example", {"v=DMARC1; p=none"}},
        {"_dmarc.bank.example", {"v=DMARC1; p=reject; psd=y"}}},
       "bank.example",
       kSuffix,
       kP,
       kReject,
       kReject},
      // t=y: one level lower.
      {"example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=reject; t=y"}}},
       "example.jp",
       kItself,
       kP,
       kReject,
       kQuarantine},
      {"example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=quarantine; t=y"}}},
       "example.jp",
       kItself,
       kP,
       kQuarantine,
       kNone},
      {"example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=none; t=y"}}},
       "example.jp",
       kItself,
       kP,
       kNone,
       kNone},
      {"a.example.jp",
       {{"_dmarc.example.jp", {three + "; t=y"}}},
       "example.jp",
       kOrganization,
       kSp,
       kQuarantine,
       kNone},
      // Without p, and with what cannot hold beside a rua: none.
      {"example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1"}}},
       "example.jp",
       kItself,
       DmarcPolicyTag::kMissing,
       kNone,
       kNone},
      {"example.jp",
       {{"_dmarc.example.jp", {"v=DMARC1; p=reject; sp=x; rua=mailto:a@example.jp"}}},
       "example.jp",
       kItself,
       DmarcPolicyTag::kInvalidToNone,
       kNone,
       kNone},
      // The deep name of appendix B.4.2.
      {"a.b.c.d.e.f.g.h.i.j.k.example.com",
       {{"_dmarc.example.com", {three}}},
       "example.com",
       kOrganization,
       kSp,
       kQuarantine,
       kQuarantine},
  };
  for (const PolicyCase& c : cases) {
    OutcomesByName others;
    if (!c.exists) others.emplace(c.domain, name_error());
    const DmarcDiscovery found = discover(c.domain, c.texts, others);
    const std::string what = c.domain + (c.exists ? "" : " (does not exist)");
    ASSERT_EQ(found.status, DmarcStatus::kApplies) << what;
    EXPECT_EQ(found.applied_step()->domain.to_text(), c.record_at) << what;
    EXPECT_EQ(found.applied->place, c.place) << what;
    EXPECT_EQ(found.applied->policy.tag, c.tag) << what;
    EXPECT_EQ(found.applied->policy.published, c.published) << what;
    EXPECT_EQ(found.applied->policy.effective, c.effective) << what;
    EXPECT_EQ(found.applied->policy.cause, Cause::kNone);
    EXPECT_EQ(found.exists.is_published(), c.exists);
    EXPECT_EQ(found.cause, Cause::kNone);
  }
}

TEST(DmarcDiscovery, NoRecordAnywhere) {
  for (const TextsByName& texts :
       {TextsByName{}, TextsByName{{"_dmarc.example.jp", {"v=DMARC1; p=none", "v=DMARC1; p=none"}}},
        // Neither the organizational domain's nor a public suffix's.
        TextsByName{{"_dmarc.a.example.jp", {"v=spf1 -all"}}}}) {
    const DmarcDiscovery found = discover("a.example.jp", texts);
    EXPECT_EQ(found.status, DmarcStatus::kNoRecord);
    EXPECT_FALSE(found.applied);
    EXPECT_EQ(found.cause, Cause::kNone);
  }
  ScriptedInquiry inquiry({{{".", dns::RrType::kTxt}, no_data()}});
  const dns::DomainName root;
  EXPECT_EQ(inquiry.run(scanner::discover_dmarc(inquiry, root)).status, DmarcStatus::kNoRecord);
}

TEST(DmarcDiscovery, ARecordWithoutAPolicyStopsDmarc) {
  // Not passed over for the record above: it was retrieved (section 4.10.1).
  const DmarcDiscovery own = discover("a.example.jp", {{"_dmarc.a.example.jp", {"v=DMARC1; p=sometimes"}},
                                                       {"_dmarc.example.jp", {"v=DMARC1; p=reject"}}});
  EXPECT_EQ(own.status, DmarcStatus::kUnusable);
  EXPECT_EQ(own.applied->place, DmarcRecordPlace::kDomainItself);
  EXPECT_FALSE(own.applied->policy.published);
  const DmarcDiscovery inherited =
      discover("a.example.jp", {{"_dmarc.example.jp", {"v=DMARC1; p=reject; np=never"}}});
  EXPECT_EQ(inherited.status, DmarcStatus::kUnusable);
  EXPECT_EQ(inherited.applied->place, DmarcRecordPlace::kOrganizationalDomain);
}

TEST(DmarcDiscovery, AFailureIsNeverNoRecord) {
  const std::string record = "v=DMARC1; p=reject";
  // Its own name, one above, the top: unknown, with the cause.
  for (const std::string failing : {"_dmarc.a.example.jp", "_dmarc.example.jp", "_dmarc.jp"}) {
    const DmarcDiscovery found =
        discover("a.example.jp", {}, {{failing, failure(dns::FailureCause::kServfail)}});
    EXPECT_EQ(found.status, DmarcStatus::kUnknown) << failing;
    EXPECT_EQ(found.cause, Cause::kServfail) << failing;
    EXPECT_FALSE(found.applied) << failing;
  }
  // A record above that could still be the one does not become so.
  EXPECT_EQ(discover("a.example.jp", {{"_dmarc.example.jp", {record}}}, {{"_dmarc.jp", failure()}}).status,
            DmarcStatus::kUnknown);
  // The domain's own record is certain whatever stands above (section 4.10.1).
  const DmarcDiscovery own =
      discover("a.example.jp", {{"_dmarc.a.example.jp", {record}}}, {{"_dmarc.example.jp", failure()}});
  EXPECT_EQ(own.status, DmarcStatus::kApplies);
  EXPECT_EQ(own.applied->policy.effective, kReject);
  EXPECT_FALSE(own.walk.organizational_domain);
  EXPECT_EQ(own.walk.cause, Cause::kTimeout);
}

TEST(DmarcDiscovery, APolicyThatDependsOnAnUnknownExistenceIsUnknown) {
  const OutcomesByName failed = {{"a.example.jp", failure(dns::FailureCause::kRefused)}};
  const DmarcDiscovery depends =
      discover("a.example.jp", {{"_dmarc.example.jp", {"v=DMARC1; p=reject; np=none"}}}, failed);
  EXPECT_EQ(depends.status, DmarcStatus::kApplies);
  EXPECT_FALSE(depends.applied->policy.published);
  EXPECT_FALSE(depends.applied->policy.effective);
  EXPECT_EQ(depends.applied->policy.cause, Cause::kRefused);
  // Not where both come to the same, nor for the domain's own record.
  const DmarcDiscovery same =
      discover("a.example.jp", {{"_dmarc.example.jp", {"v=DMARC1; p=reject; sp=none; np=none"}}}, failed);
  EXPECT_EQ(same.applied->policy.effective, kNone);
  const DmarcDiscovery own =
      discover("a.example.jp", {{"_dmarc.a.example.jp", {"v=DMARC1; p=reject; np=none"}}}, failed);
  EXPECT_EQ(own.applied->policy.effective, kReject);
}

}  // namespace
}  // namespace dauth::testing
