#include "scanner/cli/check/dmarc_section.h"

#include <nlohmann/json.hpp>

#include "tests/support/json_schema.h"
#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

using Json = nlohmann::ordered_json;
using scanner::DmarcDiscovery;

DmarcDiscovery discover(const std::string& start, const TextsByName& texts,
                        const OutcomesByName& others = {}) {
  ScriptedInquiry inquiry(dmarc_script({start, "red.example.net"}, texts, others));
  const dns::DomainName domain = name(start);
  return inquiry.run(scanner::discover_dmarc(inquiry, domain));
}

std::string page_of(const DmarcDiscovery& dmarc) {
  scanner::cli::CheckPage page({.width = 100, .colour = scanner::cli::Colour::kNo});
  scanner::cli::add_to_page(page, dmarc);
  return page.take();
}

std::string json_of(const DmarcDiscovery& dmarc) {
  return scanner::cli::to_json(dmarc).dump(-1, ' ', true, Json::error_handler_t::replace);
}

const std::string kAt = "_dmarc.example.jp";
const std::string kPermission = "example.jp._report._dmarc.red.example.net";

DmarcDiscovery inherited() {
  return discover(
      "www.example.jp",
      {{kAt,
        {"v=DMARC1; p=reject; sp=quarantine; t=y; aspf=s; fo=1:d; junk; "
         "rua=mailto:a@example.jp,mailto:b@red.example.net; ruf=mailto:f@red.example.net"}},
       {"_dmarc.www.example.jp", {"v=DMARC1; p=none", "v=DMARC1; p=reject"}},
       {kPermission, {"v=DMARC1; rua=mailto:all@red.example.net; ruf=mailto:x@elsewhere.example"}}});
}

TEST(DmarcSection, TellsWhatAppliesAndWhy) {
  EXPECT_EQ(
      page_of(inherited()),
      "DMARC\n"
      "  policy                  none\n"
      "    sp (subdomains) of the record of its organizational domain; it says quarantine, and t=y\n"
      "    (testing) asks for one level lower (RFC 9989 section 4.7)\n"
      "  record at               _dmarc.example.jp\n"
      "    \"v=DMARC1; p=reject; sp=quarantine; t=y; aspf=s; fo=1:d; junk;\n"
      "     rua=mailto:a@example.jp,mailto:b@red.example.net; ruf=mailto:f@red.example.net\"\n"
      "  organizational domain   example.jp\n"
      "    the highest name with a DMARC record\n"
      "  alignment               DKIM relaxed, SPF strict\n"
      "  aggregate reports       rua to\n"
      "    mailto:a@example.jp\n"
      "      the same organization, no permission needed\n"
      "    mailto:b@red.example.net\n"
      "      another organization, which permits it at example.jp._report._dmarc.red.example.net\n"
      "      the permission has them sent to mailto:all@red.example.net instead\n"
      "  failure reports         where SPF or DKIM does not pass and align; where a DKIM signature fails;\n"
      "                          ruf to\n"
      "    mailto:f@red.example.net\n"
      "      problem: the permission at example.jp._report._dmarc.red.example.net names an address at\n"
      "        another host; receivers must send to neither\n"
      "      the permission has them sent to mailto:x@elsewhere.example instead\n"
      "  tree walk               names asked for a record (RFC 9989 section 4.10)\n"
      "    problem: _dmarc.www.example.jp: 2 records, which count as none\n"
      "    _dmarc.example.jp: a record\n"
      "    _dmarc.jp: no record\n");
}

TEST(DmarcSection, TellsWhatIsNotThereAndWhatIsNotKnown) {
  const std::string none = page_of(discover("example.jp", {}));
  EXPECT_NE(none.find("policy                  warning: no DMARC record applies\n"), std::string::npos)
      << none;
  const std::string failed = page_of(discover("example.jp", {}, {{"_dmarc.jp", failure()}}));
  EXPECT_NE(failed.find("policy                  warning: not known, a question failed (timeout)\n"),
            std::string::npos)
      << failed;
  EXPECT_NE(failed.find("_dmarc.jp: not known, the question failed (timeout); the walk ends\n"),
            std::string::npos)
      << failed;
  EXPECT_EQ(failed.find("no DMARC record applies"), std::string::npos);
  const std::string unusable = page_of(discover("example.jp", {{kAt, {"v=DMARC1; p=x"}}}));
  EXPECT_NE(unusable.find("policy                  problem: none that holds\n"), std::string::npos)
      << unusable;
  const std::string depends = page_of(
      discover("www.example.jp", {{kAt, {"v=DMARC1; p=reject; np=none"}}}, {{"www.example.jp", failure()}}));
  EXPECT_NE(depends.find("policy                  warning: not known\n"), std::string::npos) << depends;
}

