// Hard and soft, as the table of the header has it.
#include "scanner/submission/submission_icmp.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace dauth::scanner {
namespace {

TEST(SubmissionIcmp, HardAreThoseOfTheTableAndNoOthers) {
  // RFC 9293 section 3.9.2.2: IPv4 codes 2 to 4, ICMPv6 codes 1 and 4; the others are this project's
  // judgement.
  const std::set<int> hard_v4{2, 3, 4, 6, 7, 8, 9, 10, 13, 14, 15};
  const std::set<int> hard_v6{1, 4, 5, 6};
  for (int type = 0; type < 256; ++type) {
    for (int code = 0; code < 256; ++code) {
      const auto weight = [&](IpFamily family) {
        return icmp_weight(family, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code));
      };
      EXPECT_EQ(weight(IpFamily::kIpv4) == IcmpWeight::kHard, type == 3 && hard_v4.contains(code));
      EXPECT_EQ(weight(IpFamily::kIpv6) == IcmpWeight::kHard, type == 1 && hard_v6.contains(code));
    }
  }
}

TEST(SubmissionIcmp, EachErrorOfTheTableHasAPhraseOfItsOwn) {
  std::set<std::string> phrases;
  for (int code = 0; code < 16; ++code) {
    phrases.insert(icmp_phrase(IpFamily::kIpv4, 3, static_cast<std::uint8_t>(code)));
  }
  for (int code = 0; code < 7; ++code) {
    phrases.insert(icmp_phrase(IpFamily::kIpv6, 1, static_cast<std::uint8_t>(code)));
  }
  EXPECT_EQ(phrases.size(), 23U);
  for (const std::string& phrase : phrases) EXPECT_EQ(phrase.find("type"), phrase.find("type of service"));
  EXPECT_EQ(icmp_phrase(IpFamily::kIpv4, 3, 3), "ICMP port unreachable");
  EXPECT_EQ(icmp_phrase(IpFamily::kIpv4, 11, 1), "ICMP time exceeded");
  EXPECT_EQ(icmp_phrase(IpFamily::kIpv6, 1, 9), "ICMPv6 type 1 code 9");
}

}  // namespace
}  // namespace dauth::scanner
