#include "scanner/postmaster/receiving_side.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "tests/unit/postmaster/address_records.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::MailRoute;
using scanner::MxHostReport;
using scanner::ReceivingSide;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Script = ScriptedInquiry::Script;

Script with_host(Script script, const std::string& host, dns::LookupOutcome a, dns::LookupOutcome aaaa) {
  script[{host, RrType::kA}] = std::move(a);
  script[{host, RrType::kAaaa}] = std::move(aaaa);
  return script;
}

// What is asked of any domain: MX; A and AAAA of itself.
Script domain_with(dns::LookupOutcome mx, dns::LookupOutcome a = no_data(),
                   dns::LookupOutcome aaaa = no_data()) {
  return with_host({{{"example.jp", RrType::kMx}, std::move(mx)}}, "example.jp", std::move(a),
                   std::move(aaaa));
}

ReceivingSide examine(const Script& script, Delivery delivery = Delivery::kOldestFirst) {
  ScriptedInquiry inquiry(script, delivery);
  return inquiry.run(scanner::examine_receiving_side(inquiry, name("example.jp")));
}

TEST(ReceivingSide, HostsWithTheirAddressesAndReverseNames) {
  Script script = domain_with(
      answer({mx_record("example.jp", 20, "mx2.example.jp"), mx_record("example.jp", 10, "mx1.example.jp")}));
  script = with_host(script, "mx1.example.jp", addresses("mx1.example.jp", {"192.0.2.1", "192.0.2.2"}),
                     addresses("mx1.example.jp", {"2001:db8::1"}));
  script = with_host(script, "mx2.example.jp", addresses("mx2.example.jp", {"192.0.2.2"}), failure());
  script[{reverse_of("192.0.2.1"), RrType::kPtr}] = reverse_answer("192.0.2.1", {"mx1.example.jp"});
  script[{reverse_of("192.0.2.2"), RrType::kPtr}] = failure();
  script[{reverse_of("2001:db8::1"), RrType::kPtr}] = name_error();
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    const ReceivingSide side = examine(script, delivery);
    EXPECT_EQ(side.route, MailRoute::kMxHosts);
    EXPECT_EQ(side.cause, data::Cause::kNone);
    ASSERT_THAT(side.hosts, SizeIs(2));
    const MxHostReport& first = side.hosts[0];
    EXPECT_EQ(first.preference, 10);
    EXPECT_EQ(first.host.host, name("mx1.example.jp"));
    EXPECT_EQ(text_of(first.host.has_ipv6), "yes");
    ASSERT_THAT(first.addresses, SizeIs(3));
    ASSERT_TRUE(first.addresses[0].reverse && first.addresses[1].reverse && first.addresses[2].reverse);
    EXPECT_EQ(text_of(first.addresses[0].reverse->confirmed), "yes");
    EXPECT_EQ(text_of(first.addresses[1].reverse->confirmed), "timeout");
    EXPECT_EQ(text_of(first.addresses[2].reverse->confirmed), "no");
    const MxHostReport& second = side.hosts[1];
    EXPECT_EQ(second.preference, 20);
    EXPECT_EQ(text_of(second.host.has_ipv6), "timeout");
    ASSERT_THAT(second.addresses, SizeIs(1));
    EXPECT_EQ(text_of(second.addresses[0].reverse.value().confirmed), "timeout");
    EXPECT_EQ(text_of(side.reachable_over_ipv4), "yes");
    EXPECT_EQ(text_of(side.reachable_over_ipv6), "yes");
    EXPECT_EQ(side.hosts_not_followed + side.addresses_not_followed, 0u);
  }
}

struct RouteCase {
  const char* what;
  Script script;
  MailRoute route;
  data::Cause cause;
  std::vector<std::string> hosts;
  const char* ipv4;
  const char* ipv6;
};

