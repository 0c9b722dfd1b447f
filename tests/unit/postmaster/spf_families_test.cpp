#include "scanner/postmaster/spf_families.h"

#include <gmock/gmock.h>

#include "scanner/postmaster/receiving_side.h"
#include "tests/unit/postmaster/address_records.h"

namespace dauth::testing {
namespace {

using scanner::Fact;
using scanner::HostAddresses;
using scanner::MailRoute;
using scanner::ReceivingSide;
using scanner::SpfAllPolicy;
using scanner::SpfCoverage;
using scanner::SpfFamilyVerdict;
using scanner::SpfHostAddress;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

HostAddresses host(std::string_view host_name, const std::vector<std::string>& texts) {
  HostAddresses found{name(host_name), Fact::no(), Fact::no()};
  for (const std::string& text : texts) {
    found.addresses.push_back(ip(text));
    (ip(text).family() == scanner::IpFamily::kIpv4 ? found.has_ipv4 : found.has_ipv6) = Fact::yes();
  }
  return found;
}

ReceivingSide side_with(std::vector<HostAddresses> hosts, HostAddresses domain) {
  ReceivingSide side{name("example.jp"), MailRoute::kMxHosts, data::Cause::kNone};
  for (HostAddresses& each : hosts) side.hosts.push_back({10, std::move(each)});
  side.domain_addresses = std::move(domain);
  return side;
}

const ReceivingSide& dual_stack() {
  static const ReceivingSide side =
      side_with({host("mx1.jp", {"192.0.2.1", "2001:db8::1"}), host("mx2.jp", {"192.0.2.2"})},
                host("example.jp", {"192.0.2.3", "2001:db8::3"}));
  return side;
}

SpfCoverage coverage(Fact ipv4, Fact ipv6, std::optional<SpfAllPolicy> ending = SpfAllPolicy::kFail) {
  return {Fact::yes(), ipv4, ipv6, false, ending};
}

struct FamilyCase {
  const char* what;
  ReceivingSide side;
  SpfCoverage coverage;
  SpfFamilyVerdict ipv4;
  SpfFamilyVerdict ipv6;
};

TEST(SpfFamilies, AreHeldAgainstTheHostsAddresses) {
  using enum SpfFamilyVerdict;
  const Fact yes = Fact::yes();
  const Fact no = Fact::no();
  const Fact timeout = Fact::unknown(data::Cause::kTimeout);
  ReceivingSide lost = side_with({host("mx1.jp", {"192.0.2.1"})}, host("example.jp", {}));
  lost.hosts[0].host.has_ipv6 = timeout;
  ReceivingSide no_mx_known{name("example.jp"), MailRoute::kUnknown, data::Cause::kTimeout};
  no_mx_known.domain_addresses = host("example.jp", {"192.0.2.3"});
  ReceivingSide left_out = side_with({host("mx1.jp", {"192.0.2.1"})}, host("example.jp", {}));
  left_out.hosts_not_followed = 1;
  SpfCoverage countless = coverage(yes, no);
  countless.is_countless = true;
  const std::vector<FamilyCase> cases = {
      {"IPv4 alone, -all", dual_stack(), coverage(yes, no), kCovered, kUncovered},
      {"IPv4 alone, ~all", dual_stack(), coverage(yes, no, SpfAllPolicy::kSoftfail), kCovered, kUncovered},
      {"IPv4 alone, ?all", dual_stack(), coverage(yes, no, SpfAllPolicy::kNeutral), kCovered, kLeftOpen},
      {"IPv4 alone, no all", dual_stack(), coverage(yes, no, SpfAllPolicy::kNone), kCovered, kLeftOpen},
      {"IPv4 alone, ending unknown", dual_stack(), coverage(yes, no, std::nullopt), kCovered, kUnknown},
      {"IPv6 alone", dual_stack(), coverage(no, yes), kUncovered, kCovered},
      {"both", dual_stack(), coverage(yes, yes), kCovered, kCovered},
      {"IPv6 unknown", dual_stack(), coverage(yes, timeout), kCovered, kUnknown},
      {"IPv4 unknown, IPv6 not permitted", dual_stack(), coverage(timeout, no), kUnknown, kUncovered},
      {"v=spf1 -all", dual_stack(), coverage(no, no), kNothingSent, kNothingSent},
      {"exists may permit IPv6", dual_stack(), countless, kCovered, kUnknown},
      {"no record", dual_stack(), {Fact::no()}, kNoRecord, kNoRecord},
      {"record unknown", dual_stack(), {timeout}, kUnknown, kUnknown},
      {"hosts without IPv6", side_with({host("mx.jp", {"192.0.2.1"})}, host("example.jp", {})),
       coverage(yes, no), kCovered, kNotNeeded},
      {"AAAA at the domain alone",
       side_with({host("mx.jp", {"192.0.2.1"})}, host("example.jp", {"2001:db8::3"})), coverage(yes, no),
       kCovered, kUncovered},
      {"AAAA of the host lost", lost, coverage(yes, no), kCovered, kUnknown},
      {"MX lost", no_mx_known, coverage(yes, no), kCovered, kUnknown},
      {"hosts left out", left_out, coverage(yes, no), kCovered, kUnknown},
  };
  for (const FamilyCase& c : cases) {
    SCOPED_TRACE(c.what);
    ReceivingSide side = c.side;
    compare_with_spf(side, c.coverage);
    ASSERT_TRUE(side.spf_families);
    EXPECT_EQ(side.spf_families->ipv4, c.ipv4) << to_text(side.spf_families->ipv4);
    EXPECT_EQ(side.spf_families->ipv6, c.ipv6) << to_text(side.spf_families->ipv6);
  }
}

TEST(SpfFamilies, NameTheUncoveredAddresses) {
  ReceivingSide side = dual_stack();
  side.hosts.push_back({20, side.hosts[0].host});  // a second preference for the same host
  compare_with_spf(side, coverage(Fact::yes(), Fact::no()));
  EXPECT_THAT(side.spf_families->uncovered,
              ElementsAre(SpfHostAddress{name("mx1.jp"), ip("2001:db8::1")},
                          SpfHostAddress{name("example.jp"), ip("2001:db8::3")}));
  compare_with_spf(side, coverage(Fact::yes(), Fact::yes()));
  EXPECT_THAT(side.spf_families->uncovered, IsEmpty());

  // An implicit MX is the domain itself, which is named once.
  ReceivingSide implicit =
      side_with({host("example.jp", {"2001:db8::3"})}, host("example.jp", {"2001:db8::3"}));
  implicit.route = MailRoute::kImplicit;
  compare_with_spf(implicit, coverage(Fact::yes(), Fact::no()));
  EXPECT_THAT(implicit.spf_families->uncovered,
              ElementsAre(SpfHostAddress{name("example.jp"), ip("2001:db8::3")}));
}

}  // namespace
}  // namespace dauth::testing
