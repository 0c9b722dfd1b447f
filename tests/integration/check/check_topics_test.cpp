// `dauth check` beyond the survey: what it tells of a client, of keys and of ports, for each of several
// domains, as text and as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/check/check_program.h"
#include "tests/support/json_schema.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class CheckTopics : public ::testing::Test {
 protected:
  static NsdOptions zones() {
    NsdOptions options;
    options.zones = read_zone_index(DAUTH_SOURCE_DIR "/tests/integration/check/zones/zones.tsv");
    return options;
  }
  ProcessResult look(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "check");
    arguments.insert(arguments.end(), {"--resolver", server.address()});
    return dauth(arguments);
  }
  // The objects of --json, which hold to the schema.
  std::vector<Json> objects(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    const ProcessResult result = look(arguments);
    EXPECT_EQ(result.status(), 0) << result.err;
    EXPECT_TRUE(holds_to_schema(result.out, "check.schema.json"));
    std::vector<Json> found;
    for (const std::string& line : split(result.out, '\n')) {
      if (!line.empty()) found.push_back(Json::parse(line));
    }
    return found;
  }

  const NsdServer server{zones()};
};

TEST_F(CheckTopics, WithoutAClientThereIsTheRecordsTreeAndNoClient) {
  const Json object = objects({"example.jp"}).at(0);
  EXPECT_TRUE(object["spf_evaluation"].contains("permitted"));
  for (const char* absent : {"client", "dkim_keys", "submission"})
    EXPECT_FALSE(object.contains(absent)) << absent;
  const std::string text = look({"example.jp"}).out;
  EXPECT_THAT(text, HasSubstr("\nSPF as it works\n"));
  for (const char* absent : {"\nMail client\n", "\nDKIM key", "\nSubmission ports"})
    EXPECT_THAT(text, Not(HasSubstr(absent)));
}

TEST_F(CheckTopics, AClientIsHeldAgainstEachDomain) {
  const auto found = objects({"example.jp", "parked.example.jp", "gone.example.jp", "--ip", "198.51.100.9"});
  ASSERT_EQ(found.size(), 3U);
  std::vector<std::string> results;
  for (const Json& object : found) {
    for (const Json& identity : object["spf_evaluation"]["identities"]) results.push_back(identity["result"]);
    EXPECT_EQ(object["client"]["address"], "198.51.100.9");
  }
  EXPECT_THAT(results, ::testing::ElementsAre("pass", "fail", "none"));
}

// Without --mail-from the domain that is looked at is the sender's, with a HELO name too; "<>" is the sender
// of bounces.
TEST_F(CheckTopics, SenderOfTheMail) {
  const auto sender = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {"example.jp", "--ip", "192.0.2.25", "--helo", "mail.example.jp"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Json object = objects(arguments).at(0);
    const Json& identities = object["spf_evaluation"]["identities"];
    EXPECT_EQ(identities.size(), 2U);
    return identities.at(1)["sender"].get<std::string>() + " " +
           identities.at(1)["result"].get<std::string>();
  };
  EXPECT_EQ(sender({}), "postmaster@example.jp pass");
  EXPECT_EQ(sender({"--mail-from", "<>"}), "postmaster@mail.example.jp pass");
  EXPECT_EQ(sender({"--mail-from", ""}), "postmaster@mail.example.jp pass");
  EXPECT_EQ(sender({"--mail-from", "<\"a b\"@parked.example.jp>"}), "\"a b\"@parked.example.jp fail");
  EXPECT_EQ(sender({"--mail-from", "taro@\u4f8b\u3048.jp"}), "taro@xn--r8jz45g.jp none");
}

TEST_F(CheckTopics, HeloAlone) {
  const Json object = objects({"example.jp", "--helo", "mail.example.jp"}).at(0);
  EXPECT_TRUE(object["spf_evaluation"].contains("permitted")) << "no client to evaluate SPF for";
  EXPECT_EQ(object["client"]["helo"]["form"], "host_name");
  EXPECT_FALSE(object["client"].contains("reverse"));
}

