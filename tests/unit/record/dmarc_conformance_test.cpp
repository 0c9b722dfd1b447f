// The DMARC records of OpenDMARC's test with the outcomes of RFC 7489; where RFC 9989 decides otherwise, the
// section stands beside the case. Needs DAUTH_DATA; skipped loudly without.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "scanner/record/dmarc_record.h"

namespace dauth::scanner {
namespace {

struct Deviation {
  std::string_view ending;   // of the record
  std::string_view older;    // outcome by RFC 7489
  std::string_view section;  // of RFC 9989
};

const std::vector<Deviation>& deviations() {
  static const std::vector<Deviation> list{
      {"p=n;", "OKAY", "4.8: dmarc-request knows no abbreviations; without rua 4.10.1 applies no DMARC"},
      {"adkim=bob;", "ERROR_BAD_VALUE", "4.8: a syntax error behind v is discarded in favour of the default"},
      {"aspf=bob;", "ERROR_BAD_VALUE", "4.8: a syntax error behind v is discarded in favour of the default"},
      {"rf=bob;", "ERROR_BAD_VALUE", "4.7 and 4.8: rf is no tag any more, unknown tags are ignored"},
      {"ri=bob;", "ERROR_BAD_VALUE", "4.7 and 4.8: ri is no tag any more, unknown tags are ignored"},
      {"pct=500;", "ERROR_BAD_VALUE", "4.7 and 4.8: pct is no tag any more, unknown tags are ignored"},
      {"pct=100;", "ERROR_NO_REQUIRED_P", "4.7: a record without p is treated as p=none"},
      {"rf=000000000000000000000000000000000", "ERROR_BAD_VALUE",
       "4.7 and 4.8: rf is no tag any more, unknown tags are ignored"},
  };
  return list;
}

const Deviation* deviation_of(std::string_view record) {
  for (const Deviation& deviation : deviations()) {
    if (record.ends_with(deviation.ending)) return &deviation;
  }
  return nullptr;
}

TEST(DmarcAgainstOpendmarc, DiffersOnlyWhereTheNewerRfcDecides) {
  const char* root = std::getenv("DAUTH_DATA");
  if (root == nullptr) GTEST_SKIP() << "SKIPPED: DAUTH_DATA is not set, conformance/dmarc was not run";
  std::ifstream file(std::string(root) + "/conformance/dmarc/opendmarc-cases.tsv");
  ASSERT_TRUE(file);
  std::string line;
  std::getline(file, line);
  std::size_t agreed = 0;
  std::size_t deviated = 0;
  while (std::getline(file, line)) {
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos);
    const std::string record = line.substr(0, tab);
    const std::string outcome = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    const bool expected = outcome == "OKAY";
    const bool ours = parse_dmarc(record).has_value();
    if (const Deviation* deviation = deviation_of(record)) {
      EXPECT_EQ(outcome, deviation->older) << record;
      EXPECT_NE(ours, expected) << record << ": RFC 9989 section " << deviation->section;
      ++deviated;
    } else {
      EXPECT_EQ(ours, expected) << record << ": " << outcome;
      ++agreed;
    }
  }
  EXPECT_EQ(deviated, deviations().size());
  EXPECT_EQ(agreed + deviated, 19U);
  std::printf("records 19: as RFC 7489 %zu, otherwise by RFC 9989 %zu\n", agreed, deviated);
}

}  // namespace
}  // namespace dauth::scanner
