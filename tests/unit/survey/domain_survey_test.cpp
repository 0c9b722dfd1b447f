// How much is asked about a domain whose servers fail.
#include "scanner/survey/domain_survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolver/net/event_loop.h"
#include "resolver/net/uv_transport.h"
#include "tests/support/scripted_server.h"

namespace dauth::scanner {
namespace {

using namespace dauth::testing;
using dns::RrType;

class DomainSurveyTest : public ::testing::Test, private DomainSurvey::Listener {
 protected:
  // How often the server was asked each question, as "TXT d.example".
  std::map<std::string, std::size_t> asked(std::vector<ScriptedRule> rules, AfterFailure after_failure) {
    const ScriptedServer server(std::move(rules));
    net::UvTransport transport(loop_, random_);
    resolver::StubResolver resolver(
        transport, random_,
        {.servers = {server.address()}, .timeout = std::chrono::milliseconds(300), .tries = 3});
    std::pmr::unsynchronized_pool_resource pool;
    const ProbeSelection selection;
    const RandomLabelSource label = [](const dns::DomainName&) { return "random"; };
    DomainSurvey survey(pool, resolver, *this, name("d.example"), selection, label, 1, after_failure);
    survey.start();
    loop_.run();
    std::map<std::string, std::size_t> counts;
    for (const dns::Question& question : server.questions())
      ++counts[dns::to_text(question.type) + " " + question.name.to_text()];
    return counts;
  }

  data::Observation found;

 private:
  void on_domain_done(DomainSurvey& survey) override {
    found = survey.take();
    loop_.stop();
  }

  net::EventLoop loop_;
  net::SystemRandom random_;
};

using Counts = std::map<std::string, std::size_t>;
const ScriptedRule kSilence{.manner = ScriptedManner::kStaysSilent};

TEST_F(DomainSurveyTest, OneTryOnEachFurtherQuestionOnceTheFirstHasFailed) {
  EXPECT_EQ(asked({kSilence}, AfterFailure::kOneTry), (Counts{{"TXT d.example", 3},
                                                              {"MX d.example", 1},
                                                              {"SPF d.example", 1},
                                                              {"TXT _dmarc.d.example", 1},
                                                              {"SOA _domainkey.d.example", 1}}));
  EXPECT_EQ(data::lookup_failures(found, data::Cause::kTimeout), 4u);
}

TEST_F(DomainSurveyTest, AServerFailureIsAFailureToo) {
  const auto counts = asked({{.reply = {.rcode = 2}}}, AfterFailure::kOneTry);
  EXPECT_EQ(counts.at("TXT d.example"), 3u);
  EXPECT_EQ(counts.at("MX d.example"), 1u);
  EXPECT_EQ(data::lookup_failures(found, data::Cause::kServfail), 4u);
}

TEST_F(DomainSurveyTest, AllTriesWhereItIsTheLastTime) {
  EXPECT_EQ(asked({kSilence}, AfterFailure::kAllTries), (Counts{{"TXT d.example", 3},
                                                                {"MX d.example", 3},
                                                                {"SPF d.example", 3},
                                                                {"TXT _dmarc.d.example", 3},
                                                                {"SOA _domainkey.d.example", 3}}));
}

TEST_F(DomainSurveyTest, AllTriesWhereTheFirstQuestionWasAnswered) {
  const auto counts = asked({{.type = RrType::kTxt}, kSilence}, AfterFailure::kOneTry);
  EXPECT_EQ(counts, (Counts{{"TXT d.example", 1},
                            {"MX d.example", 3},
                            {"SPF d.example", 3},
                            {"TXT _dmarc.d.example", 1},
                            {"SOA _domainkey.d.example", 3}}));
}

TEST_F(DomainSurveyTest, AFirstQuestionThatIsAnsweredLateSparesNothing) {
  const auto counts = asked({{.type = RrType::kTxt, .times = 2, .manner = ScriptedManner::kStaysSilent},
                             {.type = RrType::kTxt},
                             kSilence},
                            AfterFailure::kOneTry);
  EXPECT_EQ(counts.at("TXT d.example"), 3u);
  EXPECT_EQ(counts.at("MX d.example"), 3u);
}

}  // namespace
}  // namespace dauth::scanner
