#include "scanner/probe/dkim_policy_probe.h"

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::Finding;

struct DkimPolicyCase {
  const char* what;
  Finding subdomain;
  std::optional<dns::LookupOutcome> policy, adsp;
  Finding expected;
};

TEST(DkimPolicyProbe, Findings) {
  const Finding yes = Finding::published();
  const Finding no = Finding::absent();
  const Finding timeout = Finding::unmeasured(Cause::kTimeout);
  const auto signing = answer({text_record("_policy._domainkey.example.jp", {"o=~"})});
  const auto adsp = answer({text_record("_adsp._domainkey.example.jp", {"dkim=all"})});
  const std::vector<DkimPolicyCase> cases = {
      {"no subdomain, nothing asked", no, std::nullopt, std::nullopt, no},
      {"subdomain unmeasured, nothing asked", Finding::unmeasured(Cause::kServfail), std::nullopt,
       std::nullopt, Finding::unmeasured(Cause::kServfail)},
      {"a signing policy, ADSP not asked", yes, signing, std::nullopt, yes},
      {"ADSP", yes, name_error(), adsp, yes},
      {"neither", yes, name_error(), no_data(), no},
      {"the policy fails, ADSP shows", yes, failure(), adsp, yes},
      {"the policy fails, no ADSP", yes, failure(), no_data(), timeout},
      {"ADSP fails", yes, name_error(), failure(), timeout},
      {"other text is none", yes, answer({text_record("_policy._domainkey.example.jp", {"v=DKIM1; p="})}),
       answer({text_record("_adsp._domainkey.example.jp", {"hello"})}), no},
  };
  for (const DkimPolicyCase& c : cases) {
    SCOPED_TRACE(c.what);
    ScriptedInquiry::Script script;
    if (c.policy) script.insert({{"_policy._domainkey.example.jp", dns::RrType::kTxt}, *c.policy});
    if (c.adsp) script.insert({{"_adsp._domainkey.example.jp", dns::RrType::kTxt}, *c.adsp});
    const std::size_t given = script.size();
    const auto domain = name("example.jp");
    ScriptedInquiry inquiry(std::move(script));
    EXPECT_EQ(inquiry.run(scanner::probe_dkim_policy(inquiry, domain, c.subdomain)), c.expected);
    EXPECT_EQ(inquiry.questions().size(), given);
  }
}

}  // namespace
}  // namespace dauth::testing
