// `dauth import`: published counts of earlier months.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <set>
#include <span>

#include "data/import_csv.h"
#include "scanner/cli/command.h"
#include "scanner/cli/option_values.h"
#include "scanner/list/byte_source.h"

namespace dauth::scanner::cli {
namespace {

class ImportCommand final : public Command {
 public:
  explicit ImportCommand(CLI::App& app) : Command(app) {
    app.add_option("COUNTS", file_, "CSV with the columns month,category,metric,count; - is standard input")
        ->required();
    app.add_option("-d,--database", database_, "the survey's database (SQLite), made when absent")
        ->type_name("DB")
        ->required();
    app.add_flag("--replace", replace_,
                 "put these counts in place of months that are in the database already");
  }

  ExitStatus run(Console& console) override {
    const auto refuse = [&](const std::string& line) {
      console.complain(printable(line));
      return ExitStatus::kUsage;
    };
    const auto text = read_all();
    if (!text) return refuse(fmt::format("COUNTS: '{}': {}", file_, text.error()));
    const auto counts = data::parse_counts_csv(*text);
    if (!counts) return refuse(fmt::format("{}:{}: {}", file_, counts.error().line, counts.error().reason));

    auto store = data::Store::open(database_, data::OpenMode::kCreate);
    if (!store) return complain_of_open(console, database_, store.error());
    const auto imported = store->import_counts(counts->rows, file_, replace_);
    if (!imported) {
      data::StoreError error = imported.error();
      if (error.kind == data::StoreError::Kind::kConflict && !replace_)
        error.message += " (--replace puts these counts in its place)";
      return complain_of_store(console, database_, error);
    }

    tell_doubts(console, *counts);
    std::set<data::Month> months;
    for (const data::CountRow& row : counts->rows) months.insert(row.month);
    console.say(fmt::format("{} count{} of {} month{} imported, {} to {}", count_text(counts->rows.size()),
                            counts->rows.size() == 1 ? "" : "s", months.size(), months.size() == 1 ? "" : "s",
                            months.begin()->to_text(), months.rbegin()->to_text()));
    return ExitStatus::kDone;
  }

 private:
  // Tables in print have misprints, and are imported as printed.
  void tell_doubts(Console& console, const data::ImportedCounts& counts) const {
    constexpr std::size_t kTold = 20;
    const auto doubts = data::doubtful_counts(counts);
    for (std::size_t i = 0; i < std::min(kTold, doubts.size()); ++i) {
      console.say(printable(
          fmt::format("{}:{}: warning: {}, imported as it stands", file_, doubts[i].line, doubts[i].reason)));
    }
    if (doubts.size() > kTold)
      console.say(fmt::format("and {} more such warnings", count_text(doubts.size() - kTold)));
  }

  // The whole file; packed ones are unpacked, "-" is standard input.
  Result<std::string, std::string> read_all() const {
    constexpr std::size_t kLargest = std::size_t{256} << 20;  // a century of months in a thousand categories
    auto source = open_byte_source(file_);
    if (!source) return unexpected(source.error());
    std::string text;
    for (;;) {
      const std::size_t before = text.size();
      text.resize(before + (std::size_t{1} << 16));
      const auto read = (*source)->read(std::span(text).subspan(before));
      if (!read) return unexpected(read.error());
      text.resize(before + *read);
      if (*read == 0) return text;
      if (text.size() > kLargest)
        return unexpected(std::string("larger than 256 MiB, which no table of counts is"));
    }
  }

  std::string file_;
  std::string database_;
  bool replace_ = false;
};

}  // namespace

std::unique_ptr<Command> make_import_command(CLI::App& program) {
  return std::make_unique<ImportCommand>(
      *program.add_subcommand("import", "take published counts of earlier months into the database"));
}

}  // namespace dauth::scanner::cli
