// Each table in each format, of a database with an imported month, a gap, a provisional month and a complete
// one; the names come and go, change categories and findings, and some operators are no good.
#include <gtest/gtest.h>

#include <array>
#include <map>

#include "data/store.h"
#include "report/changes_table.h"
#include "report/report.h"
#include "tests/golden/golden_file.h"
#include "tests/support/temporary_directory.h"

namespace dauth::report {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;
using data::Month;
using data::Observation;
using dauth::testing::equals_golden;

constexpr std::size_t kNames = 200;

void publish_spf(Observation& observation, std::size_t number, bool is_newer) {
  const auto publish = [&](Metric metric) { observation[metric] = Finding::published(); };
  if (number % 9 == 1) publish(Metric::kSpfType99);
  if (number % 5 < 3) publish(Metric::kSpfTxt);
  if (!observation[Metric::kSpfTxt].is_published() && !observation[Metric::kSpfType99].is_published()) return;
  publish(Metric::kSpf);
  if (observation[Metric::kMx].is_published()) publish(Metric::kSpfWithMx);
  if (!observation[Metric::kSpfTxt].is_published() || number % 20 == 2) return;  // "spf" in some other text
  publish(Metric::kSpfRecord);
  constexpr std::array kSays = {Metric::kSpfAllFail,  Metric::kSpfAllSoftfail, Metric::kSpfAllNeutral,
                                Metric::kSpfAllPass,  Metric::kSpfRedirect,    Metric::kSpfNoAll,
                                Metric::kSpfMultiple, Metric::kSpfInvalid};
  publish(kSays[(number / 5 + (is_newer && number % 7 == 0 ? 1 : 0)) % kSays.size()]);
}

// A name's findings follow from its number and the month, so that every column has something in it.
Observation observation_of(std::size_t number, bool is_newer) {
  if (number % 37 == 9) return Observation::all_unmeasured(Cause::kExcluded);
  Observation observation;
  for (const Metric metric : data::all_metrics()) observation[metric] = Finding::absent();
  // Only the newer month asked the MX hosts.
  if (!is_newer) observation[Metric::kMxIpv6] = observation[Metric::kMxNoAddress] = Finding();
  const auto publish = [&](Metric metric) { observation[metric] = Finding::published(); };
  if (number % 41 == 10) return observation;  // does not exist
  publish(Metric::kExists);
  if (number % 4 != 3) publish(Metric::kMx);
  if (is_newer && number % 4 != 3) {
    if (number % 3 == 0) publish(Metric::kMxIpv6);
    if (number % 19 == 5) publish(Metric::kMxNoAddress);
  }
  publish_spf(observation, number, is_newer);
  if (number % 17 == 4) publish(Metric::kSenderId);
  observation.domainkeys_evidence = data::DomainkeysEvidence::kNameError;
  if (number % 6 == (is_newer ? 0 : 1)) {
    publish(Metric::kDomainkeysSubdomain);
    observation.domainkeys_evidence = data::DomainkeysEvidence::kNoWildcard;
  }
  if (number % 3 == 1 || (is_newer && number % 11 == 0)) {
    publish(Metric::kDmarc);
    constexpr std::array kPolicies = {Metric::kDmarcNone, Metric::kDmarcQuarantine, Metric::kDmarcReject,
                                      Metric::kDmarcInvalid};
    publish(kPolicies[(number / 3 + (is_newer ? 1 : 0)) % kPolicies.size()]);
    if (number % 2 == 0) publish(Metric::kDmarcRua);
    if (number % 13 == 0) publish(Metric::kDmarcTesting);
    if (observation[Metric::kMx].is_published()) publish(Metric::kDmarcWithMx);
  } else if (number % 50 == 5) {
    publish(Metric::kDmarcMultiple);
  }
  const auto lose = [&](std::initializer_list<Metric> metrics, Cause cause) {
    for (const Metric metric : metrics) observation[metric] = Finding::unmeasured(cause);
  };
  if (number % 29 == (is_newer ? 8 : 7)) {
    lose({Metric::kSpf, Metric::kSpfTxt, Metric::kSpfRecord, Metric::kSpfAllFail}, Cause::kTimeout);
    lose({Metric::kDmarc, Metric::kDmarcReject}, Cause::kServfail);
  }
  if (is_newer && number % 43 == 2) lose({Metric::kMxIpv6}, Cause::kTimeout);
  if (number % 67 == 12) lose({Metric::kMx, Metric::kSpfWithMx}, Cause::kPersistentServfail);
  if (is_newer && number % 67 == 12)
    lose({Metric::kMxIpv6, Metric::kMxNoAddress}, Cause::kPersistentServfail);
  return observation;
}

class Series : public ::testing::Test {
 protected:
  void SetUp() override {
    data::StoreOptions options;
    options.now = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(1'795'000'000)); };
    auto store = data::Store::open(directory_.file("survey.db").string(), data::OpenMode::kCreate, options);
    ASSERT_TRUE(store) << store.error().message;
    store_.emplace(std::move(*store));
    const data::Category total = data::Category::total();
    const std::vector<data::CountRow> imported = {{Month(2026, 7), total, "registered", 190, std::nullopt},
                                                  {Month(2026, 7), total, "mx", 120, std::nullopt},
                                                  {Month(2026, 7), total, "spf", 80, std::nullopt}};
    ASSERT_TRUE(store_->import_counts(imported, "counts.csv", false));
    survey(Month(2026, 10), false, 1, 0.001);
    survey(Month(2026, 11), true, 2, 0.5);
  }

  void survey(Month month, bool is_newer, std::uint32_t rules, double max_unmeasured) {
    constexpr std::array<std::string_view, 14> kCategories = {
        "AD", "AC",         "CO",         "GO",      "OR",    "NE",    "GR",
        "ED", "GEOGRAPHIC", "PREFECTURE", "GENERAL", "OTHER", "co.uk", "=1+1"};
    const std::array<std::string, 8> operators = {
        "big.example", "small.example",        "", "=cmd|'/C'!A0", "a|b<i>", "\x1b[2Jesc",
        "bad\xffutf8", "right\xe2\x80\xaeleft"};
    std::vector<data::ListedName> names;
    std::map<std::string, std::size_t> numbers;
    for (std::size_t i = 0; i < kNames; ++i) {
      if (i % 25 == (is_newer ? 3 : 4)) continue;  // not yet, or no longer, on the list
      const auto name = dns::DomainName::from_text("n" + std::to_string(i) + ".example").value();
      numbers.emplace(name.to_text(), i);
      const std::size_t place = is_newer && i % 60 == 7 ? 10 : i % kCategories.size();
      names.push_back(
          {name, data::Category::from_text(kCategories[place]).value(), operators[i % operators.size()]});
    }
    names.push_back(names.front());
    data::RunSettings settings;
    settings.month = month;
    settings.seed = is_newer ? 7 : 8;
    settings.categories = "jp";
    settings.rules_version = rules;
    if (is_newer) settings.probes = "mx,spf,domainkeys,dkim_policy,dmarc,mx-hosts";
    const auto run = store_->begin_run(settings).value();
    ASSERT_TRUE(store_->add_names(run, names));
    const std::vector<data::RejectedLine> rejected = {{"list.txt", 3, "no name", "=1+1"}};
    ASSERT_TRUE(store_->add_rejected(run, rejected));
    ASSERT_TRUE(store_->finish_list(run, ""));
    std::vector<data::SurveyedName> rows;
    const auto all_planned = store_->names_to_survey(run, 0, 1000).value();
    for (const data::PlannedName& planned : all_planned) {
      rows.push_back({planned.position, observation_of(numbers.at(planned.name.to_text()), is_newer)});
    }
    ASSERT_TRUE(store_->save(
        run, rows,
        {.questions = 1012, .retries = 17, .timeouts = 9, .tcp_questions = 3, .run_milliseconds = 61'400}));
    ASSERT_EQ(store_->finish_run(run, max_unmeasured).value().provisional, !is_newer);
  }

  std::string render(const ReportRequest& request) {
    if (request.table == TableKind::kQuality) {
      const auto from = request.layout == Layout::kOneMonth ? std::optional(Month(2026, 11)) : std::nullopt;
      return render_report(store_->quality(from, std::nullopt).value(), request);
    }
    if (request.table == TableKind::kChanges) {
      return render_report(store_->changes(Month(2026, 10), Month(2026, 11), compared_metrics()).value(),
                           request);
    }
    const SurveyCounts counts(store_->counts(std::nullopt, std::nullopt).value(), store_->months().value());
    return render_report(counts, request);
  }

  // Markdown in both languages, CSV and JSON.
  void expect_golden(const std::string& name, ReportRequest request) {
    request.format = Format::kMarkdown;
    EXPECT_TRUE(equals_golden(name + ".en.md", render(request)));
    request.format = Format::kCsv;
    EXPECT_TRUE(equals_golden(name + ".csv", render(request)));
    request.format = Format::kJson;
    EXPECT_TRUE(equals_golden(name + ".json", render(request)));
    request.format = Format::kMarkdown;
    request.language = Language::kJapanese;
    EXPECT_TRUE(equals_golden(name + ".ja.md", render(request)));
  }

  dauth::testing::TemporaryDirectory directory_;
  std::optional<data::Store> store_;
};

TEST_F(Series, Adoption) {
  expect_golden("series-adoption", {.prefecture = PrefectureColumn::kShown});
}

TEST_F(Series, Month) {
  expect_golden("series-month", {.table = TableKind::kMonth});
}

TEST_F(Series, Rates) {
  expect_golden("series-rates", {.table = TableKind::kRates});
  expect_golden("series-rates-co", {.table = TableKind::kRates, .category = "CO"});
}

TEST_F(Series, Spf) {
  expect_golden("series-spf", {.table = TableKind::kSpf});
  expect_golden("series-spf-month", {.table = TableKind::kSpf, .layout = Layout::kOneMonth});
}

TEST_F(Series, Dmarc) {
  expect_golden("series-dmarc", {.table = TableKind::kDmarc});
  expect_golden("series-dmarc-month", {.table = TableKind::kDmarc, .layout = Layout::kOneMonth});
}

TEST_F(Series, Quality) {
  expect_golden("series-quality", {.table = TableKind::kQuality});
  expect_golden("series-quality-month", {.table = TableKind::kQuality, .layout = Layout::kOneMonth});
}

TEST_F(Series, Changes) {
  expect_golden("series-changes", {.table = TableKind::kChanges});
}

}  // namespace
}  // namespace dauth::report