TEST_F(CheckTopics, SelectorsInTheOrderGivenEachOnce) {
  const Json object =
      objects({"example.jp", "--selector", "s2", "--selector", "s1", "--selector", "s2"}).at(0);
  ASSERT_EQ(object["dkim_keys"].size(), 2U);
  EXPECT_EQ(object["dkim_keys"][0]["selector"], "s2");
  EXPECT_EQ(object["dkim_keys"][1]["selector"], "s1");
  EXPECT_EQ(object["dkim_keys"][1]["name"], "s1._domainkey.example.jp");
}

TEST_F(CheckTopics, HostsOfSubmissionAreShownWithEachDomain) {
  const auto found = objects({"example.jp", "parked.example.jp", "--submission", "gone.example.jp",
                              "--submission", "submit.example.jp"});
  ASSERT_EQ(found.size(), 2U);
  for (const Json& object : found) {
    ASSERT_EQ(object["submission"].size(), 2U);
    EXPECT_EQ(object["submission"][0]["host"]["host"], "gone.example.jp");
    EXPECT_FALSE(object["submission"][0].contains("report")) << "there is no address to connect to";
    EXPECT_TRUE(object["submission"][1].contains("report"));
  }
  EXPECT_EQ(found[0]["submission"], found[1]["submission"]) << "each host is looked at once";
  const std::string text = look({"example.jp", "--submission", "gone.example.jp"}).out;
  EXPECT_THAT(text, HasSubstr("problem: the host has no address, so no mail client can connect to it"));
}

TEST_F(CheckTopics, AnAddressOfSubmissionIsConnectedToWithoutAQuestion) {
  const Json object =
      objects({"example.jp", "--submission", "127.0.0.1", "--submission-timeout", "2s"}).at(0);
  ASSERT_EQ(object["submission"].size(), 1U);
  const Json& host = object["submission"][0];
  EXPECT_EQ(host["host"]["host"], "127.0.0.1");
  EXPECT_EQ(host["host"]["addresses"], Json::array({"127.0.0.1"}));
  EXPECT_EQ(host["report"]["ports"].size(), 3U);
  EXPECT_EQ(host["report"]["timer_ms"], 2000);
  const ProcessResult both = look({"example.jp", "--submission", "127.0.0.1", "--submission-timeout", "0s"});
  EXPECT_EQ(both.status(), 2);
  EXPECT_THAT(both.err, HasSubstr("--submission-timeout"));
}

// A name that does not exist has no records to look at; the policy for it stands above, the client elsewhere.
TEST_F(CheckTopics, NameThatDoesNotExist) {
  const Json object =
      objects({"gone.example.jp", "--ip", "192.0.2.7", "--selector", "s1", "--helo", "host7.example.net"})
          .at(0);
  EXPECT_EQ(object["exists"], "absent");
  EXPECT_FALSE(object.contains("receiving"));
  EXPECT_FALSE(object.contains("dkim_keys"));
  EXPECT_TRUE(object.contains("client"));
  EXPECT_EQ(object["dmarc_discovery"]["organizational_domain"]["domain"], "example.jp");
  for (const Json& question : object["questions"]) {
    const std::string name = question["name"];
    EXPECT_TRUE(!name.ends_with("gone.example.jp") || name == "gone.example.jp" ||
                name == "_dmarc.gone.example.jp")
        << name << ": nothing stands below a name that does not exist";
  }
}

// Each question once, whichever of the topics want it; all of the topics are told.
TEST_F(CheckTopics, QuestionsAreSharedAndTellWhoWantedThem) {
  const Json object = objects({"example.jp", "--ip", "192.0.2.25", "--helo", "mail.example.jp"}).at(0);
  std::map<std::string, std::size_t> asked;
  for (const Json& question : object["questions"]) {
    const std::string text = question["name"].get<std::string>() + " " + question["type"].get<std::string>();
    ++asked[text];
    if (text == "example.jp MX") {
      const std::string purposes = question["asked_for"].dump();
      EXPECT_THAT(purposes, HasSubstr("\"MX\""));
      EXPECT_THAT(purposes, HasSubstr("SPF evaluated"));
      EXPECT_THAT(purposes, HasSubstr("receiving side"));
    }
  }
  EXPECT_EQ(asked["example.jp MX"], 1U);
  EXPECT_EQ(asked["mail.example.jp A"], 1U) << "of the receiving side, of SPF's mx and of the HELO name";
  for (const auto& [question, times] : asked) EXPECT_EQ(times, 1U) << question;
}

}  // namespace
}  // namespace dauth::testing
