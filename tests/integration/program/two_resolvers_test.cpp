// The same names through two makes of resolver give the same findings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <iterator>
#include <map>
#include <set>

#include "tests/integration/program/served_registry.h"
#include "tests/support/bind_server.h"

namespace dauth::testing {
namespace {

class TwoResolvers : public ::testing::Test {
 protected:
  std::string database_of(const std::string& name) const { return directory.file(name + ".sqlite"); }
  // "domain metric cause" of all that is unmeasured.
  std::set<std::string> causes(const std::string& name) const {
    const ProcessResult result = run({"sqlite3", "-separator", " ", database_of(name),
                                      "SELECT domain, metric, cause FROM unmeasured_finding"});
    EXPECT_EQ(result.status(), 0) << result.err;
    const std::vector<std::string> lines = split(result.out, '\n');
    return {lines.begin(), lines.end()};
  }
  // The export of a survey through that resolver.
  std::string survey(const std::string& list, const std::string& resolver, const std::string& name) const {
    const std::string database = database_of(name);
    const ProcessResult result = dauth({"scan", list, "-d", database, "-m", "2026-11", "--resolver", resolver,
                                        "--second-pass-after", "100ms", "--max-unmeasured", "100%"});
    EXPECT_EQ(result.status(), 0) << name << ": " << result.err;
    return dauth({"export", "-d", database, "-m", "2026-11"}).out;
  }

  TemporaryDirectory directory;
};

TEST_F(TwoResolvers, GiveTheSameExportOfEveryKind) {
  const ServedRegistry registry(3000, mix_file_present());
  const BindServer bind = BindServer::over(registry.authoritative_port());
  const CsvTable truth(read_file(registry.files().truth));
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < truth.size(); ++i) kinds.insert(truth.at(i, "kind"));
  EXPECT_EQ(kinds.size(), domain_kinds().size()) << "every kind is there";