TEST(DmarcSection, HasTheSameAsJson) {
  const Json json = Json::parse(json_of(inherited()));
  EXPECT_EQ(json["domain"], "www.example.jp");
  EXPECT_EQ(json["status"], "applies");
  EXPECT_TRUE(json["cause"].is_null());
  EXPECT_EQ(json["policy"],
            Json::parse(R"({"published":"quarantine","effective":"none","tag":"sp","cause":null})"));
  EXPECT_EQ(json["record"]["domain"], "example.jp");
  EXPECT_EQ(json["record"]["place"], "organizational_domain");
  EXPECT_EQ(json["record"]["p"], "reject");
  EXPECT_EQ(json["record"]["fo"], Json::parse(R"({"trigger":"any","dkim":true,"spf":false})"));
  EXPECT_EQ(json["record"]["ignored"][0]["reason"], "not a tag");
  EXPECT_EQ(json["organizational_domain"],
            Json::parse(R"({"domain":"example.jp","reason":"highest_record","cause":null})"));
  ASSERT_EQ(json["tree_walk"].size(), 3u);
  EXPECT_EQ(json["tree_walk"][0]["outcome"], "several");
  EXPECT_EQ(json["tree_walk"][0]["records"].size(), 2u);
  ASSERT_EQ(json["report_destinations"].size(), 3u);
  EXPECT_EQ(json["report_destinations"][1]["verdict"], "authorized");
  EXPECT_EQ(json["report_destinations"][1]["overriding"][0], "mailto:all@red.example.net");
  EXPECT_EQ(json["report_destinations"][2]["verdict"], "overridden_outside");
}

TEST(DmarcSection, HoldsToItsSchema) {
  const std::string hostile =
      "v=DMARC1; p=\xff\x1b[31m; rua=mailto:a@\xc3\x28.example, mailto:b@[192.0.2.1]; x=\x01";
  const std::vector<DmarcDiscovery> all = {
      inherited(),
      discover("example.jp", {}),
      discover("example.jp", {}, {{"_dmarc.jp", failure()}, {"example.jp", failure()}}),
      discover("example.jp", {}, {{"example.jp", name_error()}}),
      discover("example.jp", {{kAt, {"v=DMARC1; p=x"}}}),
      discover("example.jp", {{kAt, {hostile}}}),
      discover("example.jp", {{kAt, {"v=DMARC1; psd=n; rua=mailto:b@red.example.net"}}},
               {{kPermission, failure()}}),
      discover("example.jp",
               {{kAt, {"v=DMARC1; p=quarantine; np=x; rua=mailto:nobody@example.jp!10m, mailto:b"}}}),
      discover("www.example.jp", {{kAt, {"v=DMARC1; p=reject; np=none; psd=y"}}},
               {{"www.example.jp", failure()}}),
      discover("a.b.c.d.e.f.g.h.example.jp", {{"_dmarc.jp", {"v=DMARC1; p=reject; psd=y; adkim=s"}}}),
  };
  for (const DmarcDiscovery& dmarc : all)
    EXPECT_TRUE(holds_to_schema(json_of(dmarc), "dmarc.schema.json")) << dmarc.domain.to_text();
  EXPECT_TRUE(are_good_schemas());
  // And no octet of it reaches a terminal.
  for (const DmarcDiscovery& dmarc : all) EXPECT_EQ(page_of(dmarc).find('\x1b'), std::string::npos);
}

TEST(DmarcSection, ALongListOfAddressesIsOneLine) {
  std::string record = "v=DMARC1; p=none; rua=mailto:a@example.jp";
  for (int i = 0; i < 99; ++i) record += ",mailto:a@example.jp";
  const std::string page = page_of(discover("example.jp", {{kAt, {record}}}));
  EXPECT_NE(page.find("    84 more, not looked at: only the first 16 addresses are\n"), std::string::npos)
      << page;
}

}  // namespace
}  // namespace dauth::testing
