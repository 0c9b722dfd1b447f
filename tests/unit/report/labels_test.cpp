#include "report/labels.h"

#include <gtest/gtest.h>

#include "data/category.h"
#include "report/report.h"

namespace dauth::report {
namespace {

TEST(Labels, EveryLabelHasWordsInBothLanguages) {
  for (std::size_t number = 0; number < kLabelCount; ++number) {
    for (const Language language : {Language::kEnglish, Language::kJapanese}) {
      EXPECT_NE(label(static_cast<Label>(number), language), "") << number;
    }
  }
}

TEST(Labels, CategoriesOf2005AreCalledAsTheyWereThen) {
  EXPECT_EQ(category_label("GEOGRAPHIC", Language::kJapanese), "地域型");
  EXPECT_EQ(category_label("PREFECTURE", Language::kJapanese), "都道府県型");
  EXPECT_EQ(category_label("GENERAL", Language::kJapanese), "汎用");
  EXPECT_EQ(category_label("TOTAL", Language::kJapanese), "合計");
  EXPECT_EQ(category_label("GEOGRAPHIC", Language::kEnglish), "regional");
  EXPECT_EQ(category_label("GENERAL", Language::kEnglish), "general-use");
  for (const std::string_view code : {"AD", "CO", "LG", "co.uk"}) {
    EXPECT_EQ(category_label(code, Language::kEnglish), code);
    EXPECT_EQ(category_label(code, Language::kJapanese), code);
  }
}

TEST(Labels, AMetricWithoutAnotherNameKeepsItsOwn) {
  EXPECT_EQ(metric_label("registered", Language::kJapanese), "登録数");
  EXPECT_EQ(metric_label("spf_type99", Language::kEnglish), "SPF type 99");
  EXPECT_EQ(metric_label("of_a_later_version", Language::kEnglish), "of_a_later_version");
}

TEST(Labels, EveryFindingAndCauseHasWords) {
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    for (const data::Metric metric : data::all_metrics()) {
      EXPECT_NE(metric_label(to_text(metric), language), to_text(metric));
    }
    for (int number = 1; number < 100; ++number) {
      const auto cause = data::cause_from_number(number);
      if (!cause) continue;
      // "malformed" is a word already; what has a "_" is none.
      EXPECT_EQ(cause_label(to_text(*cause), language).find('_'), std::string::npos) << to_text(*cause);
    }
  }
  EXPECT_EQ(cause_label("timeout", Language::kEnglish), "time-out");
}

TEST(Words, OfTheCommandLineAreKnown) {
  EXPECT_EQ(language_from_text("ja"), Language::kJapanese);
  EXPECT_EQ(language_from_text("de"), std::nullopt);
  EXPECT_EQ(table_kind_from_text("adoption"), TableKind::kAdoption);
  EXPECT_EQ(table_kind_from_text("month"), TableKind::kMonth);
  EXPECT_EQ(table_kind_from_text("Month"), std::nullopt);
  for (const std::string& word : table_words()) {
    const auto table = table_kind_from_text(word);
    ASSERT_TRUE(table) << word;
    EXPECT_EQ(to_text(*table), word);
  }
  EXPECT_EQ(format_from_text("json"), Format::kJson);
  EXPECT_EQ(format_from_text("csv"), Format::kCsv);
  EXPECT_EQ(format_from_text("markdown"), Format::kMarkdown);
  EXPECT_EQ(format_from_text(""), std::nullopt);
}

}  // namespace
}  // namespace dauth::report
