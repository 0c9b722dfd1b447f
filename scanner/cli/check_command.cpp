// `dauth check`: domains now, for a person.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <array>
#include <chrono>
#include <random>

#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "scanner/cli/check/check_options.h"
#include "scanner/cli/check/check_run.h"
#include "scanner/cli/check/domain_output.h"
#include "scanner/cli/check/page_style.h"
#include "scanner/cli/command.h"
#include "scanner/cli/resolver_options.h"
#include "scanner/list/categorizer.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner::cli {
namespace {

// Of this machine: who checks, for the explanations that SPF records publish.
std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "unknown";
  return name.data();
}

class CheckCommand final : public Command {
 public:
  explicit CheckCommand(CLI::App& app) : Command(app) {
    add_check_options(app, what_);
    add_resolver_options(app, resolver_);
    app.add_flag("--json", json_, "one JSON object a line, with the content of the page under --explain");
    app.add_flag("--explain", explain_,
                 "each question, its outcome and what it decided, and every finding with its rule");
  }

  ExitStatus run(Console& console) override {
    const auto refuse = [&](const std::string& line) {
      console.complain(printable(line));
      return ExitStatus::kUsage;
    };
    auto names = read_domains(what_);
    if (!names) return refuse(names.error());
    auto query = read_query(what_);
    if (!query) return refuse(query.error());
    const auto options = to_stub_resolver_options(resolver_);
    if (!options) return refuse(options.error());
    const auto categorizer = make_categorizer("jp");
    if (!categorizer) return refuse(categorizer.error());

    net::EventLoop loop;
    net::SystemRandom random;
    net::UvTransport transport(loop, random, to_transport_options(*options));
    resolver::StubResolver resolver(transport, random, *options);
    std::random_device entropy;
    const std::uint64_t seed = (static_cast<std::uint64_t>(entropy()) << 32) | entropy();
    query->random_label = [seed](const dns::DomainName& domain) { return random_label(seed, domain); };
    query->now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    query->receiver = host_name();
    const PageStyle style = page_style_of_stdout();
    CheckRun check(loop, resolver, *query, std::move(*names),
                   [&](const CheckedDomain& domain, std::size_t position) {
                     print(domain, (*categorizer)->category_of(domain.domain()), check.submission().found(),
                           position, style);
                   });
    const ExitStatus status = check.run();
    if (status != ExitStatus::kUsage) return status;
    std::vector<std::string> servers;
    for (const auto& server : options->servers) servers.push_back(server.to_text());
    return refuse(fmt::format("--resolver: no answer from {}", fmt::join(servers, ", ")));
  }

 private:
  void print(const CheckedDomain& domain, const data::Category& category,
             const std::vector<SubmissionHostFound>& submission, std::size_t position,
             PageStyle style) const {
    if (json_) {
      write_stdout(json_of(domain, category, submission));
    } else {
      if (position > 0) write_stdout("\n");
      write_stdout(page_of(domain, category, submission, style, explain_ ? Explain::kYes : Explain::kNo));
    }
    flush_stdout();
  }

  CheckOptions what_;
  ResolverOptions resolver_;
  bool json_ = false;
  bool explain_ = false;
};

}  // namespace

std::unique_ptr<Command> make_check_command(CLI::App& program) {
  return std::make_unique<CheckCommand>(
      *program.add_subcommand("check", "look at domains now: findings, why they are so, and what to mend"));
}

}  // namespace dauth::scanner::cli
