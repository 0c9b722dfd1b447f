#include "scanner/probe/mx_hosts_probe.h"

#include <gmock/gmock.h>

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using ::testing::ElementsAre;

using data::Cause;
using data::Finding;
using dns::FailureCause;
using dns::LookupOutcome;
using dns::RrType;

const LookupOutcome kIpv4 = answer({a_record("host.jp", 1)});
const LookupOutcome kIpv6 =
    answer({{name("host.jp"), RrType::kAaaa, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}});
const LookupOutcome kNone = no_data();

LookupOutcome mx(std::initializer_list<std::string_view> hosts) {
  std::vector<dns::ResourceRecord> rrset;
  std::uint8_t preference = 0;
  for (const std::string_view host : hosts) rrset.push_back(mx_record("example.jp", preference += 10, host));
  return answer(std::move(rrset));
}

struct Host {
  const char* name;
  LookupOutcome a;
  LookupOutcome aaaa;
};

scanner::MxHostsFindings probe(ScriptedInquiry& inquiry) {
  const auto domain = name("example.jp");
  return inquiry.run(scanner::probe_mx_hosts(inquiry, domain));
}

ScriptedInquiry::Script script(const LookupOutcome& exchanges, const std::vector<Host>& hosts) {
  ScriptedInquiry::Script script = {{{"example.jp", RrType::kMx}, exchanges}};
  for (const Host& host : hosts) {
    script[{host.name, RrType::kA}] = host.a;
    script[{host.name, RrType::kAaaa}] = host.aaaa;
  }
  return script;
}

TEST(MxHostsProbe, Findings) {
  const Finding yes = Finding::published();
  const Finding no = Finding::absent();
  const auto unmeasured = [](Cause cause) { return Finding::unmeasured(cause); };
  const LookupOutcome timeout = failure();
  const LookupOutcome servfail = failure(FailureCause::kServfail);
  const LookupOutcome excluded = failure(FailureCause::kExcluded);
  dns::ResourceRecord broken = mx_record("example.jp", 10, "a.jp");
  broken.rdata.resize(1);
  struct Case {
    const char* what;
    LookupOutcome mx;
    std::vector<Host> hosts;
    Finding ipv6, no_address;
  };
  const std::vector<Case> cases = {
      {"IPv4 alone", mx({"a.jp"}), {{"a.jp", kIpv4, kNone}}, no, no},
      {"both", mx({"a.jp"}), {{"a.jp", kIpv4, kIpv6}}, yes, no},
      {"IPv6 alone", mx({"a.jp"}), {{"a.jp", kNone, kIpv6}}, yes, no},
      {"the last host has it",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", kIpv4, kNone}, {"b.jp", kIpv4, kIpv6}},
       yes,
       no},
      {"no host has an address",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", kNone, kNone}, {"b.jp", name_error(), name_error()}},
       no,
       yes},
      {"one of two has an address",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", kIpv4, kNone}, {"b.jp", name_error(), name_error()}},
       no,
       no},
      {"at the end of an alias",
       mx({"a.jp"}),
       {{"a.jp", no_data({cname("a.jp", "b.jp")}),
         answer({{name("b.jp"), RrType::kAaaa, std::vector<std::uint8_t>(16)}}, {cname("a.jp", "b.jp")})}},
       yes,
       no},
      {"AAAA is not known", mx({"a.jp"}), {{"a.jp", kIpv4, timeout}}, unmeasured(Cause::kTimeout), no},
      {"AAAA of one is not known, another has it",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", timeout, servfail}, {"b.jp", kNone, kIpv6}},
       yes,
       no},
      {"A is not known", mx({"a.jp"}), {{"a.jp", servfail, kNone}}, no, unmeasured(Cause::kServfail)},
      {"the first failure is told",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", kNone, servfail}, {"b.jp", kNone, timeout}},
       unmeasured(Cause::kServfail),
       unmeasured(Cause::kServfail)},
      {"a host that must not be asked",
       mx({"a.jp"}),
       {{"a.jp", excluded, excluded}},
       unmeasured(Cause::kExcluded),
       unmeasured(Cause::kExcluded)},
      {"beside one that failed",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", excluded, excluded}, {"b.jp", timeout, timeout}},
       unmeasured(Cause::kTimeout),
       unmeasured(Cause::kTimeout)},
      {"beside one that is known",
       mx({"a.jp", "b.jp"}),
       {{"a.jp", excluded, excluded}, {"b.jp", kIpv4, kNone}},
       unmeasured(Cause::kExcluded),
       no},
      {"null MX", answer({mx_record("example.jp", 0, ".")}), {}, no, no},
      {"the root, with a preference", mx({"."}), {}, no, yes},
      {"null MX beside a host",
       answer({mx_record("example.jp", 0, "."), mx_record("example.jp", 1, "a.jp")}),
       {{"a.jp", kIpv4, kIpv6}},
       yes,
       no},
      {"an address as a name", mx({"192.0.2.1"}), {}, no, yes},
      {"an address as a name beside a host", mx({"192.0.2.1", "a.jp"}), {{"a.jp", kNone, kIpv6}}, yes, no},
      {"no MX", no_data(), {}, no, no},
      {"MX of a name that is none", name_error(), {}, no, no},
      {"MX is not known", timeout, {}, unmeasured(Cause::kTimeout), unmeasured(Cause::kTimeout)},
      {"RDATA cut short", answer({broken}), {}, unmeasured(Cause::kMalformed), unmeasured(Cause::kMalformed)},
  };
  for (const Case& c : cases) {
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      SCOPED_TRACE(c.what);
      ScriptedInquiry inquiry(script(c.mx, c.hosts), delivery);
      const auto found = probe(inquiry);
      EXPECT_EQ(found.ipv6, c.ipv6);
      EXPECT_EQ(found.no_address, c.no_address);
    }
  }
}

