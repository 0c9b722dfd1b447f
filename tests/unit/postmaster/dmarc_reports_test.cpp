#include "scanner/postmaster/dmarc_reports.h"

#include "scanner/postmaster/dmarc_discovery.h"
#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

using data::Cause;
using scanner::DestinationVerdict;
using scanner::ReportDestination;
using scanner::ReportKind;

TEST(ReportUriHost, IsThatOfTheMailboxOrTheAuthority) {
  struct Case {
    std::string uri;
    std::string host;  // "" for none
  };
  const std::vector<Case> cases = {
      {"mailto:dmarc@example.jp", "example.jp"},
      {"MAILTO:dmarc@Example.JP", "Example.JP"},
      {"mailto:dmarc@example.jp.", "example.jp"},
      {"mailto:a%40b@example.jp?subject=x@example.net", "example.jp"},
      {"mailto:dmarc%40example.jp", "example.jp"},
      {"mailto:a@b@example.jp", "example.jp"},
      {"https://example.jp/reports?a@b", "example.jp"},
      {"https://user:word@example.jp:8443/", "example.jp"},
      {"https://example.jp", "example.jp"},
      {"mailto:dmarc", ""},
      {"mailto:dmarc@", ""},
      {"mailto:dmarc@.", ""},
      {"mailto:dmarc@a..b", ""},
      {"mailto:dmarc@[192.0.2.1]", ""},
      {"mailto:dmarc@192.0.2.1", ""},
      {"mailto:dmarc@exa%20mple.jp", ""},
      {"mailto:dmarc@exa%5cmple.jp", ""},
      {"mailto:dmarc@exa%00mple.jp", ""},
      {"https://[2001:db8::1]/", ""},
      {"https:example.jp", ""},
      {"https:///path", ""},
      {"tel:1", ""},
      {"nothing", ""},
      {"", ""},
  };
  for (const Case& c : cases) {
    const auto host = scanner::host_of_report_uri(c.uri);
    EXPECT_EQ(host ? host->to_text() : "", c.host) << c.uri;
  }
}

struct ReportCase {
  std::string record;  // of blue.example.com
  TextsByName texts;
  OutcomesByName others;
  std::vector<std::string> verdicts;  // "uri verdict overriding"
};

std::string text_of(DestinationVerdict verdict) {
  switch (verdict) {
    case DestinationVerdict::kSameOrganization:
      return "same";
    case DestinationVerdict::kAuthorized:
      return "authorized";
    case DestinationVerdict::kNotAuthorized:
      return "refused";
    case DestinationVerdict::kOverriddenOutside:
      return "outside";
    case DestinationVerdict::kNoHost:
      return "no host";
    case DestinationVerdict::kNameTooLong:
      return "too long";
    case DestinationVerdict::kUnknown:
      return "unknown";
    case DestinationVerdict::kNotChecked:
      return "not checked";
  }
  return "";
}

std::string text_of(const ReportDestination& destination) {
  std::string text = destination.kind == ReportKind::kAggregate ? "rua " : "ruf ";
  text += destination.uri + " " + text_of(destination.verdict);
  if (destination.verdict == DestinationVerdict::kUnknown)
    text += " (" + std::string(data::to_text(destination.cause)) + ")";
  for (const std::string& uri : destination.overriding_uris) text += " > " + uri;
  return text;
}

std::vector<ReportDestination> destinations(const ReportCase& c, Delivery delivery = Delivery::kOldestFirst) {
  ScriptedInquiry::Script script = dmarc_script(
      {"blue.example.com", "red.example.net", "mail.example.com", "reports.example.com"}, c.texts, c.others);
  for (const std::string host : {"red.example.net", "mail.example.com", "reports.example.com"})
    script.try_emplace({"blue.example.com._report._dmarc." + host, dns::RrType::kTxt}, name_error());
  ScriptedInquiry inquiry(std::move(script), delivery);
  const dns::DomainName domain = name("blue.example.com");
  const auto record = scanner::parse_dmarc(c.record).value();
  return inquiry.run(scanner::check_report_destinations(inquiry, domain, record));
}

const std::string kPermission = "blue.example.com._report._dmarc.red.example.net";
const std::string kToRed = "v=DMARC1; rua=mailto:reports@red.example.net";
const std::string kAtRed = "rua mailto:reports@red.example.net ";

