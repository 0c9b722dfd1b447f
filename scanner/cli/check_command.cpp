// `dauth check`: domains now, for a person.
#include <fmt/format.h>

#include <algorithm>
#include <memory_resource>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "report/domain_export.h"
#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "scanner/cli/check_text.h"
#include "scanner/cli/command.h"
#include "scanner/cli/resolver_options.h"
#include "scanner/list/categorizer.h"
#include "scanner/list/list_name.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/mx_set.h"
#include "scanner/survey/domain_survey.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner::cli {
namespace {

// An RR's data for a reader: text joined, MX and addresses in presentation form, the rest by RFC 3597
// section 5.
std::string rdata_text(const dns::ResourceRecord& record) {
  if (record.type == dns::RrType::kTxt || record.type == dns::RrType::kSpf) {
    return dns::join_character_strings(record.rdata);
  }
  if (record.type == dns::RrType::kMx) {
    if (const auto set = parse_mx_set({&record, 1})) {
      return fmt::format("{} {}", set->hosts.front().preference, set->hosts.front().exchange.to_text());
    }
  }
  if (record.type == dns::RrType::kA && record.rdata.size() == 4)
    return fmt::format("{}", fmt::join(record.rdata, "."));
  if (record.type == dns::RrType::kCname || record.type == dns::RrType::kDname) {
    if (const auto target = dns::DomainName::from_wire(record.rdata)) return target->to_text();
  }
  return fmt::format("\\# {} {:02x}", record.rdata.size(), fmt::join(record.rdata, ""));
}

nlohmann::ordered_json records_json(const std::vector<dns::ResourceRecord>& records) {
  auto list = nlohmann::ordered_json::array();
  for (const dns::ResourceRecord& record : records) {
    list.push_back({{"owner", record.owner.to_text()},
                    {"type", dns::to_text(record.type)},
                    {"data", rdata_text(record)}});
  }
  return list;
}

nlohmann::ordered_json question_json(const Inquiry::Asked& asked, const dns::DomainName& domain) {
  nlohmann::ordered_json json;
  json["name"] = asked.question.name.to_text();
  json["type"] = dns::to_text(asked.question.type);
  json["purpose"] = purpose_of(asked.question, domain);
  if (!asked.outcome) return json;
  json["outcome"] = dns::describe(*asked.outcome);
  if (const auto* answer = std::get_if<dns::Answer>(&*asked.outcome)) {
    json["chain"] = records_json(answer->chain);
    json["records"] = records_json(answer->rrset);
  } else if (const auto* no_data = std::get_if<dns::NoData>(&*asked.outcome)) {
    json["chain"] = records_json(no_data->chain);
  }
  return json;
}

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
    report::append_domain_json(text, {survey.domain().to_text(), category, found});
    auto json = nlohmann::ordered_json::parse(text);
    for (const Inquiry::Asked& asked : survey.asked()) {
      json["questions"].push_back(question_json(asked, survey.domain()));
    }
    write_stdout(json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n");
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
