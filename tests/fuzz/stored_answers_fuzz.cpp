// Answers read from a database that anybody may have written to: no crash; what is read can be written again,
// and then reads the same. The first line is the outcomes; each further one an answer behind the digit of its
// place and the letter of its ordinal.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "data/stored_answers.h"

namespace {

using namespace dauth;

void require(bool condition) {
  if (!condition) std::abort();
}

std::string label_of(const dns::DomainName&) {
  return "unguessable";
}

data::StoredAnswers written(const std::vector<data::StoredQuestion>& questions,
                            const dns::DomainName& domain) {
  data::AnswerRecorder recorder(domain);
  for (const data::StoredQuestion& question : questions) {
    if (question.is_of_mx_host) {
      recorder.add_mx_host(question.question, question.outcome);
    } else {
      recorder.add(question.name, question.question, question.outcome);
    }
  }
  return recorder.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  std::string_view rest(octets);
  const auto take_line = [&rest] {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return std::string(line);
  };
  data::StoredAnswers stored{take_line(), {}};
  while (!rest.empty()) {
    const std::string line = take_line();
    if (line.size() < 2 || line[0] < '0' || line[0] > '3') continue;
    std::string text = line.substr(2);
    for (char& c : text) c = c == '\t' ? '\n' : c;
    stored.answers.push_back({static_cast<data::AnswerPlace>(line[0] - '0'),
                              static_cast<std::uint8_t>(line[1] - 'a' + 1), std::move(text)});
  }
  const auto domain = dns::DomainName::from_text("example.jp").value();
  const auto questions = data::read_stored_answers(stored, domain, label_of);
  if (!questions) {
    require(!questions.error().empty());
    return 0;
  }
  if (questions->size() > 255) return 0;  // an ordinal has no more room, and a domain is never asked so much
  const auto again = data::read_stored_answers(written(*questions, domain), domain, label_of);
  require(again && again->size() == questions->size());
  for (std::size_t i = 0; i < questions->size(); ++i) {
    require((*again)[i].question == (*questions)[i].question);
    require((*again)[i].outcome.index() == (*questions)[i].outcome.index());
  }
  data::mark_servfail_as_persistent(stored);
  require(data::read_stored_answers(stored, domain, label_of).has_value());
  return 0;
}