TEST(MxHostsProbe, EachHostIsAskedOnceThoughItStandsThereOften) {
  ScriptedInquiry inquiry(script(mx({"b.jp", "A.jp", "a.JP", "b.jp", ".", "192.0.2.1"}),
                                 {{"A.jp", kIpv4, kNone}, {"b.jp", kIpv4, kNone}}));
  probe(inquiry);
  EXPECT_THAT(inquiry.questions(),
              ElementsAre("example.jp MX", "b.jp A", "b.jp AAAA", "A.jp A", "A.jp AAAA"));
}

// What a stranger puts there does not decide how much is asked.
TEST(MxHostsProbe, SoManyHostsAreAskedAndNoMore) {
  const auto found_with = [](std::size_t count, const LookupOutcome& aaaa, std::size_t& asked) {
    std::vector<dns::ResourceRecord> rrset;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back("h" + std::to_string(1000 + i) + ".jp");
    ScriptedInquiry::Script answers;
    for (const std::string& host : names) {
      rrset.push_back(mx_record("example.jp", 10, host));
      answers[{host, RrType::kA}] = kIpv4;
      answers[{host, RrType::kAaaa}] = aaaa;
    }
    answers[{"example.jp", RrType::kMx}] = answer(std::move(rrset));
    ScriptedInquiry inquiry(std::move(answers));
    const auto found = probe(inquiry);
    asked = inquiry.asked().size();
    return found;
  };
  std::size_t asked = 0;
  EXPECT_EQ(found_with(scanner::kMostMxHosts, kNone, asked).ipv6, Finding::absent());
  EXPECT_EQ(asked, 1 + 2 * scanner::kMostMxHosts);
  const auto not_all = found_with(3000, kNone, asked);
  EXPECT_EQ(asked, 1 + 2 * scanner::kMostMxHosts);
  EXPECT_EQ(not_all.ipv6, Finding::unmeasured(Cause::kNotAsked)) << "no absence: not all were asked";
  EXPECT_EQ(not_all.no_address, Finding::absent());
  EXPECT_EQ(found_with(3000, kIpv6, asked).ipv6, Finding::published());
}

}  // namespace
}  // namespace dauth::testing
