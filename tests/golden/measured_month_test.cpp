// A small month of every category, surveyed into a database by hand, beside an imported one.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "data/store.h"
#include "report/domain_export.h"
#include "report/report.h"
#include "tests/golden/golden_file.h"
#include "tests/golden/page_parts.h"
#include "tests/support/temporary_directory.h"

namespace dauth::report {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;
using data::Observation;
using dauth::testing::equals_golden;
using dauth::testing::is_well_formed_xml;
using dauth::testing::without_assets;

// A name's findings follow from its number, so that every column of every table has something in it.
Observation observation_of(std::size_t number) {
  Observation observation;
  for (const Metric metric : data::all_metrics()) observation[metric] = Finding::absent();
  observation[Metric::kMxIpv6] = observation[Metric::kMxNoAddress] = Finding();  // the probe was not chosen
  const auto publish = [&](Metric metric) { observation[metric] = Finding::published(); };
  if (number % 11 == 10) return observation;  // does not exist
  publish(Metric::kExists);
  if (number % 4 != 3) publish(Metric::kMx);
  if (number % 13 == 5) publish(Metric::kNullMx);
  if (number % 2 == 0) {
    publish(Metric::kSpf);
    publish(Metric::kSpfTxt);
    publish(Metric::kSpfRecord);
    publish(number % 3 == 0 ? Metric::kSpfAllFail : Metric::kSpfAllSoftfail);
    if (number % 4 != 3) publish(Metric::kSpfWithMx);
  }
  if (number % 9 == 1) publish(Metric::kSpfType99);
  if (number % 17 == 4) publish(Metric::kSenderId);
  observation.domainkeys_evidence = data::DomainkeysEvidence::kNameError;
  if (number % 6 == 0) {
    publish(Metric::kDomainkeysSubdomain);
    observation.domainkeys_evidence = data::DomainkeysEvidence::kNoWildcard;
    if (number % 12 == 0) publish(Metric::kDomainkeysPolicy);
  }
  observation[Metric::kDkimPolicy] = Finding::unmeasured(Cause::kNotAsked);
  if (number % 3 == 1) {
    publish(Metric::kDmarc);
    publish(Metric::kDmarcNone);
  }
  if (number % 29 == 7) {
    observation[Metric::kSpf] = observation[Metric::kSpfRecord] = observation[Metric::kSpfTxt] =
        Finding::unmeasured(Cause::kTimeout);
    observation[Metric::kDmarc] = Finding::unmeasured(Cause::kServfail);
  }
  if (number % 31 == 9) return Observation::all_unmeasured(Cause::kExcluded);
  return observation;
}

class MeasuredMonth : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = data::Store::open(directory_.file("survey.db").string(), data::OpenMode::kCreate);
    ASSERT_TRUE(store) << store.error().message;
    store_.emplace(std::move(*store));

    constexpr std::array<std::string_view, 15> kCategories = {
        "AD", "AC",         "CO",         "GO",      "OR",    "NE",    "GR",  "ED",
        "LG", "GEOGRAPHIC", "PREFECTURE", "GENERAL", "OTHER", "co.uk", "=1+1"};
    std::vector<data::ListedName> names;
    std::map<std::string, std::size_t> numbers;
    for (std::size_t i = 0; i < 120; ++i) {
      const std::string text = "n" + std::to_string(i) + (i % 40 == 0 ? "-x_y\\,z" : "") + ".example";
      const auto name = dns::DomainName::from_text(text).value();
      numbers.emplace(name.to_text(), i);
      names.push_back({name, data::Category::from_text(kCategories[i % kCategories.size()]).value()});
    }
    data::RunSettings settings;
    settings.month = data::Month(2026, 11);
    settings.seed = 7;
    const auto run = store_->begin_run(settings).value();
    ASSERT_TRUE(store_->add_names(run, names));
    ASSERT_TRUE(store_->finish_list(run, ""));
    std::vector<data::SurveyedName> rows;
    const auto all_planned = store_->names_to_survey(run, 0, 1000).value();
    for (const data::PlannedName& planned : all_planned) {
      rows.push_back({planned.position, observation_of(numbers.at(planned.name.to_text()))});
    }
    ASSERT_TRUE(store_->save(run, rows, {}));
    ASSERT_TRUE(store_->finish_run(run, 0.01).value().provisional);

    const data::Month before(2026, 8);
    const std::vector<data::CountRow> imported = {
        {before, data::Category::total(), "registered", 100, std::nullopt},
        {before, data::Category::total(), "mx", 80, std::nullopt},
        {before, data::Category::total(), "domainkeys_policy", 2, std::nullopt}};
    ASSERT_TRUE(store_->import_counts(imported, "counts.csv", false));
    counts_.emplace(store_->counts(std::nullopt, std::nullopt).value(), store_->months().value());
  }

  std::string render(const ReportRequest& request) { return render_report(*counts_, request); }

  dauth::testing::TemporaryDirectory directory_;
  std::optional<data::Store> store_;
  std::optional<SurveyCounts> counts_;
};

TEST_F(MeasuredMonth, MonthTable) {
  EXPECT_TRUE(equals_golden("month-measured.en.md", render({.table = TableKind::kMonth})));
  EXPECT_TRUE(equals_golden("month-measured.ja.md",
                            render({.table = TableKind::kMonth, .language = Language::kJapanese})));
  EXPECT_TRUE(
      equals_golden("month-measured.csv", render({.table = TableKind::kMonth, .format = Format::kCsv})));
}

TEST_F(MeasuredMonth, AdoptionTable) {
  EXPECT_TRUE(equals_golden("adoption-measured.en.md", render({.prefecture = PrefectureColumn::kShown})));
  EXPECT_TRUE(equals_golden("adoption-measured.ja.md", render({.language = Language::kJapanese})));
  EXPECT_TRUE(equals_golden("adoption-measured.csv", render({.format = Format::kCsv})));
}

TEST_F(MeasuredMonth, Page) {
  EXPECT_TRUE(equals_golden("page-measured.en.html",
                            without_assets(render({.table = TableKind::kMonth, .format = Format::kHtml}))));
  EXPECT_TRUE(equals_golden(
      "page-measured.ja.html",
      without_assets(
          render({.table = TableKind::kMonth, .format = Format::kHtml, .language = Language::kJapanese}))));
}

TEST_F(MeasuredMonth, Drawing) {
  const std::string japanese = render({.format = Format::kSvg, .language = Language::kJapanese});
  EXPECT_TRUE(is_well_formed_xml(japanese));
  EXPECT_TRUE(equals_golden("rates-measured.ja.svg", japanese));
}

TEST_F(MeasuredMonth, Export) {
  std::string csv(domain_csv_header());
  std::string lines;
  const auto done = store_->for_each_domain(data::Month(2026, 11), [&](const data::DomainRow& row) {
    append_domain_csv(csv, row);
    append_domain_json(lines, row);
    lines += '\n';
    return true;
  });
  ASSERT_TRUE(done);
  EXPECT_TRUE(equals_golden("export-measured.csv", csv));
  EXPECT_TRUE(equals_golden("export-measured.jsonl", lines));
}

}  // namespace
}  // namespace dauth::report
