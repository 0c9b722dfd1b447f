// Fills a database with months as large as a registry's, at the diversity of real records, and prints what it
// takes: size of the file, time to save and to finish.
//
//     month-database DATABASE NAMES MONTHS [mx-hosts] < RECORDS
//
// RECORDS: a line `domain TAB mx hosts (with blanks) TAB spf record` for each of some ten thousand real
// domains. They are repeated until there are NAMES; a record that stands once in RECORDS is made another one
// in each repetition, one that several have is the same in all. From month to month two names in a hundred
// change their records. Categories go round; the operator of the name servers is the domain of the first MX
// host; one name in two hundred does not answer. One in three has a DMARC record, one of three that all
// share. With `mx-hosts` each MX host has an IPv4 address of its own, and three of ten an IPv6 address too.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/keyed_hash.h"
#include "data/store.h"

namespace {

using namespace dauth;
using Clock = std::chrono::steady_clock;

struct Body {
  std::string domain;
  std::string mx;  // as the table `answer` has it
  std::string spf;
};

template <class T>
T must(data::StoreResult<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.error().message);
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// "10 mail.example.jp" of example.jp as "MX 10 mail.@".
std::string mx_text(const std::string& hosts, const std::string& domain) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < hosts.size();) {
    const std::size_t end = std::min(hosts.find(' ', at), hosts.size());
    std::string host = hosts.substr(at, end - at);
    host = host == domain                 ? "@"
           : host.ends_with("." + domain) ? host.substr(0, host.size() - domain.size()) + "@"
                                          : host + ".";
    lines.push_back("MX 10 " + host);
    at = end + 1;
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::vector<Body> read_bodies() {
  std::vector<Body> bodies;
  for (std::string line; std::getline(std::cin, line);) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    Body body{line.substr(0, first), {}, line.substr(second + 1)};
    body.mx = mx_text(line.substr(first + 1, second - first - 1), body.domain);
    if (!body.spf.empty()) body.spf = "TXT " + body.spf;
    bodies.push_back(std::move(body));
  }
  return bodies;
}

class Month {
 public:
  Month(std::vector<Body> bodies, bool with_hosts) : bodies_(std::move(bodies)), with_hosts_(with_hosts) {
    for (const Body& body : bodies_) {
      ++uses_[body.mx];
      ++uses_[body.spf];
    }
  }

  std::string name(std::size_t i) const {
    const Body& body = bodies_[i % bodies_.size()];
    const std::size_t round = i / bodies_.size();
    return round == 0 ? body.domain : fmt::format("{:x}{}", round, body.domain);
  }

  data::StoredAnswers answers(std::size_t i, int month) const {
    // A name changes its records once in fifty months.
    const std::size_t version = (i % 50 + static_cast<std::size_t>(month)) / 50;
    const Body& body = bodies_[(i + version * 7) % bodies_.size()];
    const std::size_t round = i / bodies_.size() + version * 1000;
    data::StoredAnswers stored;
    const std::string others = i % 6 == 0 ? "" : fmt::format("+{}", i % 6);
    stored.outcomes =
        fmt::format("@ TXT {}, @ MX {}, @ SPF nodata, _dmarc TXT nxdomain, _domainkey SOA nxdomain",
                    body.spf.empty() ? "nodata" : "answer" + others, body.mx.empty() ? "nodata" : "answer");
    if (i % 3 == 0) {
      stored.outcomes.replace(stored.outcomes.find("_dmarc TXT nxdomain"), 19, "_dmarc TXT answer");
      stored.answers.push_back({data::AnswerPlace::kDmarc, 0,
                                fmt::format("TXT v=DMARC1; p={}", kPolicies[i / 3 % kPolicies.size()])});
    }
    add(stored, data::AnswerPlace::kTxt, body.spf, round);
    add(stored, data::AnswerPlace::kMx, body.mx, round);
    if (with_hosts_ && !body.mx.empty()) add_hosts(stored, name(i));
    if (is_silent(i)) {
      stored.answers.clear();
      stored.outcomes = "@ TXT failure:timeout, @ MX failure:timeout, _dmarc TXT failure:timeout";
    }
    return stored;
  }

  data::Observation observation(std::size_t i, const data::StoredAnswers& answers) const {
    using data::Metric;
    if (is_silent(i)) return data::Observation::all_unmeasured(data::Cause::kTimeout);
    data::Observation found;
    for (const Metric metric : data::all_metrics()) found[metric] = data::Finding::absent();
    const auto publish = [&](Metric metric) { found[metric] = data::Finding::published(); };
    publish(Metric::kExists);
    if (!with_hosts_) found[Metric::kMxIpv6] = found[Metric::kMxNoAddress] = data::Finding();
    for (const auto& answer : answers.answers) {
      switch (answer.place) {
        case data::AnswerPlace::kMx:
          publish(Metric::kMx);
          break;
        case data::AnswerPlace::kFurther:
          if (answer.text.starts_with("AAAA")) publish(Metric::kMxIpv6);
          break;
        case data::AnswerPlace::kDmarc:
          publish(Metric::kDmarc);
          publish(answer.text.ends_with("reject")       ? Metric::kDmarcReject
                  : answer.text.ends_with("quarantine") ? Metric::kDmarcQuarantine
                                                        : Metric::kDmarcNone);
          break;
        default:
          for (const Metric metric : {Metric::kSpf, Metric::kSpfTxt, Metric::kSpfRecord}) publish(metric);
          publish(answer.text.ends_with("-all")   ? Metric::kSpfAllFail
                  : answer.text.ends_with("~all") ? Metric::kSpfAllSoftfail
                  : answer.text.ends_with("?all") ? Metric::kSpfAllNeutral
                  : answer.text.ends_with("+all") ? Metric::kSpfAllPass
                                                  : Metric::kSpfNoAll);
      }
    }
    found.domainkeys_evidence = data::DomainkeysEvidence::kNameError;
    return found;
  }

