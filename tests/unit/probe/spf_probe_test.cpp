#include "scanner/probe/spf_probe.h"

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::Finding;
using dns::RrType;
using scanner::SpfFindings;

SpfFindings probe(const dns::LookupOutcome& txt, const dns::LookupOutcome& type99) {
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, txt}, {{"example.jp", RrType::kSpf}, type99}});
  return inquiry.run(scanner::probe_spf(inquiry, domain));
}
dns::LookupOutcome txt(const std::vector<std::string>& records) {
  std::vector<dns::ResourceRecord> rrset;
  for (const auto& record : records) rrset.push_back(text_record("example.jp", {record}));
  return answer(std::move(rrset));
}
dns::LookupOutcome type99(const std::string& record) {
  return answer({text_record("example.jp", {record}, RrType::kSpf)});
}

const Finding kYes = Finding::published();
const Finding kNo = Finding::absent();
const Finding kTimeout = Finding::unmeasured(Cause::kTimeout);
const Finding kServfail = Finding::unmeasured(Cause::kServfail);

struct SpfCase {
  const char* what;
  dns::LookupOutcome txt, type99;
  Finding spf, spf_txt, spf_type99, spf_record, sender_id;
};

TEST(SpfProbe, WhatIsPublishedWhere) {
  const auto servfail = failure(dns::FailureCause::kServfail);
  const std::vector<SpfCase> cases = {
      {"TXT only", txt({"v=spf1 -all"}), no_data(), kYes, kYes, kNo, kYes, kNo},
      {"type 99 only", no_data(), type99("v=spf1 -all"), kYes, kNo, kYes, kNo, kNo},
      {"both", txt({"v=spf1 -all"}), type99("v=spf1 -all"), kYes, kYes, kYes, kYes, kNo},
      {"neither", no_data(), no_data(), kNo, kNo, kNo, kNo, kNo},
      {"other TXT", txt({"hello"}), no_data(), kNo, kNo, kNo, kNo, kNo},
      {"the rule of 2005: spf anywhere, any case", txt({"we publish no SPF"}), no_data(), kYes, kYes, kNo,
       kNo, kNo},
      {"v=spf10 is no version 1", txt({"v=spf10 -all"}), no_data(), kYes, kYes, kNo, kNo, kNo},
      {"Sender ID only, TXT", txt({"spf2.0/pra -all"}), no_data(), kYes, kYes, kNo, kNo, kYes},
      {"Sender ID only, type 99", no_data(), type99("spf2.0/mfrom,pra -all"), kYes, kNo, kYes, kNo, kYes},
      {"TXT failed, type 99 has it", failure(), type99("v=spf1"), kYes, kTimeout, kYes, kTimeout, kTimeout},
      {"TXT failed, type 99 has Sender ID", failure(), type99("spf2.0/pra"), kYes, kTimeout, kYes, kTimeout,
       kYes},
      {"TXT failed, type 99 empty", failure(), no_data(), kTimeout, kTimeout, kNo, kTimeout, kTimeout},
      {"type 99 failed, TXT has it", txt({"v=spf1"}), servfail, kYes, kYes, kServfail, kYes, kServfail},
      {"type 99 failed, TXT has Sender ID", txt({"spf2.0/pra"}), servfail, kYes, kYes, kServfail, kNo, kYes},
      {"type 99 failed, TXT empty", no_data(), servfail, kServfail, kNo, kServfail, kNo, kServfail},
      {"both failed", failure(), servfail, kTimeout, kTimeout, kServfail, kTimeout, kTimeout},
      {"name error at type 99 is an absence", no_data(), name_error(), kNo, kNo, kNo, kNo, kNo},
  };
  for (const SpfCase& c : cases) {
    SCOPED_TRACE(c.what);
    const SpfFindings found = probe(c.txt, c.type99);
    EXPECT_EQ(found.spf, c.spf);
    EXPECT_EQ(found.spf_txt, c.spf_txt);
    EXPECT_EQ(found.spf_type99, c.spf_type99);
    EXPECT_EQ(found.spf_record, c.spf_record);
    EXPECT_EQ(found.sender_id, c.sender_id);
  }
}

