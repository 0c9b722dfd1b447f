// `dauth report`: the tables that people publish.
#include "report/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/cli/command.h"
#include "scanner/cli/output_file.h"
#include "scanner/cli/resolver_options.h"

namespace dauth::scanner::cli {
namespace {

class ReportCommand final : public Command {
 public:
  explicit ReportCommand(CLI::App& app) : Command(app) {
    app.add_option("TABLE", table_, "adoption (the form of 2005) or month")
        ->check(CLI::IsMember({"adoption", "month"}).description(""))
        ->capture_default_str();
    add_database_option(app, database_);
    auto* from = app.add_option("--from", from_, "first month (YYYY-MM); default: the first there is");
    from->type_name("MONTH")->check(is_month());
    auto* to = app.add_option("--to", to_, "last month (YYYY-MM); default: the last there is");
    to->type_name("MONTH")->check(is_month());
    add_month_option(app, month_, "this month alone; default of the table month: the last one surveyed")
        ->excludes(from)
        ->excludes(to);
    app.add_option("--format", format_, "markdown, csv, html (a page with charts) or svg (a chart)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"markdown", "csv", "html", "svg"}).description(""))
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
    auto from = data::Month::from_text(month_.empty() ? from_ : month_);
    auto to = data::Month::from_text(month_.empty() ? to_ : month_);
    if (from && to && *to < *from) {
      console.complain(fmt::format("--to: {} lies before --from {}", to_, from_));
      return ExitStatus::kUsage;
    }
    auto store = data::Store::open(database_, data::OpenMode::kReadOnly);
    if (!store) return complain_of_open(console, database_, store.error());
    auto months = store->months();
    if (!months) return complain_of_store(console, database_, months.error());
    std::erase_if(*months, [&](const data::MonthState& state) {
      return (from && state.month < *from) || (to && *to < state.month);
    });
    if (months->empty()) {
      console.complain(
          from || to ? fmt::format("--database: '{}' holds no counts of {}", printable(database_),
                                   range_text(from, to))
                     : fmt::format("--database: '{}' holds no finished month yet", printable(database_)));
      return ExitStatus::kUsage;
    }
    auto counts = store->counts(from, to);
    if (!counts) return complain_of_store(console, database_, counts.error());

    report::ReportRequest request;
    request.table = report::table_kind_from_text(table_).value_or(request.table);
    request.format = report::format_from_text(format_).value_or(request.format);
    request.language = report::language_from_text(language_).value_or(request.language);
    if (with_prefecture_) request.prefecture = report::PrefectureColumn::kShown;
    const std::string text =
        report::render_report(report::SurveyCounts(std::move(*counts), std::move(*months)), request);
    return write_output(console, output_, text);
  }

 private:
  static std::string range_text(std::optional<data::Month> from, std::optional<data::Month> to) {
    if (from && to && *from == *to) return from->to_text();
    if (from && to) return fmt::format("{} to {}", from->to_text(), to->to_text());
    return from ? fmt::format("{} or later", from->to_text()) : fmt::format("{} or earlier", to->to_text());
  }

  std::string table_ = "adoption";
  std::string database_;
  std::string from_;
  std::string to_;
  std::string month_;
  std::string format_ = "markdown";
  std::string language_ = "en";
  std::string output_;
  bool with_prefecture_ = false;
};

}  // namespace

std::unique_ptr<Command> make_report_command(CLI::App& program) {
  return std::make_unique<ReportCommand>(*program.add_subcommand("report", "print a table of the months"));
}

}  // namespace dauth::scanner::cli
