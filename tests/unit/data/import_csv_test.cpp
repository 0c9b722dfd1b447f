#include "data/import_csv.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dauth::data {
namespace {

const std::string kHeader = "month,category,metric,count\n";

struct Good {
  std::string what;
  std::string text;
  std::size_t rows;
};

class GoodCounts : public ::testing::TestWithParam<Good> {};

TEST_P(GoodCounts, AreTaken) {
  const auto counts = parse_counts_csv(GetParam().text);
  ASSERT_TRUE(counts) << counts.error().line << ": " << counts.error().reason;
  ASSERT_EQ(counts->rows.size(), GetParam().rows);
  ASSERT_EQ(counts->lines.size(), GetParam().rows);
  const CountRow& first = counts->rows.front();
  EXPECT_EQ(first.month, Month(2005, 4));
  EXPECT_EQ(first.category.code(), "AD");
  EXPECT_EQ(first.metric, "registered");
  EXPECT_EQ(first.count, 301U);
  EXPECT_FALSE(first.unmeasured);
}

INSTANTIATE_TEST_SUITE_P(
    Counts, GoodCounts,
    ::testing::Values(
        Good{"plain", kHeader + "2005-04,AD,registered,301\n2005-04,AD,mx,256\n", 2},
        Good{"no_last_line_end", kHeader + "2005-04,AD,registered,301", 1},
        Good{"byte_order_mark", "\xef\xbb\xbf" + kHeader + "2005-04,AD,registered,301\n", 1},
        Good{"crlf", "month,category,metric,count\r\n2005-04,AD,registered,301\r\n2005-04,AC,mx,1\r\n", 2},
        Good{"crlf_at_the_very_end", kHeader + "2005-04,AD,registered,301\r", 1},
        Good{"quoted", "\"month\",\"category\",metric,count\n\"2005-04\",AD,\"registered\",\"301\"\n", 1},
        Good{"empty_lines", "\n" + kHeader + "\n\n2005-04,AD,registered,301\n\r\n2005-05,AD,mx,0\n\n", 2},
        Good{"total", kHeader + "2005-04,AD,registered,301\n2005-04,TOTAL,registered,400\n", 2},
        Good{"public_suffix", kHeader + "2005-04,AD,registered,301\n2005-04,co.uk,mx,400\n", 2},
        Good{"largest", kHeader + "2005-04,AD,registered,301\n2005-04,AD,mx,9223372036854775807\n", 2}),
    [](const auto& test) { return test.param.what; });

struct Bad {
  std::string what;
  std::string text;
  std::uint64_t line;
  std::string reason;  // a part of it
};

class BadCounts : public ::testing::TestWithParam<Bad> {};

TEST_P(BadCounts, AreRefusedWithTheirLine) {
  const auto rows = parse_counts_csv(GetParam().text);
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().line, GetParam().line);
  EXPECT_NE(rows.error().reason.find(GetParam().reason), std::string::npos) << rows.error().reason;
  for (const char c : rows.error().reason) EXPECT_TRUE(c >= ' ' && c <= '~');
}

INSTANTIATE_TEST_SUITE_P(
    Counts, BadCounts,
    ::testing::Values(
        Bad{"empty", "", 1, "the header is not"}, Bad{"only_header", kHeader, 1, "no counts"},
        Bad{"other_header", "month,metric,category,count\n", 1, "the header is not"},
        Bad{"no_header", "2005-04,AD,registered,301\n", 1, "the header is not"},
        Bad{"three_fields", kHeader + "2005-04,AD,301\n", 2, "3 fields"},
        Bad{"five_fields", kHeader + "2005-04,AD,mx,301,5\n", 2, "more than four"},
        Bad{"month_13", kHeader + "2005-13,AD,mx,1\n", 2, "'2005-13' is no month"},
        Bad{"category_with_a_blank", kHeader + "2005-04,A D,mx,1\n", 2, "'A D' is no category"},
        Bad{"unknown_category", kHeader + "2005-04,CCO,mx,1\n", 2, "'CCO' is no category"},
        Bad{"empty_category", kHeader + "2005-04,,mx,1\n", 2, "'' is no category"},
        Bad{"unknown_metric", kHeader + "2005-04,AD,mx,1\n2005-04,AD,mxx,1\n", 3, "'mxx' is no metric"},
        Bad{"negative", kHeader + "2005-04,AD,mx,-1\n", 2, "'-1' is no count"},
        Bad{"fraction", kHeader + "2005-04,AD,mx,1.5\n", 2, "'1.5' is no count"},
        Bad{"blank_before_count", kHeader + "2005-04,AD,mx, 1\n", 2, "' 1' is no count"},
        Bad{"empty_count", kHeader + "2005-04,AD,mx,\n", 2, "'' is no count"},
        Bad{"too_large", kHeader + "2005-04,AD,mx,9223372036854775808\n", 2, "is no count"},
        Bad{"twice", kHeader + "2005-04,AD,mx,1\n2005-04,AC,mx,1\n2005-04,AD,mx,1\n", 4, "as line 2"},
        Bad{"open_quote", kHeader + "2005-04,AD,mx,\"1\n2005-04,AC,mx,1\n", 2, "a quote is not closed"},
        Bad{"text_behind_quote", kHeader + "2005-04,\"AD\"x,mx,1\n", 2, "behind a quoted field"},
        Bad{"quote_inside", kHeader + "2005-04,A\"D,mx,1\n", 2, "a quote inside"},
        Bad{"line_counts_quoted_line_ends", kHeader + "2005-04,\"A\nD\",mx,1\n", 2, "'A?D' is no category"},
        Bad{"hostile", kHeader + "\x1b[31m\xff,AD,mx,1\n", 2, "'?[31m?' is no month"},
        Bad{"nul", kHeader + "2005-04,AD,mx,1" + std::string(1, '\0') + "\n", 2, "is no count"},
        Bad{"long_field", kHeader + std::string(5000, 'x') + ",AD,mx,1\n", 2, "too long"},
        Bad{"long_quoted_field", kHeader + "\"" + std::string(5000, 'x') + "\",AD,mx,1\n", 2, "too long"}),
    [](const auto& test) { return test.param.what; });