  // The last two labels of the first MX host; empty where that is the domain's own.
  std::string name_server_operator(std::size_t i) const {
    const std::string& mx = bodies_[i % bodies_.size()].mx;
    const std::string host = mx.substr(0, mx.find('\n'));
    if (!host.ends_with('.')) return {};
    const std::size_t last = host.rfind('.', host.size() - 2);
    const std::size_t before = last == std::string::npos ? last : host.find_last_of(". ", last - 1);
    return before == std::string::npos ? std::string() : host.substr(before + 1, host.size() - before - 2);
  }

 private:
  static constexpr std::array<std::string_view, 3> kPolicies = {"none", "quarantine", "reject"};
  static bool is_silent(std::size_t i) { return i % 200 == 199; }

  void add(data::StoredAnswers& stored, data::AnswerPlace place, std::string text, std::size_t round) const {
    if (text.empty()) return;
    if (uses_.at(text) == 1 && round > 0) {
      // Another text of the same length that is still an RR: the first host, or the first term.
      const std::string mark = fmt::format("{:x}", round);
      const std::size_t at = place == data::AnswerPlace::kMx ? 6 : 11;
      if (text.size() > at) {
        const std::size_t room = std::min(text.find_first_of("\n@. ", at), text.size()) - at;
        text.replace(at, std::min(mark.size(), room), mark, 0, room);
      }
    }
    stored.answers.push_back({place, 0, std::move(text)});
  }

  // Behind the five questions of answers().
  static void add_hosts(data::StoredAnswers& stored, const std::string& domain) {
    const std::string lines = stored.answers.back().text;
    std::size_t host = 0;
    std::uint8_t ordinal = 5;
    for (std::size_t at = 0; at < lines.size(); ++host) {
      const std::size_t end = std::min(lines.find('\n', at), lines.size());
      std::string exchange = lines.substr(at, end - at);
      if (exchange.ends_with('@')) exchange += domain;
      at = end + 1;
      const std::uint64_t hash = data::keyed_hash({}, exchange);
      const auto add_answer = [&](std::string text) {
        stored.answers.push_back({data::AnswerPlace::kFurther, ordinal, std::move(text)});
      };
      ++ordinal;
      add_answer(
          fmt::format("A {}.{}.{}.{}", 1 + hash % 200, hash >> 8 & 255, hash >> 16 & 255, hash >> 24 & 255));
      ++ordinal;
      const bool has_ipv6 = hash >> 32 & 0xff && (hash >> 32 & 0xff) < 77;
      if (has_ipv6)
        add_answer(fmt::format("AAAA 2001:db8:{:x}:{:x}::25", hash >> 40 & 0xffff, hash & 0xffff));
      stored.outcomes +=
          fmt::format(", mx:{0} A answer, mx:{0} AAAA {1}", host + 1, has_ipv6 ? "answer" : "nodata");
    }
  }

  std::vector<Body> bodies_;
  bool with_hosts_;
  std::unordered_map<std::string, int> uses_;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const bool with_hosts = argc == 5 && argv[4] == std::string_view("mx-hosts");
  if (argc != 4 && !with_hosts) {
    fmt::print(stderr, "usage: month-database DATABASE NAMES MONTHS [mx-hosts] < RECORDS\n");
    return 2;
  }
  const std::string path = argv[1];
  const std::size_t names = std::stoul(argv[2]);
  const int months = std::stoi(argv[3]);
  const Month source(read_bodies(), with_hosts);
  auto store = must(data::Store::open(path, data::OpenMode::kCreate));
  for (int month = 0; month < months; ++month) {
    auto start = Clock::now();
    data::RunSettings settings;
    settings.month = data::Month{2025 + month / 12, 1 + month % 12};
    settings.categories = "suffix";
    settings.seed = 1;
    const data::RunId run = must(store.begin_run(settings));
    std::vector<data::ListedName> slice;
    std::unordered_map<std::string, std::size_t> number_of;
    for (std::size_t i = 0; i < names; ++i) {
      auto name = dns::DomainName::from_text(source.name(i));
      if (name) {
        number_of.emplace(name->lowercased().to_text(), i);
        const auto codes = data::jp_category_codes();
        slice.push_back({std::move(*name), *data::Category::from_text(codes[i % codes.size()]),
                         source.name_server_operator(i)});
      }
      if (slice.size() == 10'000 || i + 1 == names) {
        must(store.add_names(run, slice));
        slice.clear();
      }
    }
    must(store.finish_list(run, "x"));
    const double listed = seconds_since(start);
    start = Clock::now();
    std::uint64_t after = 0;
    for (auto page = must(store.names_to_survey(run, after, 2000)); !page.empty();
         page = must(store.names_to_survey(run, after, 2000))) {
      after = page.back().position;
      std::vector<data::SurveyedName> rows;
      for (const data::PlannedName& planned : page) {
        const std::size_t i = number_of.at(planned.name.to_text());
        auto answers = source.answers(i, month);
        auto observation = source.observation(i, answers);
        rows.push_back({planned.position, std::move(observation), std::move(answers)});
      }
      must(store.save(run, rows, {}));
    }
    const double saved = seconds_since(start);
    start = Clock::now();
    const auto record = must(store.finish_run(run, 0.01));
    fmt::print("{} {} names: listed {:.1f} s, saved {:.1f} s, finished {:.1f} s, file {:.1f} MB\n",
               settings.month.to_text(), record.names, listed, saved, seconds_since(start),
               static_cast<double>(std::filesystem::file_size(path)) / 1e6);
    std::fflush(stdout);
  }
  return 0;
}