TEST(SpfProbe, StringsOfOneRrAreJoinedWithNothingBetween) {
  const SpfFindings found = probe(answer({text_record("example.jp", {"v=sp", "f1 -a", "ll"})}), no_data());
  EXPECT_EQ(found.spf_record, kYes);
  EXPECT_EQ(found.all_fail, kYes);
  // The rule of 2005 and Sender ID too, and in RRs of type 99.
  EXPECT_EQ(probe(answer({text_record("example.jp", {"xS", "P", "fx"})}), no_data()).spf_txt, kYes);
  EXPECT_EQ(probe(txt({"s", "pf"}), no_data()).spf_txt, kNo) << "two RRs are not joined";
  const auto torn_type99 = answer({text_record("example.jp", {"", "sp", "f2.0", "/pra"}, RrType::kSpf)});
  EXPECT_EQ(probe(no_data(), torn_type99).sender_id, kYes);
  // A blank between them would have made a record of this one.
  const SpfFindings torn = probe(answer({text_record("example.jp", {"v=spf1", "-all"})}), no_data());
  EXPECT_EQ(torn.spf_record, kNo);
}

enum class Stands { kFail, kSoftfail, kNeutral, kPass, kRedirect, kNoAll, kInvalid, kMultiple, kNothing };

TEST(SpfProbe, QualifierOfAll) {
  const std::vector<std::pair<std::vector<std::string>, Stands>> cases = {
      {{"v=spf1 mx -all"}, Stands::kFail},
      {{"v=spf1 mx ~all"}, Stands::kSoftfail},
      {{"v=spf1 mx ?all"}, Stands::kNeutral},
      {{"v=spf1 mx +all"}, Stands::kPass},
      {{"v=spf1 mx all"}, Stands::kPass},
      {{"V=SPF1 MX -ALL"}, Stands::kFail},
      {{"v=spf1 -all mx ~all"}, Stands::kFail},  // the first one counts
      {{"v=spf1 redirect=_spf.example.jp"}, Stands::kRedirect},
      {{"v=spf1 redirect=_spf.example.jp -all"}, Stands::kFail},
      {{"v=spf1 mx"}, Stands::kNoAll},
      {{"v=spf1"}, Stands::kNoAll},
      {{"v=spf1 ipv4:192.0.2.1 -all"}, Stands::kInvalid},
      {{"v=spf1 ip4:192.0.2.256 -all"}, Stands::kInvalid},
      {{"v=spf1 -all", "v=spf1 ~all"}, Stands::kMultiple},
      {{"v=spf1 -all", "google-site-verification=x"}, Stands::kFail},
      {{"v=spf10 -all"}, Stands::kNothing},
      {{"v=spf1 all:x -all"}, Stands::kInvalid},  // an error anywhere, and nothing of the record counts
      {{"v=spf1 -all redirect=a.example redirect=b.example"}, Stands::kInvalid},
      {{"v=spf1 redirect="}, Stands::kInvalid},
      {{"v=spf1 all=x redirect=_spf.example.jp"}, Stands::kRedirect},
      {{"v=spf1 ipv4:192.0.2.1", "v=spf1 -all"}, Stands::kMultiple},  // neither is judged
      {{"v=spf1", "V=SPF1 ", "v=spf1 -all"}, Stands::kMultiple},
      {{"v=spf1 -all", "v=spf10", "spf2.0/pra -all"}, Stands::kFail},
  };
  for (const auto& [records, stands] : cases) {
    SCOPED_TRACE(records.front());
    const SpfFindings found = probe(txt(records), no_data());
    EXPECT_EQ(found.all_fail, Finding::from_bool(stands == Stands::kFail));
    EXPECT_EQ(found.all_softfail, Finding::from_bool(stands == Stands::kSoftfail));
    EXPECT_EQ(found.all_neutral, Finding::from_bool(stands == Stands::kNeutral));
    EXPECT_EQ(found.all_pass, Finding::from_bool(stands == Stands::kPass));
    EXPECT_EQ(found.redirect, Finding::from_bool(stands == Stands::kRedirect));
    EXPECT_EQ(found.no_all, Finding::from_bool(stands == Stands::kNoAll));
    EXPECT_EQ(found.spf_invalid, Finding::from_bool(stands == Stands::kInvalid));
    EXPECT_EQ(found.spf_multiple, Finding::from_bool(stands == Stands::kMultiple));
  }
}

TEST(SpfProbe, NothingOfTheRecordIsMeasuredWhereTxtFailed) {
  const SpfFindings found = probe(failure(), type99("v=spf1 -all"));
  for (const Finding& finding : {found.spf_multiple, found.spf_invalid, found.all_fail, found.all_softfail,
                                 found.all_neutral, found.all_pass, found.redirect, found.no_all}) {
    EXPECT_EQ(finding, kTimeout);
  }
}

}  // namespace
}  // namespace dauth::testing
