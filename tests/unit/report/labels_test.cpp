#include "report/labels.h"

#include <gtest/gtest.h>

#include "data/category.h"
#include "report/report.h"

namespace dauth::report {
namespace {

TEST(Labels, EveryLabelHasWordsInBothLanguages) {
  for (int number = 0; number <= static_cast<int>(Label::kNoteRateRange); ++number) {
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
  EXPECT_EQ(metric_label("dmarc_rua", Language::kEnglish), "dmarc_rua");
}

TEST(Words, OfTheCommandLineAreKnown) {
  EXPECT_EQ(language_from_text("ja"), Language::kJapanese);
  EXPECT_EQ(language_from_text("de"), std::nullopt);
  EXPECT_EQ(table_kind_from_text("adoption"), TableKind::kAdoption);
  EXPECT_EQ(table_kind_from_text("month"), TableKind::kMonth);
  EXPECT_EQ(table_kind_from_text("Month"), std::nullopt);
  EXPECT_EQ(format_from_text("csv"), Format::kCsv);
  EXPECT_EQ(format_from_text("markdown"), Format::kMarkdown);
  EXPECT_EQ(format_from_text(""), std::nullopt);
}

}  // namespace
}  // namespace dauth::report
