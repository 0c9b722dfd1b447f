// `dauth prune`: the detail of old months is dropped, their counts stay.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <utility>

#include "scanner/cli/command.h"
#include "scanner/cli/database_lock.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/scan_texts.h"

namespace dauth::scanner::cli {
namespace {

// "12.3 MB"
std::string size_text(std::uintmax_t octets) {
  return fmt::format("{:.1f} MB", static_cast<double>(octets) / 1e6);
}

// With what waits in the -wal file beside it.
std::uintmax_t size_on_disk(const std::string& database) {
  std::uintmax_t octets = 0;
  for (const std::string& file : {database, database + "-wal"}) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file, error);
    if (!error) octets += size;
  }
  return octets;
}

class PruneCommand final : public Command {
 public:
  explicit PruneCommand(CLI::App& app) : Command(app) {
    add_database_option(app, database_);
    app.add_option("--keep", keep_, "surveyed months, the newest, whose domains and answers stay")
        ->type_name("N")
        ->required();
    app.add_flag("--dry-run", dry_run_, "only tell what would be dropped");
  }

  ExitStatus run(Console& console) override {
    const auto lock = lock_database(console, database_, data::OpenMode::kExisting);
    if (!lock) return lock.error();
    std::uintmax_t before = 0;
    data::Pruning result;
    {
      // Closed before its size is told: the last one to leave empties the -wal file.
      auto store = data::Store::open(database_, data::OpenMode::kExisting);
      if (!store) return complain_of_open(console, database_, store.error());
      before = size_on_disk(database_);
      auto pruned = store->prune(keep_, dry_run_ ? data::PruneMode::kOnlyTell : data::PruneMode::kDrop);
      if (!pruned) return complain_of_store(console, database_, pruned.error());
      result = std::move(*pruned);
    }
    tell(console, result, before);
    return ExitStatus::kDone;
  }

 private:
  void tell(Console& console, const data::Pruning& result, std::uintmax_t before) const {
    const std::string_view would = dry_run_ ? "would be " : "";
    for (const data::Pruning::PrunedMonth& pruned : result.months) {
      console.say(fmt::format("{}: the rows of {} {}dropped; its counts are kept", pruned.month.to_text(),
                              names_text(pruned.names), would));
    }
    if (result.months.empty()) console.say("no month has detail to drop");
    if (!result.kept.empty()) {
      const std::string first = result.kept.front().to_text();
      console.say(result.kept.size() == 1 ? fmt::format("1 month stays whole, {}", first)
                                          : fmt::format("{} months stay whole, {} to {}", result.kept.size(),
                                                        first, result.kept.back().to_text()));
    }
    console.say(fmt::format("no longer referred to: {}, {} answers, {} outcomes, {} operators; {}dropped",
                            names_text(result.names), count_text(result.answers), count_text(result.outcomes),
                            count_text(result.operators), would));
    if (dry_run_) return;
    if (!result.file_shrinks && !result.months.empty()) {
      console.say(
          "the file keeps its size, since it was made by an earlier version; the next month uses the room, "
          "or "
          "'sqlite3 DB VACUUM' gives it back");
      return;
    }
    console.say(
        fmt::format("the file had {} and has {}", size_text(before), size_text(size_on_disk(database_))));
  }

  std::string database_;
  std::uint32_t keep_ = 0;
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_prune_command(CLI::App& program) {
  return std::make_unique<PruneCommand>(
      *program.add_subcommand("prune", "drop the detail of old months; their counts are kept for ever"));
}

}  // namespace dauth::scanner::cli
