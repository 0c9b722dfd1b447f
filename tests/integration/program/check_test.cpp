// `dauth check`: one domain, for a person and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

std::string domain_of_kind(const CsvTable& truth, const std::string& kind) {
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth.at(i, "kind") == kind) return truth.at(i, "domain");
  }
  ADD_FAILURE() << "no domain of the kind " << kind;
  return "";
}

class Check : public ::testing::Test {
 protected:
  ProcessResult check(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "check");
    arguments.insert(arguments.end(), {"--resolver", served_registry().resolver()});
    return dauth(arguments);
  }

  const CsvTable truth{read_file(served_registry().files().truth)};
};

TEST_F(Check, FindingsAndTheRecordsThatTheyRestOn) {
  const ProcessResult result = check({domain_of_kind(truth, "today_all_three")});
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("\"v=spf1"));
  EXPECT_THAT(result.out, HasSubstr("\"v=DMARC1"));
  EXPECT_THAT(result.out, HasSubstr("_domainkey subdomain    published"));
}

TEST_F(Check, BadNewsIsNoError) {
  const ProcessResult nothing = check({domain_of_kind(truth, "nxdomain")});
  EXPECT_EQ(nothing.status(), 0);
  EXPECT_THAT(nothing.out, HasSubstr("exists                  absent"));
  const ProcessResult invalid = check({domain_of_kind(truth, "spf_bad_address")});
  EXPECT_EQ(invalid.status(), 0);
  EXPECT_THAT(invalid.out, HasSubstr("invalid at octet"));
}

TEST_F(Check, ExplainTellsEachQuestionAndItsOutcome) {
  const ProcessResult result = check({domain_of_kind(truth, "wildcard_txt"), "--explain"});
  EXPECT_THAT(result.out, HasSubstr("DomainKeys step 3"));
  EXPECT_THAT(result.out, HasSubstr("it answers what the domain's wildcard answers"));
}

TEST_F(Check, JsonIsOneObjectALineWithTheExportsNames) {
  const std::string one = domain_of_kind(truth, "spf_softfail");
  const std::string other = domain_of_kind(truth, "null_mx");
  const ProcessResult result = check({one, other, "--json"});
  ASSERT_EQ(result.status(), 0) << result.err;
  const auto lines = split(result.out, '\n');
  ASSERT_EQ(lines.size(), 3U);
  const auto first = nlohmann::json::parse(lines[0]);
  const auto second = nlohmann::json::parse(lines[1]);
  EXPECT_EQ(first["domain"], one);
  EXPECT_EQ(first["spf"]["spf_all"], "softfail");
  EXPECT_EQ(second["mx"]["null_mx"], "published");
  EXPECT_EQ(second["mx"]["questions"][0]["records"][0]["data"], "0 .");
  EXPECT_EQ(first["spf"]["questions"][0]["type"], "TXT");
  EXPECT_EQ(first["dmarc"]["questions"][0]["name"], "_dmarc." + one);
}

TEST_F(Check, HostileTextStaysText) {
  const ProcessResult text = check({domain_of_kind(truth, "text_hostile")});
  const ProcessResult json = check({domain_of_kind(truth, "text_hostile"), "--json"});
  EXPECT_EQ(text.status(), 0);
  for (const char c : text.out + json.out) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  }
  EXPECT_TRUE(nlohmann::json::accept(json.out));
}

TEST_F(Check, NameThatIsNone) {
  for (const std::string name : {"bad..name", "192.0.2.1", "not a name", ""}) {
    const ProcessResult result = check({name});
    EXPECT_EQ(result.status(), 2) << name;
    EXPECT_EQ(result.out, "");
  }
}

TEST_F(Check, AuthoritativeServerAskedDirectlyOverIpv4AndIpv6) {
  const std::string domain = domain_of_kind(truth, "spf_fail");
  const std::string ipv4 = served_registry().authoritative();
  for (const std::string& server : {ipv4, "[::1]" + ipv4.substr(ipv4.rfind(':'))}) {
    const ProcessResult result = dauth({"check", domain, "--resolver", server});
    EXPECT_EQ(result.status(), 0) << server << result.err;
    EXPECT_THAT(result.out, HasSubstr("all: fail"));
  }
}

}  // namespace
}  // namespace dauth::testing
