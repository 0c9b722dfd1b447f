// `dauth report`: the tables that people publish.
#include "report/report.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "report/changes_table.h"
#include "scanner/cli/command.h"
#include "scanner/cli/kept_apart.h"
#include "scanner/cli/output_file.h"
#include "scanner/cli/resolver_options.h"

namespace dauth::scanner::cli {
namespace {

class ReportCommand final : public Command {
 public:
  explicit ReportCommand(CLI::App& app) : Command(app) {
    app.add_option("TABLE", table_,
                   "adoption (the form of 2005), month, rates, spf, dmarc, quality or changes")
        ->check(CLI::IsMember(report::table_words()).description(""))
        ->capture_default_str();
    add_database_option(app, database_);
    auto* from = app.add_option(
        "--from", from_, "first month (YYYY-MM); default: the first there is; of changes: the older month");
    from->type_name("MONTH")->check(is_month());
    auto* to = app.add_option(
        "--to", to_, "last month (YYYY-MM); default: the last there is; of changes: the newer month");
    to->type_name("MONTH")->check(is_month());
    add_month_option(
        app, month_,
        "this month alone; spf and dmarc then show it by category; default of the table month: the last "
        "one there is")
        ->excludes(from)
        ->excludes(to);
    app.add_option("--category", category_, "code of the category that rates, spf and dmarc show")
        ->type_name("CODE")
        ->capture_default_str();
    app.add_option("--format", format_, "markdown, csv, json, html (a page with charts) or svg (a chart)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember(report::format_words()).description(""))
        ->capture_default_str();
    app.add_option("--lang", language_, "language of the tables: en or ja")
        ->type_name("LANG")
        ->check(CLI::IsMember({"en", "ja"}).description(""))
        ->capture_default_str();
    app.add_flag("--with-prefecture", with_prefecture_,
                 "a column for prefecture-type names in the form of 2005");
    app.add_option("-o,--output", output_, "write to this file, in one step; default: standard output")
        ->type_name("FILE");
  }

  ExitStatus run(Console& console) override {
    report::ReportRequest request;
    request.table = report::table_kind_from_text(table_).value_or(request.table);
    request.format = report::format_from_text(format_).value_or(request.format);
    request.language = report::language_from_text(language_).value_or(request.language);
    if (with_prefecture_) request.prefecture = report::PrefectureColumn::kShown;
    if (!month_.empty()) request.layout = report::Layout::kOneMonth;
    request.category = category_;
    if (const auto refused = refuse_category(console, request)) return *refused;

    const Range range{data::Month::from_text(month_.empty() ? from_ : month_),
                      data::Month::from_text(month_.empty() ? to_ : month_)};
    if (range.from && range.to && *range.to < *range.from) {
      console.complain(fmt::format("--to: {} lies before --from {}", to_, from_));
      return ExitStatus::kUsage;
    }
    if (const auto clash = clash_of({{"--output", output_}}, {}, database_)) {
      console.complain(printable(*clash));
      return ExitStatus::kUsage;
    }
    auto store = data::Store::open(database_, data::OpenMode::kReadOnly);
    if (!store) return complain_of_open(console, database_, store.error());
    auto months = store->months();
    if (!months) return complain_of_store(console, database_, months.error());
    if (request.table == report::TableKind::kChanges)
      return run_changes(console, *store, *months, range, request);
    std::erase_if(*months, [&](const data::MonthState& state) {
      return (range.from && state.month < *range.from) || (range.to && *range.to < state.month);
    });
    if (months->empty()) {
      console.complain(
          range.from || range.to
              ? fmt::format("--database: '{}' holds no counts of {}", printable(database_), range_text(range))
              : fmt::format("--database: '{}' holds no finished month yet", printable(database_)));
      return ExitStatus::kUsage;
    }
    if (request.table == report::TableKind::kQuality) {
      const auto quality = store->quality(range.from, range.to);
      if (!quality) return complain_of_store(console, database_, quality.error());
      return print(console, *store, range, report::make_report(*quality, request), request);
    }
    auto rows = store->counts(range.from, range.to);
    if (!rows) return complain_of_store(console, database_, rows.error());
    const report::SurveyCounts counts(std::move(*rows), std::move(*months));
    if (!is_counted(counts, category_)) {
      console.complain(fmt::format("--category: there are no counts of '{}'", printable(category_)));
      return ExitStatus::kUsage;
    }
    return write_output(console, output_, report::render_report(counts, request));
  }

 private:
  struct Range {
    std::optional<data::Month> from;
    std::optional<data::Month> to;
  };

  // A table that is not made of counts, with the charts of the counts of `range` where the format has some.
  ExitStatus print(Console& console, data::Store& store, const Range& range, report::Report report,
                   const report::ReportRequest& request) const {
    if (report::has_charts(request.format)) {
      auto months = store.months();
      if (!months) return complain_of_store(console, database_, months.error());
      auto rows = store.counts(range.from, range.to);
      if (!rows) return complain_of_store(console, database_, rows.error());
      report::add_charts(report, report::SurveyCounts(std::move(*rows), std::move(*months)), request);
    }
    return write_output(console, output_, report::render(report, request.format));
  }

  // --category has a meaning where one category is shown.
  std::optional<ExitStatus> refuse_category(Console& console, const report::ReportRequest& request) const {
    using report::TableKind;
    const bool by_month = request.layout == report::Layout::kMonths &&
                          (request.table == TableKind::kSpf || request.table == TableKind::kDmarc);
    if (by_month || request.table == TableKind::kRates || category_ == kTotal) return std::nullopt;
    console.complain(fmt::format("--category: the table {}{} shows all categories", table_,
                                 month_.empty() ? "" : " of a month"));
    return ExitStatus::kUsage;
  }

  static bool is_counted(const report::SurveyCounts& counts, const std::string& category) {
    if (category == kTotal) return true;
    const auto& months = counts.months();
    return std::any_of(months.begin(), months.end(), [&](const data::MonthState& state) {
      const auto codes = counts.categories_of(state.month);
      return std::find(codes.begin(), codes.end(), category) != codes.end();
    });
  }

  // --from and --to, or the surveyed month before --month and itself; what is not said is the last month, and
  // the surveyed month before it.
  ExitStatus run_changes(Console& console, data::Store& store, std::vector<data::MonthState> months,
                         const Range& range, const report::ReportRequest& request) const {
    std::erase_if(months, [](const data::MonthState& state) { return state.imported; });
    const auto last_before = [&](std::optional<data::Month> limit) -> std::optional<data::Month> {
      std::optional<data::Month> last;
      for (const data::MonthState& state : months) {
        if (!limit || state.month < *limit) last = state.month;
      }
      return last;
    };
    const auto newer = range.to ? range.to : last_before(std::nullopt);
    const auto older = range.from && month_.empty() ? range.from : last_before(newer);
    if (!newer || !older) {
      console.complain(fmt::format("--database: '{}' holds no two surveyed months to compare{}",
                                   printable(database_),
                                   newer && range.to ? " up to " + newer->to_text() : ""));
      return ExitStatus::kUsage;
    }
    const auto changes = store.changes(*older, *newer, report::compared_metrics());
    if (!changes && changes.error().kind == data::StoreError::Kind::kConflict) {
      console.complain(fmt::format("--from, --to: {}", changes.error().message));
      return ExitStatus::kUsage;
    }
    if (!changes) return complain_of_store(console, database_, changes.error());
    return print(console, store, {}, report::make_report(*changes, request), request);
  }

  static std::string range_text(const Range& range) {
    const auto& [from, to] = range;
    if (from && to && *from == *to) return from->to_text();
    if (from && to) return fmt::format("{} to {}", from->to_text(), to->to_text());
    return from ? fmt::format("{} or later", from->to_text()) : fmt::format("{} or earlier", to->to_text());
  }

  static constexpr std::string_view kTotal = "TOTAL";

  std::string table_ = "adoption";
  std::string database_;
  std::string from_;
  std::string to_;
  std::string month_;
  std::string format_ = "markdown";
  std::string language_ = "en";
  std::string category_{kTotal};
  std::string output_;
  bool with_prefecture_ = false;
};

}  // namespace

std::unique_ptr<Command> make_report_command(CLI::App& program) {
  return std::make_unique<ReportCommand>(*program.add_subcommand("report", "print a table of the months"));
}

}  // namespace dauth::scanner::cli
