// TopicInquiry: the questions of one topic of a check (the survey's probes, SPF, the DMARC tree walk, ...),
// passed on to the one Inquiry of the domain, so that no question is asked twice and each topic knows its
// own.
//
// Borrows the whole inquiry, which outlives it. asked() is in the order of this topic, with copies of the
// outcomes.
#pragma once

#include <list>
#include <string>
#include <string_view>

#include "scanner/probe/inquiry.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner::cli {

class TopicInquiry final : public Inquiry {
 public:
  // `title` says for a person what the questions are for.
  TopicInquiry(Inquiry& whole, std::string_view title)
      : Inquiry(whole.pool()), whole_(whole), title_(title) {}

  const std::string& title() const { return title_; }

 private:
  struct Passed {};

  static Probe<Passed> pass_on(Inquiry& whole, Asked& asked) {
    deliver(asked, co_await whole.ask(asked.question.name, asked.question.type));
    co_return Passed{};
  }
  void submit(Asked& asked) override {
    passed_on_.push_back(pass_on(whole_, asked));
    passed_on_.back().start();
  }

  Inquiry& whole_;
  std::string title_;
  std::list<Probe<Passed>> passed_on_;
};

}  // namespace dauth::scanner::cli
