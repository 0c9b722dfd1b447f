// `dauth check`: the findings of a domain and the reasons for them, as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/check/check_program.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(CheckFindings, StandWithTheRecordsThatTheyRestOn) {
  const ProcessResult result = check({domain_of_kind("today_all_three")});
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr("    \"v=spf1"));
  EXPECT_THAT(result.out, HasSubstr("    \"v=DMARC1"));
  EXPECT_THAT(result.out, HasSubstr("  MX                      published: 1 MX record"));
  EXPECT_THAT(result.out, HasSubstr("_domainkey subdomain    published"));
}

TEST(CheckFindings, SayWhyAndWhereTheRuleStands) {
  const struct {
    const char* kind;
    const char* sentence;
  } cases[] = {
      {"nxdomain",
       "exists absent: asking for TXT gives a name error: the name does not exist, and the survey "
       "asks no more (RFC 8020 section 2)"},
      {"spf_softfail",
       "its first all is ~all: other senders are probably not permitted (RFC 7208 section 4.5)"},
      {"spf_bad_address", "published: invalid at octet"},
      {"spf_multiple", "problem: published: 2 TXT records begin with v=spf1; more than one is a permerror"},
      {"null_mx", "the only MX record is '0 .': the domain accepts no mail (RFC 7505 section 3)"},
      {"mx_address", "problem: published: an exchange is an address, which is not a host name"},
      {"wildcard_txt",
       "absent: it answers what the domain's wildcard answers (measurement-method.md section 2)"},
      {"dmarc_multiple", "more than one counts as none"},
  };
  for (const auto& each : cases) {
    const ProcessResult result = check({domain_of_kind(each.kind)});
    EXPECT_EQ(result.status(), 0) << "bad news is no error";
    EXPECT_THAT(unwrapped(result.out), HasSubstr(each.sentence)) << each.kind;
  }
}

TEST(CheckFindings, ExplainTellsEachQuestionItsRecordsAndWhatItDecided) {
  const std::string domain = domain_of_kind("wildcard_txt");
  const ProcessResult plain = check({domain});
  EXPECT_THAT(plain.out, Not(HasSubstr("Questions, in the order asked")));
  const ProcessResult result = check({domain, "--explain"});
  const std::string words = unwrapped(result.out);
  EXPECT_THAT(words, HasSubstr("1. " + domain + " TXT: Answer for existence, SPF and Sender ID"));
  EXPECT_THAT(words, HasSubstr(domain + " TXT \"v=spf1"));
  EXPECT_THAT(words, HasSubstr("decides about exists, spf, spf_txt, spf_record"));
  EXPECT_THAT(words, HasSubstr("for DomainKeys step 3: is there a wildcard, and what does it answer?"));
  EXPECT_THAT(words, HasSubstr("decides about domainkeys_subdomain"));
  // Every finding, not only those that say something.
  EXPECT_THAT(words, HasSubstr("spf_redirect absent: "));
  EXPECT_THAT(words, HasSubstr("dmarc_with_mx absent: dmarc is absent"));
  EXPECT_LE(longest_line(result.out), 80U);
}

TEST(CheckFindings, HostileTextStaysText) {
  const ProcessResult text = check({domain_of_kind("text_hostile"), "--explain"});
  const ProcessResult json = check({domain_of_kind("text_hostile"), "--json"});
  EXPECT_EQ(text.status(), 0);
  for (const char c : text.out + json.out) {
    EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  }
}

TEST(CheckFindings, SeveralDomainsComeInTheOrderGiven) {
  const std::string first = domain_of_kind("wildcard_txt");  // takes the most questions
  const std::string second = domain_of_kind("nxdomain");
  const std::string third = domain_of_kind("spf_fail");
  const ProcessResult result = check({first, second, third, second});
  EXPECT_EQ(result.status(), 0);
  const std::size_t one = result.out.find(first + "\n");
  const std::size_t two = result.out.find("\n\n" + second + "\n");
  const std::size_t three = result.out.find("\n\n" + third + "\n");
  const std::size_t four = result.out.rfind("\n\n" + second + "\n");
  EXPECT_EQ(one, 0U);
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_LT(three, four);
  EXPECT_NE(four, std::string::npos);
}

TEST(CheckFindings, AuthoritativeServerAskedDirectlyOverIpv4AndIpv6) {
  const std::string domain = domain_of_kind("spf_fail");
  const std::string ipv4 = served_registry().authoritative();
  for (const std::string& server : {ipv4, "[::1]" + ipv4.substr(ipv4.rfind(':'))}) {
    const ProcessResult result = dauth({"check", domain, "--resolver", server});
    EXPECT_THAT(unwrapped(result.out), HasSubstr("its first all is -all")) << server << result.err;
  }
}

}  // namespace
}  // namespace dauth::testing
