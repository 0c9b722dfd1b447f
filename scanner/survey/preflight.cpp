#include "scanner/survey/preflight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace dauth::scanner {
namespace {

using Kind = PreflightVerdict::Kind;

constexpr std::size_t kTopLevelDomains = 3;
constexpr std::uint32_t kTries = 2;
// What the survey asks for most. A rewriter may have data for one type alone.
constexpr std::array kTypes{dns::RrType::kA, dns::RrType::kTxt, dns::RrType::kMx};

std::string random_text(net::RandomSource& random) {
  std::string label = "dauth-";
  for (int i = 0; i < 20; ++i) label += static_cast<char>('a' + random.below(26));
  return label;
}

// A chain that begins at the name is data as well, wherever it leads.
bool is_data(const dns::LookupOutcome& outcome) {
  if (std::holds_alternative<dns::Answer>(outcome)) return true;
  if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) return !no_data->chain.empty();
  const auto* failure = std::get_if<dns::Failure>(&outcome);
  return failure != nullptr && (failure->cause == dns::FailureCause::kCnameLoop ||
                                failure->cause == dns::FailureCause::kUnfinishedChain);
}

bool is_silence(const dns::LookupOutcome& outcome) {
  const auto* failure = std::get_if<dns::Failure>(&outcome);
  return failure != nullptr &&
         (failure->cause == dns::FailureCause::kTimeout || failure->cause == dns::FailureCause::kUnreachable);
}

bool is_server_failure(const dns::LookupOutcome& outcome) {
  const auto* failure = std::get_if<dns::Failure>(&outcome);
  return failure != nullptr && failure->cause == dns::FailureCause::kServfail;
}

std::string phrase_of(const dns::Failure& failure) {
  switch (failure.cause) {
    case dns::FailureCause::kRefused:
      return "REFUSED: it may not be meant to serve this host, or these names";
    case dns::FailureCause::kReferral:
      return "a referral to other servers: it offers no recursion";
    case dns::FailureCause::kServfail:
      return "SERVFAIL";
    case dns::FailureCause::kNotimp:
      return "NOTIMP";
    case dns::FailureCause::kFormerr:
      return "FORMERR, also without EDNS";
    case dns::FailureCause::kOtherRcode:
      return fmt::format("RCODE {}", failure.rcode);
    case dns::FailureCause::kMalformed:
      return "a message that cannot be read";
    case dns::FailureCause::kTruncated:
      return "a truncated message, and with nothing better over TCP";
    // These are data, or silence.
    case dns::FailureCause::kCnameLoop:
    case dns::FailureCause::kUnfinishedChain:
    case dns::FailureCause::kTimeout:
    case dns::FailureCause::kUnreachable:
    case dns::FailureCause::kNotAsked:
    case dns::FailureCause::kExcluded:
      break;
  }
  return std::string(dns::to_text(failure.cause));
}

// A question that was asked, and its outcome.
struct Asked {
  dns::Question question;
  std::optional<dns::LookupOutcome> outcome;
};

std::string describe_data(const std::vector<Asked>& all) {
  // The names in their order, with the types that had data.
  std::vector<std::pair<dns::DomainName, std::vector<std::string>>> lies;
  std::size_t names = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool new_name = i == 0 || all[i].question.name != all[i - 1].question.name;
    names += new_name ? 1 : 0;
    if (!is_data(*all[i].outcome)) continue;
    if (lies.empty() || lies.back().first != all[i].question.name) lies.push_back({all[i].question.name, {}});
    lies.back().second.push_back(dns::to_text(all[i].question.type));
  }
  const auto& [name, types] = lies.front();
  std::string text = fmt::format("it answers {} with data ({}), though that name cannot exist",
                                 name.to_text(), fmt::join(types, ", "));
  // What lies everywhere is the server. A few top-level domains do have a wildcard, and no resolver is to
  // blame for that.
  if (lies.size() == names && names > 1) return text + ", and so at each top-level domain asked";
  return text + fmt::format(": it rewrites name errors, or *.{} exists in the DNS", name.parent().to_text());
}

