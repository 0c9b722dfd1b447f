#include "scanner/probe/dmarc_probe.h"

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::Finding;

struct DmarcCase {
  std::vector<std::string> records;
  // Published ones of: dmarc, none, quarantine, reject, rua, testing, multiple, invalid.
  std::string published;
};

std::string letters(const scanner::DmarcFindings& found) {
  std::string text;
  const auto add = [&](const Finding& finding, char letter) {
    EXPECT_FALSE(finding.is_unmeasured());
    if (finding.is_published()) text += letter;
  };
  add(found.dmarc, 'D');
  add(found.policy_none, 'n');
  add(found.policy_quarantine, 'q');
  add(found.policy_reject, 'r');
  add(found.rua, 'a');
  add(found.testing, 't');
  add(found.multiple, 'M');
  add(found.invalid, 'I');
  return text;
}

TEST(DmarcProbe, Records) {
  const std::vector<DmarcCase> cases = {
      {{"v=DMARC1; p=none"}, "Dn"},
      {{"v=DMARC1; p=quarantine; t=y"}, "Dqt"},
      {{"v=DMARC1; p=reject; rua=mailto:dmarc@example.jp"}, "Dra"},
      {{"v=DMARC1"}, "Dn"},
      {{"v=DMARC1; p=sometimes"}, "DI"},
      {{"v=DMARC1; p=sometimes; rua=mailto:dmarc@example.jp"}, "Dna"},
      // p, sp and np alike: none where a valid rua URI stands, otherwise no policy at all.
      {{"v=DMARC1; p=reject; sp=sometimes"}, "DI"},
      {{"v=DMARC1; p=reject; np=sometimes"}, "DI"},
      {{"v=DMARC1; p=reject; sp=sometimes; rua=mailto:dmarc@example.jp; t=y"}, "Dnat"},
      {{"v=DMARC1; p=reject; np=sometimes; rua=mailto:dmarc@example.jp"}, "Dna"},
      {{"v=DMARC1; p=reject; sp=sometimes; rua=dmarc@example.jp"}, "DI"},
      {{"v=DMARC1; p=sometimes; ruf=mailto:dmarc@example.jp; t=y"}, "DI"},
      {{"v=DMARC1; p=; rua="}, "DI"},
      {{"v=DMARC1; rua=nonsense"}, "Dn"},
      {{"v=DMARC1; rua=nonsense,mailto:dmarc@example.jp"}, "Dna"},
      // Of a tag that stands twice the first holds, whatever the other says.
      {{"v=DMARC1; p=reject; p=none; P=sometimes"}, "Dr"},
      {{"v=DMARC1; p=sometimes; p=reject"}, "DI"},
      {{"v=DMARC1; t=n; t=y"}, "Dn"},
      {{"v=DMARC1; p=reject; v=DMARC2"}, "Dr"},
      // Names of tags and these values without case, the version with it.
      {{"V=DMARC1; P=Quarantine; T=Y; RUA=MAILTO:dmarc@example.jp"}, "Dqat"},
      {{"v=DMARC1; t=yes"}, "Dn"},
      {{"v=Dmarc1; p=none"}, ""},
      {{"v=DMARC1 ; p=reject"}, "Dr"},
      {{"v=DMARC1 p=reject"}, ""},
      {{" v=DMARC1; p=reject"}, ""},
      {{"v=DMARC1; p=none", "v=spf1 -all", "v=DMARC1; p=sometimes"}, "M"},
      {{"v=DMARC1; p=none", "v=dmarc1; p=reject"}, "Dn"},
      {{"v=dmarc1; p=none"}, ""},
      {{"V=DMARC1; p=reject"}, "Dr"},
      {{"p=none; v=DMARC1"}, ""},
      {{"v=spf1 -all"}, ""},
      {{"v=spf1 -all", "v=DMARC1; p=reject"}, "Dr"},
      {{"v=DMARC1; p=none", "v=DMARC1; p=reject"}, "M"},
  };
  for (const DmarcCase& c : cases) {
    SCOPED_TRACE(c.records.front());
    std::vector<dns::ResourceRecord> rrset;
    for (const auto& record : c.records) rrset.push_back(text_record("_dmarc.example.jp", {record}));
    const auto domain = name("example.jp");
    ScriptedInquiry inquiry({{{"_dmarc.example.jp", dns::RrType::kTxt}, answer(rrset)}});
    EXPECT_EQ(letters(inquiry.run(scanner::probe_dmarc(inquiry, domain))), c.published);
  }
}

TEST(DmarcProbe, StringsOfOneRrAreJoined) {
  const auto domain = name("example.jp");
  ScriptedInquiry inquiry({{{"_dmarc.example.jp", dns::RrType::kTxt},
                            answer({text_record("_dmarc.example.jp", {"v=DMA", "RC1; p=re", "", "ject"})})}});
  EXPECT_EQ(letters(inquiry.run(scanner::probe_dmarc(inquiry, domain))), "Dr");
}

TEST(DmarcProbe, AbsenceAndFailure) {
  const auto domain = name("example.jp");
  for (const auto& outcome : {no_data(), name_error()}) {
    ScriptedInquiry inquiry({{{"_dmarc.example.jp", dns::RrType::kTxt}, outcome}});
    EXPECT_EQ(letters(inquiry.run(scanner::probe_dmarc(inquiry, domain))), "");
  }
  ScriptedInquiry inquiry(
      {{{"_dmarc.example.jp", dns::RrType::kTxt}, failure(dns::FailureCause::kServfail)}});
  const auto found = inquiry.run(scanner::probe_dmarc(inquiry, domain));
  for (const Finding& finding : {found.dmarc, found.policy_none, found.policy_quarantine, found.policy_reject,
                                 found.rua, found.testing, found.multiple, found.invalid}) {
    EXPECT_EQ(finding, Finding::unmeasured(Cause::kServfail));
  }
}

}  // namespace
}  // namespace dauth::testing
