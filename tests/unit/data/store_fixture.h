// What the tests of the store share: a database in a directory of its own, short ways to fill it, and a look
// into the file by SQLite itself.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/store.h"
#include "tests/support/temporary_directory.h"

namespace dauth::data {

// The value of a result that must be there.
template <class T>
T must(StoreResult<T> result) {
  if (!result) throw std::runtime_error("the store failed: " + result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

inline dns::DomainName name(std::string_view text) {
  return dns::DomainName::from_text(text).value();
}

inline Category category(std::string_view code) {
  return Category::from_text(code).value();
}

inline ListedName listed(std::string_view text, std::string_view code = "CO") {
  return {name(text), category(code)};
}

// A connection beside the store's.
class RawDatabase {
 public:
  explicit RawDatabase(const std::filesystem::path& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(handle_));
    sqlite3_busy_timeout(handle_, 5000);
  }
  RawDatabase(const RawDatabase&) = delete;
  RawDatabase& operator=(const RawDatabase&) = delete;
  ~RawDatabase() { sqlite3_close(handle_); }

  void execute(const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
      const std::string text = message != nullptr ? message : "unknown";
      sqlite3_free(message);
      throw std::runtime_error(text);
    }
  }

  // Each row with its columns joined by '|'.
  std::vector<std::string> rows(const std::string& sql) {
    std::vector<std::string> found;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_));
    }
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
      std::string row;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        if (i > 0) row += '|';
        const auto* text = static_cast<const char*>(sqlite3_column_blob(statement, i));
        if (text != nullptr) row.append(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, i)));
      }
      found.push_back(row);
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(handle_));
    return found;
  }

 private:
  sqlite3* handle_ = nullptr;
};

class StoreTest : public ::testing::Test {
 protected:
  StoreTest() : path_(directory_.file("survey.db")) {}

  // Whatever a test did, the file it leaves is sound: every reference leads somewhere, every page is whole.
  void TearDown() override {
    if (!is_checked_ || !std::filesystem::exists(path_)) return;
    RawDatabase raw(path_);
    EXPECT_EQ(raw.rows("PRAGMA foreign_key_check"), std::vector<std::string>{});
    EXPECT_EQ(raw.rows("PRAGMA integrity_check"), std::vector<std::string>{"ok"});
  }

  Store open(OpenMode mode = OpenMode::kCreate) { return must(Store::open(path_.string(), mode, options_)); }

  static RunSettings settings(Month month, std::uint64_t seed = 1) {
    RunSettings settings;
    settings.month = month;
    settings.seed = seed;
    return settings;
  }

  // A run whose list is finished.
  static RunId listed_run(Store& store, Month month, const std::vector<ListedName>& names,
                          std::uint64_t seed = 1) {
    const RunId run = must(store.begin_run(settings(month, seed)));
    must(store.add_names(run, names));
    must(store.finish_list(run, "fingerprint"));
    return run;
  }

  // The newest run of that month, finished or not.
  static std::optional<RunRecord> run_of(Store& store, Month month) {
    std::optional<RunRecord> newest;
    for (RunRecord& run : must(store.runs())) {
      if (run.settings.month == month) newest = std::move(run);
    }
    return newest;
  }

  // n names: n0.co.jp, n1.co.jp, ...
  static std::vector<ListedName> many_names(std::size_t count) {
    std::vector<ListedName> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back(listed("n" + std::to_string(i) + ".co.jp"));
    return names;
  }

  // Surveys every name; `observe` gives the observation of a planned name.
  template <class Observe>
  static void survey(Store& store, RunId run, Observe observe) {
    std::uint64_t after = 0;
    while (true) {
      const auto planned = must(store.names_to_survey(run, after, 100));
      if (planned.empty()) break;
      after = planned.back().position;
      std::vector<SurveyedName> rows;
      for (const PlannedName& next : planned) rows.push_back({next.position, observe(next)});
      must(store.save(run, rows, {}));
    }
  }

  static Observation all_absent() {
    Observation observation;
    for (const Metric metric : all_metrics()) observation[metric] = Finding::absent();
    return observation;
  }

  StoreOptions options_;
  dauth::testing::TemporaryDirectory directory_;
  std::filesystem::path path_;
  bool is_checked_ = true;
};

}  // namespace dauth::data
