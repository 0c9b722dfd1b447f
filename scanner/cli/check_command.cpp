// `dauth check`: domains now, for a person.
#include <fmt/format.h>

#include <algorithm>
#include <memory_resource>
#include <optional>
#include <random>

#include "report/domain_export.h"
#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "scanner/cli/check_text.h"
#include "scanner/cli/command.h"
#include "scanner/cli/resolver_options.h"
#include "scanner/cli/shown_evidence.h"
#include "scanner/list/categorizer.h"
#include "scanner/list/list_name.h"
#include "scanner/survey/domain_survey.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner::cli {
namespace {

class CheckCommand final : public Command, private DomainSurvey::Listener {
 public:
  explicit CheckCommand(CLI::App& app) : Command(app) {
    app.add_option("DOMAIN", domains_, "domains to look at")->required();
    add_resolver_options(app, resolver_);
    app.add_flag("--json", json_, "one JSON object a line, with the questions and their answers");
    app.add_flag("--explain", explain_, "each question, its outcome and what it was asked for");
  }

  ExitStatus run(Console& console) override {
    const auto refuse = [&](const std::string& line) {
      console.complain(printable(line));
      return ExitStatus::kUsage;
    };
    std::vector<dns::DomainName> names;
    for (const std::string& text : domains_) {
      auto name = read_listed_name(text);
      if (!name) return refuse(fmt::format("DOMAIN: '{}': {}", text, name.error()));
      names.push_back(std::move(*name));
    }
    const auto options = to_stub_resolver_options(resolver_);
    if (!options) return refuse(options.error());
    const auto categorizer = make_categorizer("jp");
    if (!categorizer) return refuse(categorizer.error());

    net::EventLoop loop;
    net::SystemRandom random;
    net::UvTransport transport(loop, random, to_transport_options(*options));
    resolver::StubResolver resolver(transport, random, *options);
    std::pmr::unsynchronized_pool_resource pool;
    std::random_device entropy;
    const std::uint64_t seed = (static_cast<std::uint64_t>(entropy()) << 32) | entropy();
    const ProbeSelection selection;
    const RandomLabelSource label = [seed](const dns::DomainName& domain) {
      return random_label(seed, domain);
    };
    std::vector<std::unique_ptr<DomainSurvey>> surveys;
    for (const dns::DomainName& name : names) {
      DomainSurvey::Listener& listener = *this;
      surveys.push_back(
          std::make_unique<DomainSurvey>(pool, resolver, listener, name, selection, label, surveys.size()));
    }
    observations_.resize(surveys.size());
    open_ = surveys.size();
    loop_ = &loop;
    for (const auto& survey : surveys) survey->start();
    loop.run();

    if (nobody_answered(surveys)) {
      std::vector<std::string> servers;
      for (const auto& server : options->servers) servers.push_back(server.to_text());
      return refuse(fmt::format("--resolver: no answer from {}", fmt::join(servers, ", ")));
    }
    bool failed = false;
    for (const auto& survey : surveys) {
      const data::Observation& found = observations_[survey->position()];
      const data::Category category = (*categorizer)->category_of(survey->domain());
      print(*survey, category, found);
      failed |= data::has_lookup_failure(found);
    }
    return failed ? ExitStatus::kTooManyLost : ExitStatus::kDone;
  }

 private:
  void on_domain_done(DomainSurvey& survey) override {
    observations_[survey.position()] = survey.take();
    if (--open_ == 0) loop_->stop();
  }

  static bool nobody_answered(const std::vector<std::unique_ptr<DomainSurvey>>& surveys) {
    const auto is_silence = [](const Inquiry::Asked& asked) {
      const auto* failure = asked.outcome ? std::get_if<dns::Failure>(&*asked.outcome) : nullptr;
      return failure != nullptr && (failure->cause == dns::FailureCause::kTimeout ||
                                    failure->cause == dns::FailureCause::kUnreachable);
    };
    return std::all_of(surveys.begin(), surveys.end(), [&](const auto& survey) {
      return std::all_of(survey->asked().begin(), survey->asked().end(), is_silence);
    });
  }

  void print(const DomainSurvey& survey, const data::Category& category,
             const data::Observation& found) const {
    if (!json_) {
      if (survey.position() > 0) write_stdout("\n");
      write_stdout(check_text(survey.domain(), category.code(), found, survey,
                              explain_ ? Explain::kYes : Explain::kNo));
      return;
    }
    std::string text;
    report::append_domain_json(text, {survey.domain().lowercased().to_text(), category, found},
                               shown_evidence(survey, survey.domain(), found));
    write_stdout(text + "\n");
  }

  std::vector<std::string> domains_;
  ResolverOptions resolver_;
  bool json_ = false;
  bool explain_ = false;

  std::vector<data::Observation> observations_;
  std::size_t open_ = 0;
  net::EventLoop* loop_ = nullptr;
};

}  // namespace

std::unique_ptr<Command> make_check_command(CLI::App& program) {
  return std::make_unique<CheckCommand>(
      *program.add_subcommand("check", "look at domains now: their findings, and why"));
}

}  // namespace dauth::scanner::cli