TEST(ReportDestinations, NeedThePermissionOfAnotherOrganization) {
  const std::vector<ReportCase> cases = {
      {"v=DMARC1; p=none", {}, {}, {}},
      // The example of RFC 9990 section 4.
      {kToRed, {{kPermission, {"v=DMARC1"}}}, {}, {kAtRed + "authorized"}},
      {kToRed, {{kPermission, {"v=DMARC1;"}}}, {}, {kAtRed + "authorized"}},
      {kToRed, {}, {}, {kAtRed + "refused"}},
      {kToRed, {}, {{kPermission, no_data()}}, {kAtRed + "refused"}},
      // Records that do not begin with v=DMARC1 are discarded; of the others one is enough.
      {kToRed, {{kPermission, {"v=spf1 -all", "v=dmarc1", "p=none; v=DMARC1"}}}, {}, {kAtRed + "refused"}},
      {kToRed, {{kPermission, {"v=spf1 -all", "v=DMARC1", "v=DMARC1"}}}, {}, {kAtRed + "authorized"}},
      // p is not meant to stand there, so an invalid one does no harm.
      {kToRed, {{kPermission, {"v=DMARC1; p=x"}}}, {}, {kAtRed + "authorized"}},
      // The destination's own address, at the same host alone.
      {kToRed,
       {{kPermission, {"v=DMARC1; rua=mailto:all@red.example.net"}}},
       {},
       {kAtRed + "authorized > mailto:all@red.example.net"}},
      {kToRed,
       {{kPermission, {"v=DMARC1; rua=mailto:all@RED.example.net, https://red.example.net/r"}}},
       {},
       {kAtRed + "authorized > mailto:all@RED.example.net > https://red.example.net/r"}},
      {kToRed,
       {{kPermission, {"v=DMARC1; rua=mailto:all@victim.example"}}},
       {},
       {kAtRed + "outside > mailto:all@victim.example"}},
      {kToRed,
       {{kPermission, {"v=DMARC1; rua=mailto:all@red.example.net,mailto:x@mail.red.example.net"}}},
       {},
       {kAtRed + "outside > mailto:all@red.example.net > mailto:x@mail.red.example.net"}},
      // Appendix B.2.4: ruf overrides ruf and rua overrides rua.
      {"v=DMARC1; rua=mailto:a@red.example.net; ruf=mailto:f@red.example.net",
       {{kPermission, {"v=DMARC1; ruf=mailto:failures@red.example.net"}}},
       {},
       {"rua mailto:a@red.example.net authorized",
        "ruf mailto:f@red.example.net authorized > mailto:failures@red.example.net"}},
      // The same name, and the same organizational domain by the tree walk, need no permission.
      {"v=DMARC1; rua=mailto:a@blue.example.com", {}, {}, {"rua mailto:a@blue.example.com same"}},
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {{"_dmarc.example.com", {"v=DMARC1; p=none"}}, {"_dmarc.blue.example.com", {"v=DMARC1; p=none"}}},
       {},
       {"rua mailto:a@mail.example.com same"}},
      // Without a record above, or with psd=n or psd=y between, the neighbours are strangers.
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {{"_dmarc.blue.example.com", {"v=DMARC1; p=none"}}},
       {},
       {"rua mailto:a@mail.example.com refused"}},
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {{"_dmarc.example.com", {"v=DMARC1; p=none"}}, {"_dmarc.blue.example.com", {"v=DMARC1; psd=n"}}},
       {},
       {"rua mailto:a@mail.example.com refused"}},
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {{"_dmarc.example.com", {"v=DMARC1; p=none; psd=y"}}, {"_dmarc.blue.example.com", {"v=DMARC1"}}},
       {},
       {"rua mailto:a@mail.example.com refused"}},
      // Not in the DNS.
      {"v=DMARC1; rua=mailto:a@[192.0.2.1], mailto:nobody", {}, {}, {"rua mailto:nobody no host"}},
      // Failures.
      {kToRed, {}, {{kPermission, failure(dns::FailureCause::kServfail)}}, {kAtRed + "unknown (servfail)"}},
      // Names of two top-level domains are strangers whatever their walks would have given.
      {kToRed, {}, {{"_dmarc.red.example.net", failure()}}, {kAtRed + "refused"}},
      {kToRed,
       {{kPermission, {"v=DMARC1"}}},
       {{"_dmarc.net", failure()}, {"_dmarc.com", failure()}},
       {kAtRed + "authorized"}},
      // Neighbours may be of one organization: without a permission it is not known.
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {},
       {{"_dmarc.com", failure()}},
       {"rua mailto:a@mail.example.com unknown (timeout)"}},
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {{"blue.example.com._report._dmarc.mail.example.com", {"v=DMARC1"}}},
       {{"_dmarc.com", failure()}},
       {"rua mailto:a@mail.example.com authorized"}},
      {"v=DMARC1; rua=mailto:a@mail.example.com",
       {},
       {{"_dmarc.mail.example.com", failure(dns::FailureCause::kRefused)}},
       {"rua mailto:a@mail.example.com unknown (refused)"}},
  };
  for (const ReportCase& c : cases) {
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      std::vector<std::string> texts;
      for (const ReportDestination& destination : destinations(c, delivery))
        texts.push_back(text_of(destination));
      EXPECT_EQ(texts, c.verdicts) << c.record;
    }
  }
}

