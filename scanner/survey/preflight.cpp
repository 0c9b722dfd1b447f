#include "scanner/survey/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "resolver/net/uv_transport.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kTopLevelDomains = 3;
constexpr std::uint32_t kTries = 2;

std::string random_text(net::RandomSource& random) {
  std::string label = "dauth-";
  for (int i = 0; i < 20; ++i) label += static_cast<char>('a' + random.below(26));
  return label;
}

// One server, with a stub resolver of its own so that no other server can answer for it.
class ServerCheck final : private resolver::OutcomeHandler {
 public:
  ServerCheck(net::EventLoop& loop, net::RandomSource& random, resolver::StubResolverOptions options,
              std::function<void()> on_done)
      : server_(options.servers.front()),
        on_done_(std::move(on_done)),
        transport_(loop, random),
        resolver_(transport_, random, std::move(options)) {}

  void ask(std::vector<dns::Question> questions) {
    questions_ = std::move(questions);
    open_ = questions_.size();
    for (std::size_t i = 0; i < questions_.size(); ++i) resolver_.ask(questions_[i], *this, i);
  }

  std::optional<PreflightVerdict> verdict() const {
    if (open_ > 0) return std::nullopt;
    return PreflightVerdict{server_, kind_, detail_};
  }

 private:
  using Kind = PreflightVerdict::Kind;

  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    const dns::Question& question = questions_[token];
    ++answered_;
    judge(question, outcome);
    if (--open_ > 0) return;
    // One silent question among others that were answered is loss, not death.
    if (silent_ == answered_) {
      kind_ = Kind::kDead;
      detail_ = silence_;
    }
    on_done_();
  }

  void judge(const dns::Question& question, const dns::LookupOutcome& outcome) {
    const auto worse = [&](Kind kind, std::string detail) {
      if (kind_ >= kind) return;
      kind_ = kind;
      detail_ = std::move(detail);
    };
    if (std::holds_alternative<dns::Answer>(outcome)) {
      worse(Kind::kRewrites, fmt::format("it answers {} with an address, though that name cannot exist",
                                         question.name.to_text()));
      return;
    }
    const auto* failure = std::get_if<dns::Failure>(&outcome);
    if (failure == nullptr) return;
    if (failure->cause == dns::FailureCause::kTimeout || failure->cause == dns::FailureCause::kUnreachable) {
      ++silent_;
      silence_ = failure->cause == dns::FailureCause::kTimeout ? "no answer in time" : "nobody answers there";
      return;
    }
    worse(Kind::kOdd, fmt::format("it answers {} with {}", question.name.to_text(), dns::describe(outcome)));
  }

  const net::SocketAddress server_;
  const std::function<void()> on_done_;
  std::vector<dns::Question> questions_;
  std::size_t open_ = 0;
  std::size_t answered_ = 0;
  std::size_t silent_ = 0;
  Kind kind_ = Kind::kSound;
  std::string detail_;
  std::string silence_;
  net::UvTransport transport_;
  resolver::StubResolver resolver_;
};

}  // namespace

std::vector<PreflightVerdict> preflight(net::EventLoop& loop, net::RandomSource& random,
                                        const resolver::StubResolverOptions& options,
                                        const std::vector<dns::DomainName>& parents) {
  std::vector<dns::Question> questions;
  for (const dns::DomainName& parent : parents) {
    if (auto name = parent.child(random_text(random)))
      questions.push_back({std::move(*name), dns::RrType::kA});
  }
  if (questions.empty())
    questions.push_back({*dns::DomainName().child(random_text(random)), dns::RrType::kA});

  std::size_t open = options.servers.size();
  std::vector<std::unique_ptr<ServerCheck>> checks;
  for (const net::SocketAddress& server : options.servers) {
    resolver::StubResolverOptions alone = options;
    alone.servers = {server};
    alone.tries = std::min(kTries, options.tries);
    checks.push_back(std::make_unique<ServerCheck>(loop, random, std::move(alone), [&] {
      if (--open == 0) loop.stop();
    }));
  }
  for (const auto& check : checks) check->ask(questions);
  loop.run();

  std::vector<PreflightVerdict> verdicts;
  for (const auto& check : checks) {
    if (auto verdict = check->verdict()) verdicts.push_back(std::move(*verdict));
  }
  return verdicts;
}

void note_top_level_domain(std::vector<dns::DomainName>& top_level_domains, const dns::DomainName& name) {
  if (top_level_domains.size() >= kTopLevelDomains) return;
  const auto label = name.label_from_right(0);
  if (!label) return;
  const auto domain = dns::DomainName().child(*label);
  if (domain &&
      std::find(top_level_domains.begin(), top_level_domains.end(), *domain) == top_level_domains.end()) {
    top_level_domains.push_back(*domain);
  }
}

}  // namespace dauth::scanner
