#include "scanner/cli/scan_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "scanner/cli/held_signals.h"
#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {

std::string names_text(std::uint64_t count) {
  return fmt::format("{} name{}", count_text(count), count == 1 ? "" : "s");
}

std::string lines_text(std::uint64_t count) {
  return fmt::format("{} line{}", count_text(count), count == 1 ? "" : "s");
}

std::string more_than_none(std::uint64_t count, std::string_view what) {
  return count == 0 ? std::string() : fmt::format(", {} {}", count_text(count), what);
}

std::string receive_buffer_text(std::size_t granted, std::size_t asked) {
  std::string text = fmt::format("{} KiB a socket", granted / 1024);
  if (granted >= asked) return text;
  // Without CAP_NET_ADMIN.
  return text + fmt::format(
                    " of {} KiB asked for: the system allows no more; "
                    "sysctl -w net.core.rmem_max={} does",
                    asked / 1024, asked);
}

std::vector<std::string> summary_of(const data::RunRecord& record, std::string_view max_unmeasured,
                                    std::optional<ExcludedCount> excluded) {
  const std::string month = record.settings.month.to_text();
  const auto& figures = record.figures;
  const double seconds = static_cast<double>(figures.run_milliseconds) / 1000;
  const auto names = static_cast<double>(record.names);
  std::vector<std::string> lines;
  lines.push_back(fmt::format(
      "{}: {} surveyed in {} ({} a second); {} questions ({:.2f} a name), {} retries, "
      "{} time-outs, {} over TCP",
      month, names_text(record.names), duration_text(std::chrono::milliseconds(figures.run_milliseconds)),
      count_text(static_cast<std::uint64_t>(seconds > 0 ? names / seconds : names)),
      count_text(figures.questions), static_cast<double>(figures.questions) / names,
      count_text(figures.retries), count_text(figures.timeouts), count_text(figures.tcp_questions)));
  if (excluded && excluded->before > 0)
    lines.push_back(fmt::format("{}: {} excluded before going on", month, names_text(excluded->before)));
  if (excluded && excluded->names) {
    lines.push_back(fmt::format(
        "{}: {} excluded{} (--exclude), nothing was asked about {}", month, names_text(*excluded->names),
        excluded->since_going_on ? " since going on" : "", *excluded->names == 1 ? "it" : "them"));
  }
  if (const data::ListLines list = record.list_lines(); list.many_rejected()) {
    lines.push_back(fmt::format(
        "{}: {} of the list ({:.2f} %) are no names, and are not part of the month; see 'dauth runs'", month,
        lines_text(list.rejected), 100 * list.rejected_share()));
  }
  const bool some_excluded = excluded && excluded->before + excluded->names.value_or(0) > 0;
  if (record.persistent_servfail > 0) {
    lines.push_back(fmt::format(
        "{}: {} {} broken in the DNS (SERVFAIL in both passes, while others resolved), not counted as lost",
        month, names_text(record.persistent_servfail), record.persistent_servfail == 1 ? "is" : "are"));
  }
  if (record.unmeasured == 0) {
    lines.push_back(fmt::format("{}: complete, every {}name measured", month, some_excluded ? "other " : ""));
  } else if (record.lost() == 0) {
    lines.push_back(fmt::format("{}: complete, no name lost", month));
  } else {
    lines.push_back(fmt::format(
        "{}: {} ({:.2f} %) lost, not measured in full{}", month, names_text(record.lost()),
        100.0 * static_cast<double>(record.lost()) / names,
        record.provisional
            ? fmt::format(", more than --max-unmeasured {}: the month is provisional", max_unmeasured)
            : fmt::format("; --max-unmeasured is {}", max_unmeasured)));
  }
  return lines;
}

std::string stage_text(data::Month month, const SurveyProgress& progress,
                       std::chrono::milliseconds second_pass_after) {
  const std::string names = names_text(progress.second_pass_names);
  if (!progress.second_pass_from) {
    return fmt::format("{}: second pass over {}, at most {:.0f} a second", month.to_text(), names,
                       kSecondPassRate);
  }
  if (second_pass_after.count() == 0) {
    return fmt::format("{}: main pass done, {} failed", month.to_text(), names);
  }
  return fmt::format("{}: main pass done, {} failed; second pass over {} in {} (--second-pass-after), at {}",
                     month.to_text(), names, progress.second_pass_names == 1 ? "it" : "them",
                     duration_text(second_pass_after),
                     clock_time_text(std::chrono::system_clock::now() + second_pass_after));
}