TEST(ImportCsv, DoubledQuotesAreOne) {
  const auto rows = parse_counts_csv(kHeader + "2005-04,AD,\"m\"\"x\",1\n");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().reason, "'m\"x' is no metric");
}

TEST(ImportCsv, EachRowHasItsLine) {
  const auto counts =
      parse_counts_csv(kHeader + "\n2005-04,AD,mx,1\r\n2005-04,\"AC\",mx,1\n\n\n2005-04,CO,mx,1");
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->lines, (std::vector<std::uint64_t>{3, 4, 7}));
}

struct Doubt {
  std::string what;
  std::string rows;
  std::vector<std::string> expected;  // "line reason"
};

class DoubtfulCounts : public ::testing::TestWithParam<Doubt> {};

TEST_P(DoubtfulCounts, AreTakenAndTold) {
  const auto counts = parse_counts_csv(kHeader + GetParam().rows);
  ASSERT_TRUE(counts);
  std::vector<std::string> told;
  for (const ImportError& doubt : doubtful_counts(*counts))
    told.push_back(std::to_string(doubt.line) + " " + doubt.reason);
  EXPECT_EQ(told, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Counts, DoubtfulCounts,
    ::testing::Values(
        Doubt{"nothing_to_compare_with",
              "2005-04,AD,mx,256\n2005-05,AD,registered,1\n2005-04,AC,registered,1\n",
              {}},
        Doubt{"equal", "2005-04,AD,mx,5\n2005-04,AD,registered,5\n2005-04,TOTAL,mx,5\n", {}},
        Doubt{"total_above_the_sum", "2005-04,AD,mx,5\n2005-04,TOTAL,mx,9\n", {}},
        Doubt{"above_registered",
              "2005-04,AD,registered,4\n2005-04,AD,mx,5\n",
              {"3 2005-04 AD mx: 5 is more than 4 registered"}},
        Doubt{"registered_behind_it",
              "2005-04,AD,spf,5\n2005-04,AD,registered,4\n",
              {"2 2005-04 AD spf: 5 is more than 4 registered"}},
        Doubt{"more_policies_than_subdomains",
              "2005-04,AD,domainkeys_policy,2\n2005-04,AD,domainkeys_subdomain,1\n",
              {"2 2005-04 AD domainkeys_policy: 2 is more than 1 domainkeys_subdomain"}},
        Doubt{"total_below_one",
              "2005-04,TOTAL,mx,4\n2005-04,AD,mx,5\n",
              {"2 2005-04 TOTAL mx: 4 is less than the sum of its categories, 5"}},
        Doubt{"total_below_the_sum",
              "2005-04,AC,mx,2\n2005-04,AD,mx,3\n2005-04,TOTAL,mx,4\n2005-05,TOTAL,mx,1\n",
              {"4 2005-04 TOTAL mx: 4 is less than the sum of its categories, 5"}},
        Doubt{"no_overflow",
              "2005-04,AD,mx,9223372036854775807\n2005-04,AC,mx,9223372036854775807\n2005-04,CO,mx,"
              "9223372036854775807\n2005-04,TOTAL,mx,1\n",
              {"5 2005-04 TOTAL mx: 1 is less than the sum of its categories, 18446744073709551615"}}),
    [](const auto& test) { return test.param.what; });

}  // namespace
}  // namespace dauth::data
