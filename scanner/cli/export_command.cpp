// `dauth export`: the findings of each domain, a row each.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "report/domain_export.h"
#include "scanner/cli/command.h"
#include "scanner/cli/kept_apart.h"
#include "scanner/cli/output_file.h"
#include "scanner/cli/shown_evidence.h"

namespace dauth::scanner::cli {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;

class ExportCommand final : public Command {
 public:
  explicit ExportCommand(CLI::App& app) : Command(app) {
    add_database_option(app, database_);
    add_month_option(app, month_, "month of the survey (YYYY-MM)")->required();
    app.add_option("--format", format_, "csv or jsonl (JSON Lines)")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"csv", "jsonl"}).description(""))
        ->capture_default_str();
    app.add_option("-o,--output", output_, "write to this file, in one step; default: standard output")
        ->type_name("FILE");
  }

  ExitStatus run(Console& console) override {
    auto store = data::Store::open(database_, data::OpenMode::kReadOnly);
    if (!store) return complain_of_open(console, database_, store.error());
    std::optional<OutputFile> file;
    if (const auto clash = clash_of({{"--output", output_}}, {}, database_)) {
      console.complain(printable(*clash));
      return ExitStatus::kUsage;
    }
    if (!output_.empty()) {
      auto created = OutputFile::create(output_);
      if (!created) {
        console.complain(printable(created.error()));
        return ExitStatus::kUsage;
      }
      file.emplace(std::move(*created));
    }
    std::string fault;
    bool stdout_failed = false;
    std::string buffer;
    const auto drain = [&] {
      if (file) {
        if (auto written = file->write(buffer); !written) fault = written.error();
      } else if (!write_stdout(buffer)) {
        stdout_failed = true;
      }
      buffer.clear();
      return fault.empty() && !stdout_failed;
    };
    const bool csv = format_ == "csv";
    if (csv) buffer += report::domain_csv_header();
    const data::Month month = *data::Month::from_text(month_);
    const auto append = [&](const data::DomainRow& row) {
      if (csv) {
        report::append_domain_csv(buffer, row);
        return;
      }
      const auto evidence = shown_evidence(row);
      if (!evidence) {
        fault = fmt::format("'{}': the database is damaged: {}", database_, evidence.error());
        return;
      }
      report::append_domain_json(buffer, row, *evidence);
      buffer += '\n';
    };
    const auto done = store->for_each_domain(
        month,
        [&](const data::DomainRow& row) {
          append(row);
          return fault.empty() && (buffer.size() < kChunk || drain());
        },
        csv ? data::DomainDetail::kFindings : data::DomainDetail::kAnswersToo);
    if (!done) return complain_of_store(console, database_, done.error());
    if (fault.empty() && !stdout_failed) drain();
    if (fault.empty() && file) {
      if (auto committed = file->commit(); !committed) fault = committed.error();
    }
    if (fault.empty() && !file && (stdout_failed || !flush_stdout())) {
      console.complain_of_stdout();
      return ExitStatus::kFault;
    }
    if (fault.empty()) return ExitStatus::kDone;
    console.complain(printable(fault));
    return ExitStatus::kFault;
  }

 private:
  std::string database_;
  std::string month_;
  std::string format_ = "csv";
  std::string output_;
};

}  // namespace

std::unique_ptr<Command> make_export_command(CLI::App& program) {
  return std::make_unique<ExportCommand>(
      *program.add_subcommand("export", "print the findings of each domain"));
}

}  // namespace dauth::scanner::cli
