// Hostile records through the evaluation of SPF: it ends, within its limits, and an address is in the
// permitted space exactly where check_host() comes to pass, and stopped by one break exactly where it comes
// to an error.
//
// The input is the client's HELO and local-part in the first two lines, then one RR a line for questions: a
// digit for the outcome, the rest the data of a TXT RR. Question n gets line n modulo their number, by a hash
// of its name and type, so that the same question has the same answer in each evaluation.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/spf/examine_spf.h"

namespace {

using namespace dauth;
using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

dns::DomainName name(std::string_view text) {
  return *dns::DomainName::from_text(text);
}

class FuzzedInquiry final : public Inquiry {
 public:
  FuzzedInquiry(std::pmr::memory_resource& pool, const std::vector<std::string_view>& lines)
      : Inquiry(pool), lines_(lines) {}

  template <class T>
  T run(Probe<T> probe) {
    probe.start();
    while (!open_.empty()) {
      Asked* const asked = open_.front();
      open_.pop_front();
      deliver(*asked, outcome_of(asked->question));
    }
    require(probe.done());
    return probe.take();
  }

 private:
  void submit(Asked& asked) override { open_.push_back(&asked); }

  dns::LookupOutcome outcome_of(const dns::Question& question) const {
    if (lines_.empty()) return dns::NxDomain{};
    const std::uint64_t hash = question.name.hash() ^ static_cast<std::uint64_t>(question.type);
    const std::string_view line = lines_[hash % lines_.size()];
    const char kind = line.empty() ? '0' : line.front();
    if (kind == '1') return dns::NoData{};
    if (kind == '2') return dns::NxDomain{};
    if (kind == '3') return dns::Failure{};
    dns::Answer answer;
    const std::string_view data = line.empty() ? line : line.substr(1);
    const auto add = [&](std::vector<std::uint8_t> rdata) {
      answer.rrset.push_back({question.name, question.type, std::move(rdata)});
    };
    const std::size_t count = 1 + hash / 7 % 12;
    switch (question.type) {
      case dns::RrType::kTxt: {
        std::vector<std::uint8_t> rdata;
        for (std::size_t at = 0; at == 0 || at < data.size(); at += 255) {
          const std::string_view piece = data.substr(at, 255);
          rdata.push_back(static_cast<std::uint8_t>(piece.size()));
          rdata.insert(rdata.end(), piece.begin(), piece.end());
        }
        add(std::move(rdata));
        break;
      }
      case dns::RrType::kA:
        for (std::size_t i = 0; i < count; ++i) add({192, 0, 2, static_cast<std::uint8_t>((hash + i) % 4)});
        break;
      case dns::RrType::kAaaa:
        add({0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(hash % 4)});
        break;
      default:
        for (std::size_t i = 0; i < count; ++i) {
          std::vector<std::uint8_t> rdata;
          if (question.type == dns::RrType::kMx) rdata = {0, static_cast<std::uint8_t>(i % 3)};
          const auto target = name(i % 2 == 0 ? "h.example.jp" : "example.jp");
          rdata.insert(rdata.end(), target.wire().begin(), target.wire().end());
          add(std::move(rdata));
        }
    }
    return answer;
  }

  const std::vector<std::string_view>& lines_;
  std::deque<Asked*> open_;
};

void check_evaluation(const SpfEvaluation& evaluation) {
  require(evaluation.dns_terms <= kSpfMaxDnsTerms + 1);
  require(evaluation.void_lookups <= kSpfMaxVoidLookups + 1);
  require(evaluation.match.has_value() == (evaluation.cause.reason == SpfReason::kMatched));
  require(evaluation.result == SpfResult::kFail || !evaluation.explanation);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto next_line = [&rest] {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
  };
  const std::string helo(next_line());
  const std::string sender = std::string(next_line()) + "@example.jp";
  std::vector<std::string_view> lines;
  while (!rest.empty() && lines.size() < 64) lines.push_back(next_line());

  std::pmr::unsynchronized_pool_resource pool;
  FuzzedInquiry inquiry(pool, lines);
  const PermittedSpace space = inquiry.run(examine_permitted_space(inquiry, name("example.jp")));
  for (const char* address : {"192.0.2.1", "198.51.100.1", "2001:db8::1", "::1"}) {
    SpfQuery query;
    query.sender = SpfSender{*IpAddress::parse(address), helo, sender};
    const SpfReport report = inquiry.run(examine_spf(inquiry, name("example.jp"), query));
    for (const SpfIdentityReport& identity : report.identities) check_evaluation(identity.evaluation);
    const SpfIdentityReport& mail_from = report.identities.back();
    if (!space.not_countable.empty() || mail_from.domain != "example.jp") continue;
    const IpAddress& client = query.sender->address;
    const AddressSet& permitted = client.family() == IpFamily::kIpv4 ? space.ipv4 : space.ipv6;
    const SpfResult result = mail_from.evaluation.result;
    require(permitted.contains(client.octets()) == (result == SpfResult::kPass));
    const auto breaks = std::count_if(space.breaks.begin(), space.breaks.end(), [&](const SpfBreak& broken) {
      const AddressSet& stopped = client.family() == IpFamily::kIpv4 ? broken.ipv4 : broken.ipv6;
      return stopped.contains(client.octets());
    });
    const bool has_error = result == SpfResult::kPermerror || result == SpfResult::kTemperror;
    require(breaks == (has_error && !space.root.result ? 1 : 0));
  }
  return 0;
}
