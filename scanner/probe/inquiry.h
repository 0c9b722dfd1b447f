// Inquiry: the questions of one domain and their outcomes, each asked once however many probes want it.
//
// A probe awaits ask(); who answers is the derived class's matter: the survey passes the questions to the
// stub resolver, a test reads them from a table, judging an old month anew takes them from the stored
// evidence. Owns the questions and outcomes until its end; the references that ask() gives stay sound that
// long. Memory, that of the probes' coroutine frames too, comes from the pool given. Not for use from several
// threads.
#pragma once

#include <coroutine>
#include <cstdint>
#include <list>
#include <memory_resource>
#include <optional>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/question.h"

namespace dauth::scanner {

class Inquiry {
 public:
  class Awaiter;

  // Whether other domains may be waiting for the same answer.
  enum class Sharing : std::uint8_t {
    kOwn,     // about the domain itself
    kShared,  // about an MX host, which many domains may name
  };

  struct Asked {
    Asked(dns::Question asked_question, Sharing asked_sharing)
        : question(std::move(asked_question)), sharing(asked_sharing) {}
    dns::Question question;
    Sharing sharing = Sharing::kOwn;
    std::optional<dns::LookupOutcome> outcome;
    Awaiter* waiting = nullptr;  // probes that go on when the outcome is there
  };

  explicit Inquiry(std::pmr::memory_resource& pool) : pool_(pool), asked_(&pool) {}
  virtual ~Inquiry() = default;
  Inquiry(const Inquiry&) = delete;
  Inquiry& operator=(const Inquiry&) = delete;

  // Awaited, gives `const dns::LookupOutcome&`. A name that is none (DomainName::child gave nothing) cannot
  // exist: its outcome is NxDomain, and nothing is asked.
  Awaiter ask(std::optional<dns::DomainName> name, dns::RrType type);
  // The same for a name that many domains have in common: an MX host. Such a question is another one than
  // ask() of the same name and type, so that the evidence of a domain does not depend on which came first.
  Awaiter ask_shared(const dns::DomainName& name, dns::RrType type);

  // All questions so far, in the order in which they were first asked.
  const std::pmr::list<Asked>& asked() const { return asked_; }

  std::pmr::memory_resource& pool() const { return pool_; }

 protected:
  // Called once for each question. The outcome comes by deliver(), at once or later.
  virtual void submit(Asked& asked) = 0;
  // The same for a shared one, where it is not treated like any other.
  virtual void submit_shared(Asked& asked) { submit(asked); }

  // Stores the outcome and resumes the probes that wait for it; they may ask more before this returns.
  static void deliver(Asked& asked, dns::LookupOutcome outcome);

 private:
  Asked* find(const dns::DomainName& name, dns::RrType type, Sharing sharing);

  std::pmr::memory_resource& pool_;
  std::pmr::list<Asked> asked_;
};

class [[nodiscard]] Inquiry::Awaiter {
 public:
  explicit Awaiter(Asked* asked) : asked_(asked) {}
  bool await_ready() const noexcept { return asked_ == nullptr || asked_->outcome.has_value(); }
  void await_suspend(std::coroutine_handle<> probe) noexcept {
    probe_ = probe;
    next_ = asked_->waiting;
    asked_->waiting = this;
  }
  const dns::LookupOutcome& await_resume() const noexcept;

 private:
  friend class Inquiry;
  Asked* asked_;  // null: the name cannot exist
  Awaiter* next_ = nullptr;
  std::coroutine_handle<> probe_;
};

}  // namespace dauth::scanner
