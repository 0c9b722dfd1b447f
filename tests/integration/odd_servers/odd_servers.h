// A survey of domains whose server lies, each in its own way, and what must be found there all the same.
//
// Every domain is sound but for its lie: MX, an SPF record that ends in -all, a DMARC record with p=reject,
// no
// `_domainkey`. So the findings of a lie that the survey sees through are those of a sound domain.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scripted_server.h"

namespace dauth::testing {

// A row of `dauth export`: findings by name with blanks between; what is in neither list is absent.
struct Findings {
  std::string published = "exists mx spf spf_txt spf_record dmarc";
  std::string unmeasured = "";
  std::string spf_all = "fail";
  std::string evidence = "name_error";
  std::string dmarc_policy = "reject";
  std::string cause = "";
};

Findings sound();
// Nothing could be found out.
Findings nothing(std::string_view cause);
// As a sound domain, but for the findings that rest on TXT at the domain.
Findings no_text(std::string_view cause);
// The same for MX.
Findings no_mx(std::string_view cause);
// The domain does not exist.
Findings no_domain();

struct OddDomain {
  std::string_view name;  // below "example"
  std::string_view does;  // what its server does
  // The first that matches answers, behind them stand those of a sound domain. Their names are relative to
  // the domain, which is ".".
  std::vector<ScriptedRule> rules;
  Findings finds = sound();
};

struct OddOptions {
  unsigned tries = 3;
  LoopbackServerOptions server = {};
};

// Surveys the domains, each time at a server of their own, with few questions in flight and with many, and
// expects for both the same findings, those of the table: a row for each domain and no other.
void expect_findings(const std::vector<OddDomain>& domains, const OddOptions& options = {});

// The rules of the domains and, behind each, of the sound ones.
std::vector<ScriptedRule> rules_of(const std::vector<OddDomain>& domains);

// --- Words for the tables ---

ScriptedRule at_apex(dns::RrType type, ResponseParts reply);
ScriptedRule text_at_apex(std::vector<Rdata> texts);
ResponseParts answer(std::vector<Record> records);
// NOERROR and nothing.
ResponseParts no_data();
ResponseParts with_rcode(std::uint16_t rcode);

// The right reply, sent in another manner.
ScriptedRule sent_so(std::function<ScriptedMessages(const Octets& reply)> sends);

// Where the counts of answer, authority and additional RRs stand.
inline constexpr std::size_t kSectionCounts[] = {6, 8, 10};
// Octets 12 to the end of the question.
std::size_t end_of_question(const Octets& message);
// NXDOMAIN where the reply has data, NOERROR without data where it is NXDOMAIN: to be believed by nobody.
Octets opposite_of(const Octets& reply);

}  // namespace dauth::testing