TEST(ReceivingSide, Routes) {
  const auto lone_mx = answer({mx_record("example.jp", 10, "mx.jp")});
  dns::ResourceRecord broken = mx_record("example.jp", 10, "mx.jp");
  broken.rdata.resize(1);
  Script implicit = domain_with(no_data(), addresses("example.jp", {"192.0.2.1"}), no_data());
  implicit[{reverse_of("192.0.2.1"), RrType::kPtr}] = no_data();
  Script implicit_half = domain_with(no_data(), addresses("example.jp", {"192.0.2.1"}), failure());
  implicit_half[{reverse_of("192.0.2.1"), RrType::kPtr}] = no_data();
  Script ipv6_alone =
      with_host(domain_with(lone_mx), "mx.jp", no_data(), addresses("mx.jp", {"2001:db8::1"}));
  ipv6_alone[{reverse_of("2001:db8::1"), RrType::kPtr}] = no_data();
  const std::vector<RouteCase> cases = {
      {"implicit MX", implicit, MailRoute::kImplicit, data::Cause::kNone, {"0 example.jp"}, "yes", "no"},
      {"implicit MX, AAAA lost",
       implicit_half,
       MailRoute::kImplicit,
       data::Cause::kNone,
       {"0 example.jp"},
       "yes",
       "timeout"},
      {"no MX, no address", domain_with(no_data()), MailRoute::kNone, data::Cause::kNone, {}, "no", "no"},
      {"no such domain",
       domain_with(name_error(), name_error(), name_error()),
       MailRoute::kNone,
       data::Cause::kNone,
       {},
       "no",
       "no"},
      {"no MX, A lost",
       domain_with(no_data(), failure()),
       MailRoute::kUnknown,
       data::Cause::kTimeout,
       {},
       "timeout",
       "timeout"},
      {"null MX",
       domain_with(answer({mx_record("example.jp", 0, ".")})),
       MailRoute::kNullMx,
       data::Cause::kNone,
       {},
       "no",
       "no"},
      {"MX lost, which an address does not replace",
       domain_with(failure(dns::FailureCause::kServfail), addresses("example.jp", {"192.0.2.1"})),
       MailRoute::kUnknown,
       data::Cause::kServfail,
       {},
       "servfail",
       "servfail"},
      {"MX without RDATA",
       domain_with(answer({broken})),
       MailRoute::kUnknown,
       data::Cause::kMalformed,
       {},
       "malformed",
       "malformed"},
      {"a host without addresses does not bring the implicit MX back",
       with_host(domain_with(lone_mx, addresses("example.jp", {"192.0.2.1"})), "mx.jp", no_data(), no_data()),
       MailRoute::kMxHosts,
       data::Cause::kNone,
       {"10 mx.jp"},
       "no",
       "no"},
      {"a host that cannot be looked up",
       with_host(domain_with(lone_mx), "mx.jp", failure(), failure()),
       MailRoute::kMxHosts,
       data::Cause::kNone,
       {"10 mx.jp"},
       "timeout",
       "timeout"},
      {"IPv6 alone", ipv6_alone, MailRoute::kMxHosts, data::Cause::kNone, {"10 mx.jp"}, "no", "yes"},
  };
  for (const RouteCase& c : cases) {
    SCOPED_TRACE(c.what);
    const ReceivingSide side = examine(c.script);
    EXPECT_EQ(side.route, c.route) << to_text(side.route);
    EXPECT_EQ(side.cause, c.cause);
    std::vector<std::string> hosts;
    for (const MxHostReport& host : side.hosts)
      hosts.push_back(fmt::format("{} {}", host.preference, host.host.host.to_text()));
    EXPECT_EQ(hosts, c.hosts);
    EXPECT_EQ(text_of(side.reachable_over_ipv4), c.ipv4);
    EXPECT_EQ(text_of(side.reachable_over_ipv6), c.ipv6);
  }
}

