// DomainSurvey: one listed name on its way, from its first question to its Observation.
//
// An Inquiry whose questions go to the stub resolver, those that it shares with other names by way of
// SharedAnswers. Owns its probes; borrows the resolver, the shared answers and the listener, which outlive
// it. Its memory comes from the survey's pool.
#pragma once

#include <memory_resource>
#include <string>

#include "data/store.h"
#include "resolver/stub_resolver.h"
#include "scanner/probe/domain_probe.h"
#include "scanner/probe/inquiry.h"
#include "scanner/survey/shared_answers.h"

namespace dauth::scanner {

// What the further questions get once the first one has failed on every try.
enum class AfterFailure : std::uint8_t {
  kOneTry,    // they will hardly fare better, and all is asked again later
  kAllTries,  // this is the last time
};

class DomainSurvey final : public Inquiry, private resolver::OutcomeHandler {
 public:
  class Listener {
   public:
    // All findings are there. The survey may be destroyed from inside this call.
    virtual void on_domain_done(DomainSurvey& survey) = 0;

   protected:
    ~Listener() = default;
  };

  // `selection` and `random_label` outlive the survey. Without `shared` each question is the survey's own.
  DomainSurvey(std::pmr::memory_resource& pool, resolver::StubResolver& resolver, Listener& listener,
               dns::DomainName domain, const ProbeSelection& selection, const RandomLabelSource& random_label,
               std::uint64_t position = 0, AfterFailure after_failure = AfterFailure::kAllTries,
               SharedAnswers* shared = nullptr);

  // Asks the first question; its outcome always comes later, not inside this call.
  void start() { probe_.start(); }

  const dns::DomainName& domain() const { return domain_; }
  std::uint64_t position() const { return position_; }
  // Once, when it is done.
  data::Observation take() { return probe_.take(); }

 private:
  void submit(Asked& asked) override;
  void submit_shared(Asked& asked) override;
  bool first_question_failed() const;
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override;

  resolver::StubResolver& resolver_;
  SharedAnswers* const shared_;
  Listener& listener_;
  const dns::DomainName domain_;
  const std::uint64_t position_;
  const AfterFailure after_failure_;
  Probe<data::Observation> probe_;
};

}  // namespace dauth::scanner
