#include "scanner/postmaster/reverse_names.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/unit/postmaster/address_records.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::ReverseNames;
using ::testing::ElementsAre;

constexpr const char* kIpv4 = "192.0.2.1";
constexpr const char* kIpv6 = "2001:db8::25";

// "mx.example.jp yes", in order.
std::vector<std::string> names_of(const ReverseNames& found) {
  std::vector<std::string> texts;
  for (const scanner::ReverseName& reverse : found.names)
    texts.push_back(reverse.name.to_text() + ' ' + text_of(reverse.leads_back));
  return texts;
}

struct ReverseCase {
  const char* what;
  const char* address;
  ScriptedInquiry::Script script;
  const char* has_name;
  std::vector<std::string> names;
  const char* confirmed;
};

TEST(ReverseNames, AreFollowedBack) {
  const std::pair ptr4{reverse_of(kIpv4), RrType::kPtr};
  const std::pair ptr6{reverse_of(kIpv6), RrType::kPtr};
  dns::ResourceRecord broken = name_record(reverse_of(kIpv4), RrType::kPtr, "mx.jp");
  broken.rdata.pop_back();
  dns::ResourceRecord no_address = address_record("mx.jp", kIpv4);
  no_address.rdata.pop_back();
  const std::vector<ReverseCase> cases = {
      {"IPv4, leads back",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"mx.jp"})},
        {{"mx.jp", RrType::kA}, addresses("mx.jp", {"192.0.2.9", kIpv4})}},
       "yes",
       {"mx.jp yes"},
       "yes"},
      {"IPv6, leads back",
       kIpv6,
       {{ptr6, reverse_answer(kIpv6, {"mx.jp"})}, {{"mx.jp", RrType::kAaaa}, addresses("mx.jp", {kIpv6})}},
       "yes",
       {"mx.jp yes"},
       "yes"},
      {"another address",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"mx.jp"})}, {{"mx.jp", RrType::kA}, addresses("mx.jp", {"192.0.2.9"})}},
       "yes",
       {"mx.jp no"},
       "no"},
      {"the name has no address",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"mx.jp"})}, {{"mx.jp", RrType::kA}, name_error()}},
       "yes",
       {"mx.jp no"},
       "no"},
      {"one of two",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"b.jp", "a.jp"})},
        {{"a.jp", RrType::kA}, no_data()},
        {{"b.jp", RrType::kA}, addresses("b.jp", {kIpv4})}},
       "yes",
       {"a.jp no", "b.jp yes"},
       "yes"},
      {"one leads back, another cannot be looked up",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"a.jp", "b.jp"})},
        {{"a.jp", RrType::kA}, failure()},
        {{"b.jp", RrType::kA}, addresses("b.jp", {kIpv4})}},
       "yes",
       {"a.jp timeout", "b.jp yes"},
       "yes"},
      {"one does not lead back, another cannot be looked up",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"a.jp", "b.jp"})},
        {{"a.jp", RrType::kA}, no_data()},
        {{"b.jp", RrType::kA}, failure(dns::FailureCause::kServfail)}},
       "yes",
       {"a.jp no", "b.jp servfail"},
       "servfail"},
      {"a name twice, in another case",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"mx.jp", "MX.jp"})},
        {{"mx.jp", RrType::kA}, addresses("mx.jp", {kIpv4})}},
       "yes",
       {"mx.jp yes"},
       "yes"},
      {"no PTR", kIpv4, {{ptr4, no_data()}}, "no", {}, "no"},
      {"no such name", kIpv6, {{ptr6, name_error()}}, "no", {}, "no"},
      {"PTR fails", kIpv4, {{ptr4, failure()}}, "timeout", {}, "timeout"},
      {"PTR that is no name", kIpv4, {{ptr4, answer({broken})}}, "malformed", {}, "malformed"},
      {"PTR that is no name beside one that leads nowhere",
       kIpv4,
       {{ptr4, answer({broken, name_record(reverse_of(kIpv4), RrType::kPtr, "mx.jp")})},
        {{"mx.jp", RrType::kA}, no_data()}},
       "yes",
       {"mx.jp no"},
       "malformed"},
      {"an A RR that is no address",
       kIpv4,
       {{ptr4, reverse_answer(kIpv4, {"mx.jp"})}, {{"mx.jp", RrType::kA}, answer({no_address})}},
       "yes",
       {"mx.jp malformed"},
       "malformed"},
      {"delegated by a CNAME (RFC 2317)",
       kIpv4,
       {{ptr4, answer({name_record("1.0-31.2.0.192.in-addr.arpa", RrType::kPtr, "mx.jp")},
                      {cname(reverse_of(kIpv4), "1.0-31.2.0.192.in-addr.arpa")})},
        {{"mx.jp", RrType::kA}, addresses("mx.jp", {kIpv4})}},
       "yes",
       {"mx.jp yes"},
       "yes"},
  };
  for (const ReverseCase& c : cases) {
    SCOPED_TRACE(c.what);
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      ScriptedInquiry inquiry(c.script, delivery);
      const ReverseNames found = inquiry.run(scanner::look_up_reverse_names(inquiry, ip(c.address)));
      EXPECT_EQ(found.address, ip(c.address));
      EXPECT_EQ(found.owner.to_text(), reverse_of(c.address));
      EXPECT_EQ(text_of(found.has_name), c.has_name);
      EXPECT_EQ(names_of(found), c.names);
      EXPECT_EQ(found.not_followed, 0u);
      EXPECT_EQ(text_of(found.confirmed), c.confirmed);
    }
  }
}

// 25 names n00.jp to n24.jp, of which only `leads_back` has the address.
ScriptedInquiry::Script many_names(const std::string& leads_back) {
  std::vector<std::string> names;
  ScriptedInquiry::Script script;
  for (int i = 0; i < 25; ++i) {
    names.push_back(fmt::format("n{:02}.jp", 24 - i));
    script[{names.back(), RrType::kA}] =
        names.back() == leads_back ? addresses(names.back(), {kIpv4}) : no_data();
  }
  script[{reverse_of(kIpv4), RrType::kPtr}] = reverse_answer(kIpv4, names);
  return script;
}

TEST(ReverseNames, AreFollowedUpToABound) {
  ScriptedInquiry beyond(many_names("n24.jp"));
  const ReverseNames unknown = beyond.run(scanner::look_up_reverse_names(beyond, ip(kIpv4)));
  EXPECT_EQ(beyond.questions().size(), 1 + scanner::kMaxReverseNames);
  EXPECT_EQ(unknown.names.size(), scanner::kMaxReverseNames);
  EXPECT_EQ(unknown.names.front().name.to_text(), "n00.jp");
  EXPECT_EQ(unknown.not_followed, 15u);
  EXPECT_EQ(text_of(unknown.confirmed), "not_asked");

  ScriptedInquiry within(many_names("n03.jp"));
  EXPECT_EQ(text_of(within.run(scanner::look_up_reverse_names(within, ip(kIpv4))).confirmed), "yes");

  ScriptedInquiry preferred(many_names("n24.jp"));
  const ReverseNames found =
      preferred.run(scanner::look_up_reverse_names(preferred, ip(kIpv4), name("N24.jp")));
  EXPECT_EQ(found.names.front().name, name("n24.jp"));
  EXPECT_EQ(found.not_followed, 15u);
  EXPECT_EQ(text_of(found.confirmed), "yes");
}

}  // namespace
}  // namespace dauth::testing