// Kind and phrase, the gravest first.
std::pair<Kind, std::string> judge(const std::vector<Asked>& all) {
  const auto count = [&](bool (*holds)(const dns::LookupOutcome&)) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const Asked& asked) { return holds(*asked.outcome); }));
  };
  if (count(is_data) > 0) return {Kind::kRewrites, describe_data(all)};
  // One silent question among others that were answered is loss, not death.
  if (count(is_silence) == all.size()) {
    // The network speaks of some of the datagrams only, and the rest run into their time-outs.
    const bool nobody = std::any_of(all.begin(), all.end(), [](const Asked& asked) {
      return std::get<dns::Failure>(*asked.outcome).cause == dns::FailureCause::kUnreachable;
    });
    return {Kind::kDead, nobody ? "nobody answers there" : "no answer in time"};
  }
  // It has its causes in the resolver (no way out, a wrong clock) or in the top-level domains; neither makes
  // a lie, since a failure never becomes an absence.
  if (count(is_server_failure) == all.size()) {
    return {Kind::kFails,
            fmt::format("it answers nothing but SERVFAIL ({} question{} about names that cannot "
                        "exist)",
                        all.size(), all.size() == 1 ? "" : "s")};
  }
  for (const Asked& asked : all) {
    const auto* failure = std::get_if<dns::Failure>(&*asked.outcome);
    if (failure == nullptr || is_silence(*asked.outcome)) continue;
    return {Kind::kOdd, fmt::format("it answers {} {} with {}", asked.question.name.to_text(),
                                    dns::to_text(asked.question.type), phrase_of(*failure))};
  }
  for (const dns::RrType type : kTypes) {
    if (!std::all_of(all.begin(), all.end(), [&](const Asked& asked) {
          return asked.question.type != type || is_silence(*asked.outcome);
        })) {
      continue;
    }
    return {Kind::kOdd, fmt::format("it does not answer questions for {} in time", dns::to_text(type))};
  }
  // No data is not a lie: servers with compact denial of existence (RFC 9824) have no other way to deny a
  // name, and whole top-level domains may be served so. The findings about mail come out the same; only
  // whether a name exists cannot be told. A resolver that rewrites types which are not asked for looks the
  // same.
  for (const Asked& asked : all) {
    if (!std::holds_alternative<dns::NoData>(*asked.outcome)) continue;
    return {Kind::kOdd, fmt::format("it answers {} {} with NOERROR and no data in place of a name error, so "
                                    "that lapsed names may count as existing",
                                    asked.question.name.to_text(), dns::to_text(asked.question.type))};
  }
  return {Kind::kSound, {}};
}

// One server, with a stub resolver of its own so that no other server can answer for it.
class ServerCheck final : private resolver::OutcomeHandler {
 public:
  ServerCheck(net::EventLoop& loop, net::RandomSource& random, resolver::StubResolverOptions options,
              const net::UvTransportOptions& transport_options, std::function<void()> on_done)
      : server_(options.servers.front()),
        on_done_(std::move(on_done)),
        transport_(loop, random, transport_options),
        resolver_(transport_, random, std::move(options)) {}

  void ask(const std::vector<dns::Question>& questions) {
    for (const dns::Question& question : questions) asked_.push_back({question, std::nullopt});
    open_ = asked_.size();
    for (std::size_t i = 0; i < asked_.size(); ++i) resolver_.ask(asked_[i].question, *this, i);
  }

  std::optional<PreflightVerdict> verdict() const {
    if (open_ > 0) return std::nullopt;
    auto [kind, detail] = judge(asked_);
    return PreflightVerdict{server_, kind, std::move(detail)};
  }

 private:
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    asked_[token].outcome = std::move(outcome);
    if (--open_ == 0) on_done_();
  }

  const net::SocketAddress server_;
  const std::function<void()> on_done_;
  std::vector<Asked> asked_;
  std::size_t open_ = 0;
  net::UvTransport transport_;
  resolver::StubResolver resolver_;
};

}  // namespace

std::vector<PreflightVerdict> preflight(net::EventLoop& loop, net::RandomSource& random,
                                        const resolver::StubResolverOptions& options,
                                        const net::UvTransportOptions& transport_options,
                                        const std::vector<dns::DomainName>& parents) {
  std::vector<dns::Question> questions;
  const auto add = [&](const dns::DomainName& parent) {
    const auto name = parent.child(random_text(random));
    for (const dns::RrType type : kTypes) {
      if (name) questions.push_back({*name, type});
    }
  };
  for (const dns::DomainName& parent : parents) add(parent);
  if (parents.empty()) add(dns::DomainName());

  std::size_t open = options.servers.size();
  std::vector<std::unique_ptr<ServerCheck>> checks;
  for (std::size_t i = 0; i < options.servers.size(); ++i) {
    resolver::StubResolverOptions alone = options;
    alone.servers = {options.servers[i]};
    alone.server_rates = {i < options.server_rates.size() ? options.server_rates[i] : 0};
    alone.tries = std::min(kTries, options.tries);
    // So few that neither the window nor the rate over all servers need hold them.
    alone.in_flight = questions.size();
    alone.queries_per_second = 0;
    checks.push_back(std::make_unique<ServerCheck>(loop, random, std::move(alone), transport_options, [&] {
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

bool forbids_survey(const std::vector<PreflightVerdict>& verdicts) {
  const auto each_fails = [](const PreflightVerdict& verdict) { return verdict.kind == Kind::kFails; };
  const auto grave = [](const PreflightVerdict& verdict) {
    return verdict.kind == Kind::kDead || verdict.kind == Kind::kRewrites;
  };
  return std::any_of(verdicts.begin(), verdicts.end(), grave) ||
         (!verdicts.empty() && std::all_of(verdicts.begin(), verdicts.end(), each_fails));
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
