// The two evaluations held against each other: an address is in the space that a record permits exactly where
// check_host() comes to pass for it, and among those of a break exactly where it comes to that error. Over
// generated records, whatever they lead to.
#include <gtest/gtest.h>

#include <random>

#include "scanner/spf/check_host.h"
#include "scanner/spf/permitted_space.h"
#include "tests/unit/spf/spf_script.h"

namespace dauth::scanner {
namespace {

using testing::ScriptedInquiry;

constexpr unsigned kDomains = 6;

// Domains d0.jp to d5.jp and what they publish.
class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  ScriptedInquiry::Script script() {
    ScriptedInquiry::Script script;
    for (unsigned i = 0; i < kDomains; ++i) {
      const std::string domain = name_of(i);
      script[{domain, dns::RrType::kTxt}] = outcome_of(domain, dns::RrType::kTxt, {record()}, 12);
      for (const dns::RrType type : {dns::RrType::kA, dns::RrType::kAaaa, dns::RrType::kMx}) {
        std::vector<std::string> data;
        for (unsigned n = 1 + below(3); n > 0; --n) data.push_back(data_of(type));
        script[{domain, type}] = outcome_of(domain, type, data, 5);
      }
    }
    return script;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  static std::string name_of(unsigned i) { return "d" + std::to_string(i) + ".jp"; }
  std::string any_name() { return name_of(below(kDomains)); }
  std::string ipv4() { return "192.0.2." + std::to_string(below(16)); }
  std::string ipv6() { return "2001:db8::" + std::to_string(below(8)); }

  std::string data_of(dns::RrType type) {
    if (type == dns::RrType::kA) return ipv4();
    if (type == dns::RrType::kAaaa) return ipv6();
    return std::to_string(below(3)) + ' ' + any_name();
  }
  dns::LookupOutcome outcome_of(const std::string& domain, dns::RrType type,
                                const std::vector<std::string>& data, unsigned usual) {
    switch (below(usual)) {
      case 0:
        return below(2) == 0 ? testing::name_error() : testing::no_data();
      case 1:
        if (below(4) == 0) return testing::failure();
        [[fallthrough]];
      default:
        std::vector<dns::ResourceRecord> records;
        for (const std::string& each : data) records.push_back(testing::spf_record(domain, type, each));
        return testing::answer(records);
    }
  }
  std::string record() {
    static constexpr std::string_view kQualifiers[] = {"", "", "", "+", "-", "~", "?"};
    std::string text = "v=spf1";
    for (unsigned n = below(7); n > 0; --n) {
      text += ' ';
      text += kQualifiers[below(std::size(kQualifiers))];
      switch (below(9)) {
        case 0:
        case 1:
          text += "ip4:" + ipv4() + "/" + std::to_string(26 + below(7));
          break;
        case 2:
          text += "ip6:" + ipv6() + "/" + std::to_string(124 + below(5));
          break;
        case 3:
          text += "a:" + any_name() + "/" + std::to_string(28 + below(5));
          break;
        case 4:
          text += "mx:" + any_name() + "//" + std::to_string(125 + below(4));
          break;
        case 5:
          text += "exists:" + any_name();
          break;
        case 6:
          text += below(6) == 0 ? "all" : "a";
          break;
        default:
          text += "include:" + any_name();
      }
    }
    if (below(3) == 0) text += " redirect=" + any_name();
    if (below(40) == 0) text += " wrong";
    return text;
  }

  std::mt19937 random_;
};

// The breaks that a client is among.
std::vector<const SpfBreak*> breaks_of(const PermittedSpace& space, const IpAddress& client) {
  std::vector<const SpfBreak*> found;
  for (const SpfBreak& broken : space.breaks) {
    const AddressSet& clients = client.family() == IpFamily::kIpv4 ? broken.ipv4 : broken.ipv6;
    if (clients.contains(client.octets())) found.push_back(&broken);
  }
  return found;
}

void expect_same_error(const PermittedSpace& space, const IpAddress& client,
                       const SpfEvaluation& evaluation) {
  const auto breaks = breaks_of(space, client);
  const bool has_error =
      evaluation.result == SpfResult::kPermerror || evaluation.result == SpfResult::kTemperror;
  const bool is_of_the_root = space.root.result.has_value();
  ASSERT_EQ(breaks.size(), has_error && !is_of_the_root ? 1U : 0U) << to_text(evaluation.cause.reason);
  if (breaks.empty()) return;
  // A circle is left before all that it would cost is known.
  if (!space.is_count_complete && breaks.front()->cause.reason == SpfReason::kTooManyTerms) return;
  EXPECT_EQ(breaks.front()->result, evaluation.result);
  EXPECT_EQ(to_text(breaks.front()->cause.reason), to_text(evaluation.cause.reason));
  EXPECT_EQ(breaks.front()->cause.domain, evaluation.cause.domain);
  EXPECT_EQ(breaks.front()->cause.term, evaluation.cause.term);
  EXPECT_EQ(breaks.front()->cause.failed_question, evaluation.cause.failed_question);
}

TEST(PermittedSpaceProperties, WhatIsPermittedIsWhatPasses) {
  std::vector<IpAddress> clients;
  for (unsigned i = 0; i < 66; ++i) clients.push_back(testing::address("192.0.2." + std::to_string(i)));
  for (unsigned i = 0; i < 10; ++i) clients.push_back(testing::address("2001:db8::" + std::to_string(i)));
  clients.push_back(testing::address("::1"));
  std::map<SpfResult, std::size_t> results;
  std::map<SpfReason, std::size_t> reasons;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    const ScriptedInquiry::Script script = Generator(seed).script();
    ScriptedInquiry inquiry(script);
    const PermittedSpace space = inquiry.run(examine_permitted_space(inquiry, testing::name("d0.jp")));
    ASSERT_TRUE(space.not_countable.empty());
    for (const IpAddress& client : clients) {
      const SpfEvaluation evaluation =
          inquiry.run(check_host(inquiry, {client, "d0.jp", "a@d0.jp", "d0.jp", "r.jp", {}}));
      ++results[evaluation.result];
      ++reasons[evaluation.cause.reason];
      const AddressSet& permitted = client.family() == IpFamily::kIpv4 ? space.ipv4 : space.ipv6;
      ASSERT_EQ(permitted.contains(client.octets()), evaluation.result == SpfResult::kPass)
          << "seed " << seed << ", " << client.to_text() << ": " << to_text(evaluation.result) << ", "
          << evaluation.root.record.value_or("");
      expect_same_error(space, client, evaluation);
      ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed << ", " << client.to_text();
      // Who comes to the end without a match has cost what the tree says, if all went well.
      if (evaluation.cause.reason == SpfReason::kNoMatch) {
        ASSERT_LE(evaluation.dns_terms, space.dns_terms) << seed;
      }
    }
  }
  for (const SpfResult result :
       {SpfResult::kPass, SpfResult::kFail, SpfResult::kNeutral, SpfResult::kPermerror, SpfResult::kTemperror,
        SpfResult::kSoftfail, SpfResult::kNone}) {
    EXPECT_GT(results[result], 1000U) << to_text(result);
  }
  for (const SpfReason reason : {SpfReason::kTooManyTerms, SpfReason::kTooManyVoidLookups,
                                 SpfReason::kIncludeNoRecord, SpfReason::kRedirectNoRecord}) {
    EXPECT_GT(reasons[reason], 100U) << to_text(reason);
  }
}

}  // namespace
}  // namespace dauth::scanner
