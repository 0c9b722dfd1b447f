// GeneratedDomain: what the DNS answers to every question about one domain, drawn from a seed, and those
// answers as messages of any form that says the same.
//
// The same seeds give the same answers on every machine. Owns its answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "resolver/dns/lookup_outcome.h"

namespace dauth::testing {

// A generator and what tests draw from it; not std's distributions, which differ between libraries.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : generator_(seed) {}
  // 0 to bound - 1.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(generator_() % bound); }
  bool percent(unsigned chance) { return below(100) < chance; }
  template <class T>
  const T& of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::mt19937_64 generator_;
};

// An RR of the answer section, in no form yet: `text` for TXT and SPF, `number` and `names` for the types
// with names, `octets` for all others.
struct GeneratedRecord {
  std::string owner;
  dns::RrType type = dns::RrType::kTxt;
  std::string text = {};
  std::uint16_t number = 0;
  std::vector<std::string> names = {};
  std::vector<std::uint8_t> octets = {};
};

struct GeneratedReply {
  enum class Kind : std::uint8_t { kAnswer, kNoData, kNameError, kFailure };
  Kind kind = Kind::kNoData;
  std::vector<GeneratedRecord> records = {};  // chain and RRset
  dns::FailureCause cause = dns::FailureCause::kTimeout;
};

class GeneratedDomain {
 public:
  using Question = std::pair<std::string, dns::RrType>;
  using Outcomes = std::map<Question, dns::LookupOutcome>;

  static constexpr std::string_view kName = "example.jp";
  static constexpr std::string_view kRandomLabel = "l0ng-and-random";

  enum class Names : std::uint8_t {
    kAny,           // `_domainkey`, the wildcard and the random label exist or not, and answer as they like
    kWildcardOnly,  // the three exist by one wildcard alone, CNAME or DNAME: they answer alike
  };

  explicit GeneratedDomain(std::uint64_t seed, Names names = Names::kAny);

  // The outcomes of all questions that the probes may ask, each by way of a message whose form `form` draws:
  // order and TTL of the RRs, letter case of names, borders of character-strings, compression, RRs given
  // twice, RRs that stand on no chain. Failures that no message stands for are as they are.
  Outcomes outcomes(std::uint64_t form) const;

 private:
  void add(const std::string& owner, dns::RrType type, GeneratedReply reply);

  std::map<Question, GeneratedReply> replies_;
};

// Any cause of a Failure.
dns::FailureCause any_cause(Chance& chance);

}  // namespace dauth::testing