std::optional<std::string> causes_text(const data::MonthQuality& quality) {
  using Unmeasured = data::MonthQuality::Unmeasured;
  const auto is_lost = [](data::Cause cause) {
    return cause != data::Cause::kNotAsked && cause != data::Cause::kExcluded &&
           cause != data::Cause::kPersistentServfail;
  };
  // A name that is lost has mostly lost several findings: of those that make it lost, the one is told that
  // most names have lost.
  constexpr std::array kDecisive = {data::Metric::kMx, data::Metric::kSpf, data::Metric::kDomainkeysSubdomain,
                                    data::Metric::kDmarc};
  std::string_view most;
  std::uint64_t most_names = 0;
  for (const data::Metric metric : kDecisive) {
    std::uint64_t names = 0;
    for (const Unmeasured& one : quality.unmeasured) {
      if (one.metric == data::to_text(metric) && is_lost(one.cause)) names += one.names;
    }
    if (names > most_names) {
      most = data::to_text(metric);
      most_names = names;
    }
  }
  if (most_names == 0) return std::nullopt;
  std::string causes;
  for (const Unmeasured& one : quality.unmeasured) {
    if (one.metric != most || !is_lost(one.cause)) continue;
    causes +=
        fmt::format("{}{} {}", causes.empty() ? "" : ", ", data::to_text(one.cause), count_text(one.names));
  }
  return fmt::format("{}: why, for '{}': {}; 'dauth report quality' has the other findings",
                     quality.run.settings.month.to_text(), most, causes);
}

std::string stopped_text(data::Month month, int signal_number, const std::optional<SurveyProgress>& progress,
                         std::optional<std::uint64_t> surveyed_before) {
  std::string line = fmt::format("{}: stopped by {}", month.to_text(), signal_name(signal_number));
  if (progress) {
    line += progress->second_pass_names > 0
                ? fmt::format("; all {} are saved, the same command goes on with the second pass",
                              names_text(progress->names))
                : fmt::format("; {} of {} names are saved, the same command goes on from there",
                              count_text(progress->done), count_text(progress->names));
  } else {
    line += surveyed_before
                ? fmt::format("; the {} saved before stay saved, the same command goes on from there",
                              names_text(*surveyed_before))
                : std::string("; no name was asked yet, the same command begins again");
  }
  return line;
}

void fill_progress(ScanMetrics& metrics, const SurveyProgress& progress) {
  switch (progress.stage) {
    case SurveyProgress::Stage::kMainPass:
      metrics.state = ScanState::kMainPass;
      break;
    case SurveyProgress::Stage::kWaiting:
      metrics.state = ScanState::kWaiting;
      break;
    case SurveyProgress::Stage::kSecondPass:
      metrics.state = ScanState::kSecondPass;
      break;
    case SurveyProgress::Stage::kSaving:
      metrics.state = ScanState::kSaving;
      break;
  }
  metrics.names = progress.names;
  metrics.done = progress.done;
  metrics.unmeasured = progress.unmeasured;
  metrics.excluded = progress.excluded;
  metrics.second_pass_names = progress.second_pass_names;
  metrics.second_pass_done = progress.second_pass_done;
  metrics.open_domains = progress.open_domains;
}

void fill_figures(ScanMetrics& metrics, const resolver::StubResolver& resolver) {
  const resolver::ResolverFigures& figures = resolver.figures();
  metrics.in_flight = resolver.outstanding();
  metrics.questions = figures.questions_sent;
  metrics.retries = figures.retries + figures.resent;
  metrics.timeouts = figures.timeouts;
  metrics.tcp_questions = figures.tcp_questions;
  metrics.late_replies = figures.late_replies;
  metrics.network_errors = figures.network_errors;
  metrics.rested_servers = figures.rested_servers;
}

std::string describe(const resolver::ResolverFigures& figures) {
  const auto& strange = figures.mismatches;
  return fmt::format(
      "replies: {} late; not ours: {} by ID, {} by address, {} by question, {} by opcode, {} too short; "
      "{} datagrams sent again before their time-out, {} questions without EDNS, {} network errors, "
      "{} rests of a resolver",
      count_text(figures.late_replies), count_text(strange.id), count_text(strange.source),
      count_text(strange.question), count_text(strange.opcode), count_text(strange.malformed),
      count_text(figures.resent), count_text(figures.without_edns), count_text(figures.network_errors),
      count_text(figures.rested_servers));
}

}  // namespace dauth::scanner::cli
