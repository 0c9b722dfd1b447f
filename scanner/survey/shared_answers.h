// SharedAnswers: questions that many domains of a survey have in common - the addresses of MX hosts -, each
// asked once however many of them want it.
//
// Who comes while a question is open waits for the same outcome; who comes later is given it at once.
// Outcomes are kept up to a number; then the one that was wanted longest ago goes, and is asked for again
// when it is wanted again. What failed is asked again after forget_failures(): at the beginning of a pass. A
// question gets all tries, whoever wants it first. Borrows the resolver and the excluded names, which outlive
// it. Everything happens on the loop's thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "data/keyed_hash.h"
#include "resolver/stub_resolver.h"
#include "scanner/list/excluded_names.h"

namespace dauth::scanner {

class SharedAnswers final : private resolver::OutcomeHandler {
 public:
  // Outcomes kept, two for each host. About 20 MB: each takes 200 to 400 octets (docs/performance.md).
  static constexpr std::size_t kMostKept = 65'536;

  // `key` keeps strangers who choose the hosts from choosing where they fall in the table.
  SharedAnswers(resolver::StubResolver& resolver, const ExcludedNames& excluded, data::HashKey key,
                std::size_t most_kept = kMostKept)
      : resolver_(resolver), excluded_(excluded), most_kept_(most_kept), known_(0, Hash{key}) {}

  // The outcome where it is known, or nothing: `handler` then gets it later, with `token`, and must live
  // until then or until the resolver has forgotten its questions. The pointer is good until the next call. Of
  // a name at or below an excluded one the outcome is Failure, cause kExcluded, and nothing is asked.
  const dns::LookupOutcome* find_or_ask(const dns::Question& question, resolver::OutcomeHandler& handler,
                                        std::uint64_t token);

  // What has failed so far is asked again when it is wanted. Only while no question is open.
  void forget_failures();

  // Outcomes that somebody waits for, each counted for everybody who does.
  std::size_t waiting() const { return waiting_; }
  // Outcomes kept.
  std::size_t kept() const { return kept_.size(); }

 private:
  struct Waiting {
    resolver::OutcomeHandler* handler;
    std::uint64_t token;
  };
  struct Entry {
    explicit Entry(dns::Question asked) : question(std::move(asked)) {}
    dns::Question question;
    std::optional<dns::LookupOutcome> outcome;  // nothing while it is open
    std::vector<Waiting> waiting;
  };
  using Entries = std::list<Entry>;
  // Keys are the questions in the entries.
  struct Hash {
    data::HashKey key;
    std::size_t operator()(const dns::Question* question) const;
  };
  struct Equal {
    bool operator()(const dns::Question* a, const dns::Question* b) const { return *a == *b; }
  };

  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override;

  resolver::StubResolver& resolver_;
  const ExcludedNames& excluded_;
  const std::size_t most_kept_;
  Entries open_;
  Entries kept_;  // that wanted last in front
  std::unordered_map<const dns::Question*, Entries::iterator, Hash, Equal> known_;
  std::size_t waiting_ = 0;
};

}  // namespace dauth::scanner
