#include "scanner/probe/probe_selection.h"

#include <gmock/gmock.h>

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

TEST(ProbeSelection, TextIsReadBack) {
  const scanner::ProbeSelection all;
  const auto read =
      scanner::parse_probe_selection(scanner::probes_text(all), scanner::wildcard_types_text(all));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(scanner::probes_text(*read), "mx,spf,domainkeys,dkim_policy,dmarc");
  EXPECT_EQ(scanner::wildcard_types_text(*read), "TXT,A");
}

TEST(ProbeSelection, Chosen) {
  const auto read = scanner::parse_probe_selection("spf,mx", "txt");
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->mx);
  EXPECT_TRUE(read->spf);
  EXPECT_FALSE(read->domainkeys);
  EXPECT_FALSE(read->dkim_policy);
  EXPECT_FALSE(read->dmarc);
  EXPECT_FALSE(read->mx_hosts);
  EXPECT_EQ(scanner::wildcard_types_text(*read), "TXT");
}

TEST(ProbeSelection, MxHostsAreChosenByNameAlone) {
  const auto read = scanner::parse_probe_selection("mx-hosts,dmarc,mx", "TXT");
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->mx_hosts);
  EXPECT_EQ(scanner::probes_text(*read), "mx,dmarc,mx-hosts");
}

TEST(ProbeSelection, MistakesAreNamedWithTheirOption) {
  const auto error_of = [](std::string_view probes, std::string_view types) {
    const auto read = scanner::parse_probe_selection(probes, types);
    return read ? std::string() : read.error();
  };
  EXPECT_THAT(error_of("mx,spam", "TXT"), HasSubstr("--probes: unknown probe 'spam'"));
  EXPECT_THAT(error_of("", "TXT"), HasSubstr("--probes: unknown probe ''"));
  EXPECT_THAT(error_of("dkim_policy", "TXT"), HasSubstr("needs the probe domainkeys"));
  EXPECT_THAT(error_of("spf,mx-hosts", "TXT"), HasSubstr("--probes: the probe mx-hosts needs the probe mx"));
  EXPECT_THAT(error_of("mx", "TXT,ANY"), HasSubstr("--wildcard-types: unknown RR type 'ANY'"));
  EXPECT_THAT(error_of("mx", "A,TXT"), HasSubstr("the first type has to be TXT"));
}

}  // namespace
}  // namespace dauth::testing
