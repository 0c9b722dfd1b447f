// The published months of 2005 and 2006, imported and printed again.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "data/import_csv.h"
#include "data/store.h"
#include "report/report.h"
#include "tests/golden/golden_file.h"
#include "tests/golden/page_parts.h"
#include "tests/support/temporary_directory.h"

namespace dauth::report {
namespace {

using dauth::testing::equals_golden;
using dauth::testing::is_well_formed_xml;
using dauth::testing::without_assets;

class ImportedCounts : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto counts = data::parse_counts_csv(dauth::testing::read_file(DAUTH_REFERENCE_COUNTS));
    ASSERT_TRUE(counts) << counts.error().line << ": " << counts.error().reason;
    auto store = data::Store::open(directory_.file("survey.db").string(), data::OpenMode::kCreate);
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE(store->import_counts(counts->rows, "wide-2005-2006.csv", false));
    counts_.emplace(store->counts(std::nullopt, std::nullopt).value(), store->months().value());
  }

  std::string render(TableKind table, Format format, Language language) {
    return render_report(*counts_, {.table = table, .format = format, .language = language});
  }

  dauth::testing::TemporaryDirectory directory_;
  std::optional<SurveyCounts> counts_;
};

TEST_F(ImportedCounts, AdoptionInEnglish) {
  EXPECT_TRUE(equals_golden("adoption-2005-2006.en.md",
                            render(TableKind::kAdoption, Format::kMarkdown, Language::kEnglish)));
}

TEST_F(ImportedCounts, AdoptionInJapanese) {
  EXPECT_TRUE(equals_golden("adoption-2005-2006.ja.md",
                            render(TableKind::kAdoption, Format::kMarkdown, Language::kJapanese)));
}

TEST_F(ImportedCounts, TheNewestMonth) {
  EXPECT_TRUE(
      equals_golden("month-2006-01.en.md", render(TableKind::kMonth, Format::kMarkdown, Language::kEnglish)));
}

TEST_F(ImportedCounts, Page) {
  EXPECT_TRUE(equals_golden("page-2005-2006.en.html",
                            without_assets(render(TableKind::kAdoption, Format::kHtml, Language::kEnglish))));
}

TEST_F(ImportedCounts, Drawing) {
  const std::string english = render(TableKind::kAdoption, Format::kSvg, Language::kEnglish);
  EXPECT_TRUE(is_well_formed_xml(english));
  EXPECT_TRUE(equals_golden("rates-2005-2006.en.svg", english));
  EXPECT_EQ(english, render(TableKind::kMonth, Format::kSvg, Language::kEnglish)) << "whatever the table";
}

TEST(WellFormedXml, IsNoOtherText) {
  EXPECT_TRUE(is_well_formed_xml("<a>b</a>"));
  EXPECT_FALSE(is_well_formed_xml("<a>b</b>"));
  EXPECT_FALSE(is_well_formed_xml("<a>\x01</a>"));
  EXPECT_FALSE(is_well_formed_xml(""));
}

// Each line's first four fields; the published file's own quoting is none.
std::multiset<std::string> four_columns(const std::string& csv) {
  std::multiset<std::string> lines;
  std::istringstream text(csv);
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    std::size_t end = 0;
    for (int comma = 0; comma < 4 && end != std::string::npos; ++comma) {
      end = line.find(',', comma == 0 ? 0 : end + 1);
    }
    lines.insert(line.substr(0, end));
  }
  return lines;
}

TEST_F(ImportedCounts, TheCsvHasTheFourColumnsOfThePublishedFileAgain) {
  const auto published = four_columns(dauth::testing::read_file(DAUTH_REFERENCE_COUNTS));
  EXPECT_EQ(published.size(), 485U) << "the header and 484 counts";
  EXPECT_EQ(four_columns(render(TableKind::kAdoption, Format::kCsv, Language::kEnglish)), published);
}

TEST_F(ImportedCounts, TheCsvIsTheSameInEveryLanguage) {
  EXPECT_EQ(render(TableKind::kAdoption, Format::kCsv, Language::kEnglish),
            render(TableKind::kAdoption, Format::kCsv, Language::kJapanese));
}

}  // namespace
}  // namespace dauth::report
