// Each name on a list is counted in exactly one category, and the categories of a month sum to its TOTAL:
// over generated names, for each way to make categories, by the counts of the store.
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "scanner/list/categorizer.h"
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

// Labels that mean something to one of the categorizers, and some that mean nothing to any.
const std::vector<std::string>& labels() {
  static const std::vector<std::string> kAll{"jp",
                                             "JP",
                                             "co",
                                             "ac",
                                             "ad",
                                             "ed",
                                             "go",
                                             "gr",
                                             "lg",
                                             "ne",
                                             "or",
                                             "com",
                                             "uk",
                                             "de",
                                             "invalid",
                                             "tokyo",
                                             "Tokyo",
                                             "osaka",
                                             "hokkaido",
                                             "chiba",
                                             "chiyoda",
                                             "city",
                                             "pref",
                                             "metro",
                                             "kawasaki",
                                             "sapporo",
                                             "asao",
                                             "xn--1lqs71d",
                                             "xn--wgv71a119e",
                                             "example",
                                             "www",
                                             "a",
                                             "0",
                                             "_dmarc",
                                             "*",
                                             "a\\.b",
                                             "\\000",
                                             "\\255",
                                             std::string(63, 'x'),
                                             "gov",
                                             "kyoto",
                                             "pre",
                                             "blogspot",
                                             "ck",
                                             "bd",
                                             "kobe"};
  return kAll;
}

class Names {
 public:
  explicit Names(std::uint64_t seed) : generator_(seed) {}

  // The suffix mostly Japanese; up to five labels before it, or none: bare suffixes are names too.
  dns::DomainName next() {
    std::string text = below(10) < 7 ? "jp" : labels()[below(labels().size())];
    for (std::size_t i = below(6); i > 0; --i) {
      const std::string longer = labels()[below(labels().size())] + "." + text;
      if (!dns::DomainName::from_text(longer)) break;
      text = longer;
    }
    return name(text);
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(generator_() % bound); }
  std::mt19937_64 generator_;
};

class CategoryCountsTest : public StoreTest {
 protected:
  // Counts of `names` by the categorizer, each name with findings that its octets decide.
  void expect_sums(const std::string& option, std::uint64_t seed) {
    constexpr std::size_t kNames = 5000;
    const auto categorizer = scanner::make_categorizer(option);
    ASSERT_TRUE(categorizer) << categorizer.error();
    Names source(seed);
    std::vector<ListedName> names;
    std::map<std::string, std::set<std::string>> expected;  // category, then names in lower case
    std::set<std::string> distinct;
    for (std::size_t i = 0; i < kNames; ++i) {
      const dns::DomainName next = source.next();
      const Category category = (*categorizer)->category_of(next);
      EXPECT_EQ((*categorizer)->category_of(next.lowercased()), category) << next.to_text();
      EXPECT_NE(category.code(), "TOTAL") << next.to_text();
      names.push_back({next, category});
      expected[category.code()].insert(next.lowercased().to_text());
      distinct.insert(next.lowercased().to_text());
    }

    Store store = open();
    const Month month{2026, 11};
    const RunId run = must(store.begin_run(settings(month, seed)));
    EXPECT_EQ(must(store.add_names(run, names)), distinct.size());
    must(store.finish_list(run, "fingerprint"));
    survey(store, run, [](const PlannedName& planned) {
      Observation observation;
      std::uint64_t bits = planned.name.hash();
      for (const Metric metric : all_metrics()) {
        observation[metric] = bits % 3 == 0   ? Finding::absent()
                              : bits % 3 == 1 ? Finding::published()
                                              : Finding::unmeasured(Cause::kServfail);
        bits = bits / 3 + (bits << 50);
      }
      return observation;
    });
    must(store.finish_run(run, 1));

    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> sums;    // by metric: count, unmeasured
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> totals;  // as TOTAL says
    std::map<std::string, std::uint64_t> registered;                        // by category
    std::set<std::string> seen;
    for (const CountRow& row : must(store.counts(std::nullopt, std::nullopt))) {
      const std::string code = row.category.code();
      EXPECT_TRUE(seen.insert(code + ' ' + row.metric).second) << "twice: " << code << ' ' << row.metric;
      ASSERT_TRUE(row.unmeasured.has_value());
      if (code == "TOTAL") {
        totals[row.metric] = {row.count, *row.unmeasured};
        continue;
      }
      sums[row.metric].first += row.count;
      sums[row.metric].second += *row.unmeasured;
      if (row.metric == kRegisteredMetric) registered[code] = row.count;
    }
    EXPECT_EQ(sums, totals);
    EXPECT_EQ(totals.size(), kMetricCount + 1);
    EXPECT_EQ(totals["registered"].first, distinct.size());
    std::map<std::string, std::uint64_t> expected_counts;
    for (const auto& [code, members] : expected) expected_counts[code] = members.size();
    EXPECT_EQ(registered, expected_counts);
    EXPECT_GT(registered.size(), 5U) << "names of many categories";
  }
};

TEST_F(CategoryCountsTest, JpSumsToTheTotal) {
  expect_sums("jp", 1);
}

TEST_F(CategoryCountsTest, SuffixSumsToTheTotal) {
  expect_sums("suffix", 2);
}

TEST_F(CategoryCountsTest, FileSumsToTheTotal) {
  const std::filesystem::path file = directory_.file("categories.txt");
  std::ofstream(file) << "jp national\nco.jp companies\ncity.chiba.jp cities\ncom commerce\n"
                         "uk,elsewhere\ntokyo.jp\tcapital\nxn--1lqs71d.jp capital\n# a comment\n";
  expect_sums(file.string(), 3);
}

// With the root every name has a category of the file's.
TEST_F(CategoryCountsTest, FileWithTheRootSumsToTheTotal) {
  const std::filesystem::path file = directory_.file("categories.txt");
  std::ofstream(file) << ". world\njp national\nco.jp companies\nne.jp networks\nac.jp schools\n"
                         "com commerce\nde german\n";
  expect_sums(file.string(), 4);
}

}  // namespace
}  // namespace dauth::data
