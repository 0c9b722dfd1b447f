// StoredAnswers: what became of the questions about one domain, in the form in which the database keeps it
// (schema.sql: outcomes, answer), and its writing and reading.
//
// docs/measurement-method.md section 5. Most domains fare like thousands of others, so the outcomes are one
// text that they share, and so is each answer. Reading gives back the outcomes that the probes were given,
// but for what no rule reads: TTLs, letter case of names, borders between the strings of a TXT RR, and the
// RRs that were only counted.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/question.h"
#include "resolver/dns/result.h"

namespace dauth::data {

// Where in the database an answer has its place.
enum class AnswerPlace : std::uint8_t {
  kTxt,      // TXT at the domain
  kMx,       // MX at the domain
  kDmarc,    // TXT at _dmarc
  kFurther,  // any other, by its ordinal
};

struct StoredAnswers {
  struct Answer {
    AnswerPlace place = AnswerPlace::kFurther;
    std::uint8_t ordinal = 0;  // of the question, 1 is the first; set where the place is kFurther
    std::string text;

    friend bool operator==(const Answer&, const Answer&) = default;
  };

  std::string outcomes;  // empty: nothing was asked, or nothing was kept
  std::vector<Answer> answers;

  friend bool operator==(const StoredAnswers&, const StoredAnswers&) = default;
};

// The name of a question as `outcomes` has it for the random label of the DomainKeys procedure.
inline constexpr std::string_view kRandomLabelName = "?";

// The name of a question about an MX host is this and a number, "mx:1": its exchange stands in the first MX
// RR of the stored MX answer. So the same fate of other hosts is the same text.
inline constexpr std::string_view kMxHostPrefix = "mx:";

// Whether some rule reads a TXT or SPF RR with these octets; the others are only counted.
using IsRead = bool (*)(std::string_view joined);

// Writes down one question after another, in the order in which they were asked.
class AnswerRecorder {
 public:
  // `domain` outlives the recorder.
  explicit AnswerRecorder(const dns::DomainName& domain) : domain_(domain) {}

  // `name` is relative to the domain: "@", "_domainkey", "?". Without `is_read` every RR is kept.
  void add(std::string_view name, const dns::Question& question, const dns::LookupOutcome& outcome,
           IsRead is_read = nullptr);
  // A question about an MX host; MX at the domain has to be there, with this exchange.
  void add_mx_host(const dns::Question& question, const dns::LookupOutcome& outcome);
  StoredAnswers take() { return std::move(stored_); }

 private:
  const dns::DomainName& domain_;
  StoredAnswers stored_;
  // Of the MX RRs in the stored answer, in its order, once the first host was added; nothing for an RR
  // without.
  std::vector<std::optional<dns::DomainName>> exchanges_;
  unsigned ordinal_ = 0;
};

struct StoredQuestion {
  std::string name;  // relative, as above
  dns::Question question;
  dns::LookupOutcome outcome;
  std::uint64_t unread =
      0;  // RRs that were only counted; in `outcome` each is a TXT RR with one empty string
  // The outcome was SERVFAIL in both passes, while other names resolved.
  bool servfail_persisted = false;
  bool is_of_mx_host = false;  // `name` is "mx:1"
};

// Questions and outcomes as they were. `random_label` gives the label behind "?" for a domain. An error, a
// line for a person, where the text is none that AnswerRecorder writes: the database is damaged.
using LabelOfDomain = std::function<std::string(const dns::DomainName&)>;
Result<std::vector<StoredQuestion>, std::string> read_stored_answers(const StoredAnswers& stored,
                                                                     const dns::DomainName& domain,
                                                                     const LabelOfDomain& random_label);

// Says of each SERVFAIL that it has persisted through both passes (Cause::kPersistentServfail).
void mark_servfail_as_persistent(StoredAnswers& stored);

}  // namespace dauth::data