TEST(ReportDestinations, TellWhatWasAskedAndFound) {
  const auto found = destinations({kToRed, {{kPermission, {"v=DMARC1; p=none", "x"}}}, {}, {}});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].host, name("red.example.net"));
  EXPECT_EQ(found[0].organizational_domain, name("red.example.net"));
  EXPECT_EQ(found[0].asked, name(kPermission));
  EXPECT_EQ(found[0].permissions, std::vector<std::string>{"v=DMARC1; p=none"});
}

TEST(ReportDestinations, AHostileListIsNotFollowedToItsEnd) {
  std::string record = "v=DMARC1; rua=mailto:a@blue.example.com";
  for (int i = 0; i < 2000; ++i) record += ",mailto:a@red.example.net";
  const auto found = destinations({record, {{kPermission, {"v=DMARC1"}}}, {}, {}});
  ASSERT_EQ(found.size(), 2001u);
  EXPECT_EQ(found[scanner::kMaxDestinations - 1].verdict, DestinationVerdict::kAuthorized);
  EXPECT_EQ(found[scanner::kMaxDestinations].verdict, DestinationVerdict::kNotChecked);
  EXPECT_EQ(found.back().verdict, DestinationVerdict::kNotChecked);
  EXPECT_EQ(found.back().uri, "mailto:a@red.example.net");
}

TEST(ReportDestinations, ANameTooLongToAskIsNoPermission) {
  const std::string label(55, 'a');
  const std::string host = label + "." + label + ".example.net";
  const std::string domain_text = label + "." + label + ".example.com";
  ScriptedInquiry inquiry(dmarc_script({host, domain_text}, {}));
  const dns::DomainName domain = name(domain_text);
  const auto record = scanner::parse_dmarc("v=DMARC1; rua=mailto:a@" + host).value();
  const auto found = inquiry.run(scanner::check_report_destinations(inquiry, domain, record));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].verdict, DestinationVerdict::kNameTooLong);
  EXPECT_FALSE(found[0].asked);
}

// As part of the discovery: the name in the question is the one whose record applies, not the one asked
// about.
TEST(ReportDestinations, AreThoseOfTheRecordThatApplies) {
  ScriptedInquiry::Script script =
      dmarc_script({"www.example.jp", "red.example.net"}, {{"_dmarc.example.jp", {kToRed}}});
  script[{"example.jp._report._dmarc.red.example.net", dns::RrType::kTxt}] =
      text_answer("example.jp._report._dmarc.red.example.net", {"v=DMARC1"});
  ScriptedInquiry inquiry(std::move(script));
  const dns::DomainName domain = name("www.example.jp");
  const auto found = inquiry.run(scanner::discover_dmarc(inquiry, domain));
  ASSERT_EQ(found.applied->reports.size(), 1u);
  EXPECT_EQ(found.applied->reports[0].verdict, DestinationVerdict::kAuthorized);
}

}  // namespace
}  // namespace dauth::testing
