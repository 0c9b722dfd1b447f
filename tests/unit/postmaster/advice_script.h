// What example.jp publishes, and the advice that it gives reason for.
#pragma once

#include "scanner/postmaster/advice.h"
#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {

inline scanner::Probe<bool> ask_all(scanner::Inquiry& inquiry, const ScriptedInquiry::Script& script) {
  for (const auto& [question, outcome] : script) co_await inquiry.ask(name(question.first), question.second);
  co_return true;
}

struct AdviceCase {
  std::string what;
  std::vector<std::string> txt;     // at example.jp
  std::vector<std::string> dmarc;   // at _dmarc.example.jp
  std::vector<std::string> type99;  // at example.jp
  std::vector<dns::ResourceRecord> mx;
  std::vector<std::string> expected;  // "code severity subject", in the order given
};

inline const std::string kGoodSpf = "v=spf1 mx -all";
inline const std::string kGoodDmarc = "v=DMARC1; p=reject; rua=mailto:dmarc@example.jp";

inline dns::LookupOutcome texts_or_none(const std::string& owner, const std::vector<std::string>& texts,
                                        dns::RrType type) {
  if (texts.empty()) return no_data();
  std::vector<dns::ResourceRecord> rrset = std::get<dns::Answer>(text_answer(owner, texts)).rrset;
  for (dns::ResourceRecord& record : rrset) record.type = type;
  return answer(std::move(rrset));
}

inline ScriptedInquiry::Script script_of(const AdviceCase& c) {
  ScriptedInquiry::Script script;
  script[{"example.jp", dns::RrType::kTxt}] = texts_or_none("example.jp", c.txt, dns::RrType::kTxt);
  script[{"example.jp", dns::RrType::kSpf}] = texts_or_none("example.jp", c.type99, dns::RrType::kSpf);
  script[{"_dmarc.example.jp", dns::RrType::kTxt}] =
      texts_or_none("_dmarc.example.jp", c.dmarc, dns::RrType::kTxt);
  script[{"example.jp", dns::RrType::kMx}] = c.mx.empty() ? no_data() : answer(c.mx);
  return script;
}

inline std::vector<scanner::Advice> advice_of(
    const ScriptedInquiry::Script& script,
    data::DomainkeysEvidence evidence = data::DomainkeysEvidence::kNone) {
  ScriptedInquiry inquiry(script);
  EXPECT_TRUE(inquiry.run(ask_all(inquiry, script)));
  data::Observation observation;
  observation.domainkeys_evidence = evidence;
  return scanner::advise(name("example.jp"), observation, inquiry);
}

inline std::string text_of(const scanner::Advice& advice) {
  std::string text(scanner::to_text(advice.code));
  text += ' ';
  text += scanner::to_text(advice.severity);
  if (!advice.subject.empty()) text += ' ' + advice.subject;
  return text;
}

inline std::vector<std::string> texts_of(const std::vector<scanner::Advice>& advice) {
  std::vector<std::string> texts;
  for (const scanner::Advice& piece : advice) texts.push_back(text_of(piece));
  return texts;
}

}  // namespace dauth::testing
