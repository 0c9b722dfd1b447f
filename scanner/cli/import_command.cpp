// `dauth import`: published counts of earlier months.
#include <fmt/format.h>

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
    app.add_option("COUNTS", file_, "CSV with the columns month,category,metric,count")->required();
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
    const auto rows = data::parse_counts_csv(*text);
    if (!rows) return refuse(fmt::format("{}:{}: {}", file_, rows.error().line, rows.error().reason));
    if (rows->empty()) return refuse(fmt::format("COUNTS: '{}' holds no counts", file_));

    auto store = data::Store::open(database_, data::OpenMode::kCreate);
    if (!store) return complain_of_open(console, database_, store.error());
    const auto imported = store->import_counts(*rows, file_, replace_);
    if (!imported) return complain_of_store(console, database_, imported.error());

    std::set<data::Month> months;
    for (const data::CountRow& row : *rows) months.insert(row.month);
    console.say(fmt::format("{} counts of {} months imported, {} to {}", count_text(rows->size()),
                            months.size(), months.begin()->to_text(), months.rbegin()->to_text()));
    return ExitStatus::kDone;
  }

 private:
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