TEST(ReceivingSide, HostsThatAreNone) {
  Script script =
      domain_with(answer({mx_record("example.jp", 0, "."), mx_record("example.jp", 5, "192.0.2.1"),
                          mx_record("example.jp", 10, "alias.jp"), mx_record("example.jp", 20, "gone.jp")}));
  script = with_host(script, "192.0.2.1", name_error(), name_error());
  script = with_host(script, "alias.jp",
                     answer({address_record("host.jp", "192.0.2.9")}, {cname("alias.jp", "host.jp")}),
                     no_data({cname("alias.jp", "host.jp")}));
  script = with_host(script, "gone.jp", name_error(), name_error());
  script[{reverse_of("192.0.2.9"), RrType::kPtr}] = reverse_answer("192.0.2.9", {"host.jp"});
  script[{"host.jp", RrType::kA}] = addresses("host.jp", {"192.0.2.9"});
  const ReceivingSide side = examine(script);
  EXPECT_EQ(side.route, MailRoute::kMxHosts);
  ASSERT_THAT(side.hosts, SizeIs(4));
  EXPECT_TRUE(side.hosts[0].is_root);
  EXPECT_EQ(text_of(side.hosts[0].host.has_address()), "no");
  EXPECT_TRUE(side.hosts[1].is_address_literal);
  EXPECT_EQ(text_of(side.hosts[1].host.has_address()), "no");
  EXPECT_EQ(text_of(side.hosts[2].host.is_alias), "yes");
  EXPECT_EQ(side.hosts[2].host.canonical_name, name("host.jp"));
  EXPECT_EQ(text_of(side.hosts[2].addresses.at(0).reverse.value().confirmed), "yes");
  EXPECT_EQ(text_of(side.hosts[3].host.has_address()), "no");
  EXPECT_FALSE(side.hosts[3].is_root || side.hosts[3].is_address_literal);
}

TEST(ReceivingSide, IsBounded) {
  std::vector<dns::ResourceRecord> records;
  Script script;
  // 30 hosts of three addresses each, none of them in IPv6.
  for (std::uint8_t i = 0; i < 30; ++i) {
    const std::string host = fmt::format("mx{:02}.jp", i);
    records.push_back(mx_record("example.jp", i, host));
    std::vector<std::string> texts;
    for (int j = 0; j < 3; ++j) texts.push_back(fmt::format("192.0.2.{}", 3 * i + j));
    for (const std::string& text : texts) script[{reverse_of(text), RrType::kPtr}] = no_data();
    script = with_host(std::move(script), host, addresses(host, texts), no_data());
  }
  script.merge(domain_with(answer(std::move(records))));
  ScriptedInquiry inquiry(script);
  const ReceivingSide side = inquiry.run(scanner::examine_receiving_side(inquiry, name("example.jp")));
  EXPECT_THAT(side.hosts, SizeIs(scanner::kMaxMxHosts));
  EXPECT_EQ(side.hosts.front().host.host, name("mx00.jp"));
  EXPECT_EQ(side.hosts_not_followed, 20u);
  EXPECT_EQ(side.addresses_not_followed, 10u);
  std::size_t followed = 0;
  for (const MxHostReport& host : side.hosts) {
    ASSERT_THAT(host.addresses, SizeIs(3));
    for (const auto& address : host.addresses) followed += address.reverse ? 1 : 0;
  }
  EXPECT_EQ(followed, scanner::kMaxReverseAddresses);
  EXPECT_THAT(inquiry.questions(), SizeIs(3 + 2 * scanner::kMaxMxHosts + scanner::kMaxReverseAddresses));
  EXPECT_EQ(text_of(side.reachable_over_ipv4), "yes");
  // Some of those that were left out may have one.
  EXPECT_EQ(text_of(side.reachable_over_ipv6), "not_asked");
}

TEST(ReceivingSide, MayBeGivenUpAtAnyQuestion) {
  Script script = domain_with(answer({mx_record("example.jp", 10, "mx.jp")}));
  script = with_host(script, "mx.jp", addresses("mx.jp", {"192.0.2.1"}), no_data());
  ScriptedInquiry inquiry(script);
  auto probe = scanner::examine_receiving_side(inquiry, name("example.jp"));
  probe.start();
  EXPECT_FALSE(probe.done());
  EXPECT_THAT(inquiry.questions(), ElementsAre("example.jp MX", "example.jp A", "example.jp AAAA"));
}

}  // namespace
}  // namespace dauth::testing
