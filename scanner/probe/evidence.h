// Evidence: the answers that a domain's findings rest on, taken down for the database, and judged from there.
//
// docs/measurement-method.md section 5. A TXT RR that no rule reads is only counted: at the domain one
// without `spf` in it, at `_dmarc` one without `dmarc` (in any case, so that a rule that reads a little more
// finds it still there). Everything else is kept. Questions about MX hosts stand behind all others, so that
// the evidence does not depend on which answer came first.
#pragma once

#include <memory_resource>
#include <string>
#include <vector>

#include "data/finding.h"
#include "data/stored_answers.h"
#include "scanner/probe/domainkeys_probe.h"
#include "scanner/probe/inquiry.h"
#include "scanner/probe/probe_selection.h"

namespace dauth::scanner {

// What `inquiry` has asked about `domain`, in the order in which it asked, its MX hosts last. Each question
// has its outcome.
data::StoredAnswers stored_answers(const Inquiry& inquiry, const dns::DomainName& domain,
                                   const RandomLabelSource& random_label);

// An Inquiry whose outcomes are those of an earlier day. A question that was not asked then has the outcome
// Failure, cause not_asked.
class StoredInquiry final : public Inquiry {
 public:
  StoredInquiry(std::pmr::memory_resource& pool, std::vector<data::StoredQuestion> questions)
      : Inquiry(pool), questions_(std::move(questions)) {}

 private:
  void submit(Asked& asked) override;

  std::vector<data::StoredQuestion> questions_;
};

// The findings of `domain` by today's rules, from what was answered when it was asked. An error is a line for
// a person: the answers cannot be read.
Result<data::Observation, std::string> judge_stored(std::pmr::memory_resource& pool,
                                                    const dns::DomainName& domain,
                                                    const data::StoredAnswers& answers,
                                                    const ProbeSelection& selection,
                                                    const RandomLabelSource& random_label);

}  // namespace dauth::scanner
