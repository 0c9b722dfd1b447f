// What an SPF record that is followed to its end gives reason to say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/postmaster/advice.h"
#include "tests/unit/postmaster/advice_script.h"
#include "tests/unit/spf/spf_script.h"

namespace dauth::testing {
namespace {

TEST(AdviceOnEvaluation, WhereItEndsInAnError) {
  struct Case {
    std::vector<std::string> lines;
    std::vector<std::string> expected;
  };
  const std::string a = "example.jp A 192.0.2.1";
  const std::string aaaa = "example.jp AAAA 2001:db8::1";
  for (const Case& each : std::vector<Case>{
           {{"example.jp TXT v=spf1 a -all", a, aaaa}, {}},
           {{"example.jp TXT NODATA"}, {}},
           // Said of the domain's own record, by advise().
           {{"example.jp TXT v=spf1 foo"}, {}},
           {{"example.jp TXT v=spf1 include:i.jp -all", "i.jp TXT NODATA"},
            {"spf_include_no_record problem include:i.jp: no record at i.jp"}},
           {{"example.jp TXT v=spf1 ip6:::/0 redirect=i.jp", "i.jp TXT NODATA"},
            {"spf_redirect_no_record problem redirect=i.jp: no record at i.jp (IPv4 clients)"}},
           {{"example.jp TXT v=spf1 a a a a a a a a a a a -all", a, aaaa},
            {"spf_too_many_lookups problem a in the record of example.jp"}},
           {{"example.jp TXT v=spf1 a a a -all", a, "example.jp AAAA NODATA"},
            {"spf_too_many_void_lookups problem a in the record of example.jp (IPv6 clients)"}},
           {{"example.jp TXT v=spf1 mx -all", "example.jp MX 1 a.jp", "example.jp MX 1 b.jp",
             "example.jp MX 1 c.jp", "example.jp MX 1 d.jp", "example.jp MX 1 e.jp", "example.jp MX 1 f.jp",
             "example.jp MX 1 g.jp", "example.jp MX 1 h.jp", "example.jp MX 1 i.jp", "example.jp MX 1 j.jp",
             "example.jp MX 1 k.jp"},
            {"spf_too_many_mx_hosts problem mx in the record of example.jp"}},
           {{"example.jp TXT v=spf1 include:i.jp -all", "i.jp TXT v=spf1", "i.jp TXT v=spf1 -all"},
            {"spf_included_invalid problem i.jp: more than one SPF record"}},
           {{"example.jp TXT v=spf1 a -all", a, "example.jp AAAA TIMEOUT"},
            {"spf_lookup_failed warning example.jp AAAA: timeout (IPv6 clients)"}}}) {
    ScriptedInquiry inquiry(spf_script(each.lines));
    const scanner::PermittedSpace space =
        inquiry.run(scanner::examine_permitted_space(inquiry, name("example.jp")));
    EXPECT_EQ(texts_of(scanner::advise_on_evaluation(space)), each.expected) << each.lines.front();
  }
}

TEST(AdviceOnEvaluation, AnErrorInAnIncludedRecordNamesItsPlace) {
  ScriptedInquiry inquiry(
      spf_script({"example.jp TXT v=spf1 include:i.jp -all", "i.jp TXT v=spf1 ip4:192.0.2 -all"}));
  const auto advice = scanner::advise_on_evaluation(
      inquiry.run(scanner::examine_permitted_space(inquiry, name("example.jp"))));
  ASSERT_EQ(advice.size(), 1U);
  EXPECT_EQ(scanner::to_text(advice[0].code), "spf_included_invalid");
  EXPECT_THAT(advice[0].subject, ::testing::StartsWith("i.jp: octet "));
}

}  // namespace
}  // namespace dauth::testing
