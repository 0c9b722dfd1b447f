#include "scanner/list/list_format.h"

#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

struct Looks {
  std::string_view text;
  ListFormat format;
  char separator = ',';
};

class ListFormatOf : public ::testing::TestWithParam<Looks> {};

TEST_P(ListFormatOf, IsToldByTheFirstMeaningfulLine) {
  const auto detected = detect_list_format(GetParam().text, true, ListFormat::kAuto);
  ASSERT_TRUE(detected);
  EXPECT_EQ(detected->format, GetParam().format);
  if (detected->format == ListFormat::kCsv) {
    EXPECT_EQ(detected->separator, GetParam().separator);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Zone, ListFormatOf,
    ::testing::Values(
        Looks{"gov.\t3600\tin\tsoa\ta.ns.gov. dns. 1 2 3 4 5\n", ListFormat::kZone},
        Looks{"; <<>> DiG 9.18\n;; global options\njp.test.\t\t86400\tIN\tSOA\tns. root. 1 2 3 4 5\n",
              ListFormat::kZone},
        Looks{"$ORIGIN jp.\n", ListFormat::kZone}, Looks{"$TTL 1d\n", ListFormat::kZone},
        Looks{"@ IN SOA ns root (\n", ListFormat::kZone}, Looks{"@ SOA (\n", ListFormat::kZone},
        Looks{"example.jp. NS ns1.example.jp.\n", ListFormat::kZone},
        Looks{"example.jp. IN 3600 NS ns1.example.jp.\n", ListFormat::kZone},
        Looks{"\n\n  IN NS ns1.example.jp.\n", ListFormat::kZone},
        Looks{"jp. IN SOA a, b\n", ListFormat::kZone},
        Looks{"x.jp. 1h TYPE65280 \\# 0\n", ListFormat::kZone}));
INSTANTIATE_TEST_SUITE_P(
    Csv, ListFormatOf,
    ::testing::Values(
        Looks{"1,google.com\n", ListFormat::kCsv}, Looks{"origin,rank\n", ListFormat::kCsv},
        Looks{"\"domain\",\"registrant\"\n", ListFormat::kCsv}, Looks{"\"example.jp\"\n", ListFormat::kCsv},
        Looks{"domain\nexample.jp\n", ListFormat::kCsv}, Looks{"1;google.com\n", ListFormat::kCsv, ';'},
        Looks{"Rank;Domain\n", ListFormat::kCsv, ';'}, Looks{"\"a.jp\";\"b\"\n", ListFormat::kCsv, ';'},
        Looks{"1\tgoogle.com\n", ListFormat::kCsv, '\t'}, Looks{"name\tcategory\n", ListFormat::kCsv, '\t'},
        Looks{"# note\n\n\"Rank, overall\"\tDomain\n", ListFormat::kCsv, '\t'}));
INSTANTIATE_TEST_SUITE_P(Plain, ListFormatOf,
                         ::testing::Values(Looks{"example.jp\n", ListFormat::kPlain},
                                           Looks{"# x,y\nexample.jp\n", ListFormat::kPlain},
                                           Looks{"example.jp\tCO\n", ListFormat::kPlain},
                                           Looks{"example.jp ; registered\n", ListFormat::kPlain},
                                           Looks{"0.0.0.0 ads.example.jp\n", ListFormat::kPlain},
                                           Looks{"ns.example.jp NS\n", ListFormat::kPlain},
                                           Looks{"name\n", ListFormat::kPlain}, Looks{"", ListFormat::kPlain},
                                           Looks{"# only\n", ListFormat::kPlain}));

TEST(ListFormatDetection, WaitsForAWholeLine) {
  EXPECT_FALSE(detect_list_format("", false, ListFormat::kAuto));
  EXPECT_FALSE(detect_list_format("# comment\n1,goog", false, ListFormat::kAuto));
  EXPECT_EQ(detect_list_format("# comment\n1,goog\n", false, ListFormat::kAuto)->format, ListFormat::kCsv);
  EXPECT_EQ(detect_list_format("", false, ListFormat::kZone)->format, ListFormat::kZone);
}

TEST(ListFormatDetection, FindsTheSeparatorOfCsvByOption) {
  EXPECT_EQ(detect_list_format("a.jp\t7\n", true, ListFormat::kCsv)->separator, '\t');
  EXPECT_EQ(detect_list_format("a.jp;7\n", true, ListFormat::kCsv)->separator, ';');
  EXPECT_EQ(detect_list_format("a.jp\n", true, ListFormat::kCsv)->separator, ',');
}

}  // namespace
}  // namespace dauth::scanner