  const std::string by_unbound = survey(registry.files().list, registry.resolver(), "unbound");
  const std::string by_bind = survey(registry.files().list, bind.address(), "bind");
  expect_truth(CsvTable(by_unbound), truth);
  expect_truth(CsvTable(by_bind), truth);
  EXPECT_EQ(by_unbound, by_bind);
}

// What no sound registry has: broken delegations, loops, chains longer than resolvers like.
constexpr const char* kOddZone =
    "$ORIGIN jp.\n$TTL 300\n@ SOA a.dns root.dns 1 3600 900 1814400 300\n@ NS a.dns\na.dns A 127.0.0.1\n"
    "sound MX 10 mail\nsound TXT \"v=spf1 -all\"\n"
    // Nobody knows its server's address.
    "nowhere NS ns.gone.example.net.\n"
    "loop CNAME loop2\nloop2 CNAME loop\n"
    "self CNAME self\n"
    "ten CNAME c1\nc1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\nc6 CNAME c7\nc7 CNAME "
    "c8\n"
    "c8 CNAME c9\nc9 CNAME c10\nc10 TXT \"v=spf1 ~all\"\nc10 MX 10 mail\n"
    "twenty CNAME d1\nd1 CNAME d2\nd2 CNAME d3\nd3 CNAME d4\nd4 CNAME d5\nd5 CNAME d6\nd6 CNAME d7\nd7 CNAME "
    "d8\n"
    "d8 CNAME d9\nd9 CNAME d10\nd10 CNAME d11\nd11 CNAME d12\nd12 CNAME d13\nd13 CNAME d14\nd14 CNAME d15\n"
    "d15 CNAME d16\nd16 CNAME d17\nd17 CNAME d18\nd18 CNAME d19\nd19 CNAME d20\nd20 TXT \"v=spf1 ~all\"\n"
    "alias-to-nowhere CNAME www.nowhere\n"
    "wild-to-nowhere MX 10 mail\n*.wild-to-nowhere CNAME www.nowhere\n"
    // Each name below is moved below itself once more.
    "grows DNAME a.grows\n"
    "moved DNAME sound\n"
    "moved-away MX 10 mail\nmoved-away DNAME nowhere\n"
    "too-long MX 10 mail\ntoo-long DNAME "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.net.\n";

TEST_F(TwoResolvers, DifferOnOddNamesOnlyWhereTheyMay) {
  NsdOptions options;
  options.zones = {{"jp", directory.write("jp.zone", kOddZone)},
                   {"example.net", directory.write("net.zone", std::string(outside_zone()))},
                   {".", directory.write("root.zone",
                                         "$ORIGIN .\n$TTL 300\n@ SOA a.dns.jp. root.dns.jp. 1 3600 900 "
                                         "1814400 300\n@ NS a.dns.jp.\n")}};
  const NsdServer nsd(options);
  const UnboundServer unbound = UnboundServer::over(nsd.port());
  const BindServer bind = BindServer::over(nsd.port());
  // The cause of the first finding that is unmeasured; with Unbound, and with BIND where that is another.
  const std::string kAnyCause = "any";
  struct Expected {
    std::string mx;
    std::string cause;
    std::string bind_cause = {};
  };
  const std::map<std::string, Expected> expected = {
      {"sound.jp", {"published", ""}},
      {"nowhere.jp", {"unmeasured", "persistent_servfail"}},
      {"loop.jp", {"unmeasured", "persistent_servfail"}},
      {"self.jp", {"unmeasured", "persistent_servfail"}},
      {"ten.jp", {"published", ""}},
      // More aliases than anybody follows. Which of them fails, and how, depends on what is in the cache:
      // Unbound says SERVFAIL (it follows 11), or hands out all 20, which dauth takes for a loop (it follows
      // 16).
      {"twenty.jp", {"unmeasured", kAnyCause, kAnyCause}},
      {"alias-to-nowhere.jp", {"unmeasured", "persistent_servfail"}},
      {"wild-to-nowhere.jp", {"published", "persistent_servfail"}},
      // Both give up. BIND says SERVFAIL, Unbound hands out the chain as far as it went.
      {"grows.jp", {"absent", "cname_loop", "persistent_servfail"}},
      {"moved.jp", {"absent", ""}},
      {"moved-away.jp", {"published", "persistent_servfail"}},
      // `_domainkey` does not fit before the new name: YXDOMAIN (RFC 6672 section 2.2).
      {"too-long.jp", {"published", "other_rcode"}},
  };
  std::string names;
  for (const auto& [name, row] : expected) names += name + "\n";
  const std::string list = directory.write("list.txt", names);
  // Side by side: the control names of the second pass are asked once a second.
  auto other = std::async(std::launch::async, [&] { return survey(list, bind.address(), "bind"); });
  const CsvTable by_unbound(survey(list, unbound.address(), "unbound"));
  const CsvTable by_bind(other.get());
  ASSERT_EQ(by_unbound.size(), expected.size());
  ASSERT_EQ(by_bind.size(), expected.size());
  for (std::size_t i = 0; i < by_unbound.size(); ++i) {
    const std::string& name = by_unbound.at(i, "domain");
    SCOPED_TRACE(name);
    const Expected& row = expected.at(name);
    EXPECT_EQ(by_unbound.at(i, "mx"), row.mx);
    if (row.cause != kAnyCause) {
      EXPECT_EQ(by_unbound.at(i, "cause"), row.cause);
      EXPECT_EQ(by_bind.at(i, "cause"), row.bind_cause.empty() ? row.cause : row.bind_cause);
    }
    for (const std::string& column : by_unbound.columns()) {
      if (column == "cause") continue;
      EXPECT_EQ(by_bind.at(i, column), by_unbound.at(i, column)) << column;
    }
  }
  const auto some = causes("unbound");
  const auto others = causes("bind");
  std::vector<std::string> different;
  std::set_symmetric_difference(some.begin(), some.end(), others.begin(), others.end(),
                                std::back_inserter(different));
  std::erase_if(different, [&](const std::string& cause) {
    return !expected.at(cause.substr(0, cause.find(' '))).bind_cause.empty();
  });
  EXPECT_THAT(different, ::testing::IsEmpty());
}

}  // namespace
}  // namespace dauth::testing
