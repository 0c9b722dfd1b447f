// The generated registry against tools that are not the project's own: NSD's checkers, NSD and Unbound.
#include "tests/support/registry/registry.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/drill.h"
#include "tests/support/nsd_server.h"
#include "tests/support/registry/punycode.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unbound_server.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

RegistryOptions default_options(std::size_t total, const std::filesystem::path& mix = mix_file_2006()) {
  RegistryOptions options;
  options.total = total;
  options.categories = read_shares(default_categories_file());
  options.kinds = read_shares(mix);
  return options;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The names of list.txt as a reader is to take them.
std::set<std::string> listed_names(const std::filesystem::path& file) {
  std::set<std::string> names;
  for (std::string line : lines_of(file)) {
    if (line.empty() || line[0] == '#') continue;
    if (line.back() == '.') line.pop_back();
    std::transform(line.begin(), line.end(), line.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    EXPECT_TRUE(names.insert(to_a_name(line)).second) << line << " is listed twice";
  }
  return names;
}

std::set<std::string> delegated_names(const std::filesystem::path& file) {
  std::set<std::string> names;
  for (const std::string& line : lines_of(file)) {
    const std::size_t type = line.find(" 86400 IN NS ");
    if (type != std::string::npos) names.insert(line.substr(0, type - 1));
  }
  return names;
}

std::size_t wire_length(const std::string& name) {
  return name.size() + 2;
}

TEST(Punycode, ConvertsAsIdnaTablesSay) {
  EXPECT_EQ(to_a_label("日本語"), "xn--wgv71a119e");
  EXPECT_EQ(to_a_name("例え.東京.jp"), "xn--r8jz45g.xn--1lqs71d.jp");
  EXPECT_EQ(to_a_label("bücher"), "xn--bcher-kva");
  EXPECT_EQ(to_a_label("example"), "example");
}

TEST(Shares, DivideAddsUpAndKeepsTheMinimum) {
  const std::vector<Share> shares = {{"a", 1000}, {"b", 1}, {"c", 0}, {"d", 1000}};
  const std::vector<Quota> quotas = divide(shares, 101, 3);
  std::size_t sum = 0;
  for (const Quota& quota : quotas) {
    sum += quota.count;
    EXPECT_GE(quota.count, 3U) << quota.name;
  }
  EXPECT_EQ(sum, 101U);
  EXPECT_EQ(quotas[2].count, 3U);
  EXPECT_THROW(divide(shares, 11, 3), std::runtime_error);
}

TEST(Shares, ABadTableIsRefusedWithItsLine) {
  const TemporaryDirectory directory;
  try {
    read_shares(directory.write("table.csv", "# note\nname,weight\na,1\nb,many\n"));
    FAIL() << "accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("table.csv:4: the weight is no number"));
  }
}

TEST(DomainKinds, EachHasItsOwnName) {
  std::set<std::string_view> names;
  for (const DomainKind& kind : domain_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(find_domain_kind(kind.name), &kind);
    EXPECT_EQ(kind.expected.spf, kind.expected.spf_txt || kind.expected.spf_type99) << kind.name;
  }
}

TEST(Registry, SameOptionsSameFiles) {
  const TemporaryDirectory first;
  const TemporaryDirectory second;
  const TemporaryDirectory other;
  RegistryOptions options = default_options(2000);
  write_registry(make_registry(options), options.seed, first.path());
  write_registry(make_registry(options), options.seed, second.path());
  options.seed += 1;
  write_registry(make_registry(options), options.seed, other.path());
  std::size_t compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(first.path())) {
    if (!entry.is_regular_file()) continue;
    const auto relative = std::filesystem::relative(entry.path(), first.path());
    EXPECT_EQ(read_file(entry.path()), read_file(second.path() / relative)) << relative;
    ++compared;
  }
  EXPECT_GT(compared, 8U);
  EXPECT_NE(read_file(RegistryFiles(first.path()).list), read_file(RegistryFiles(other.path()).list));
}

class GeneratedRegistry : public ::testing::TestWithParam<std::string> {
 protected:
  GeneratedRegistry()
      : domains_(make_registry(
            default_options(2000, GetParam() == "2006" ? mix_file_2006() : mix_file_present()))),
        files_(write_registry(domains_, 2006, directory_.path())) {}

  TemporaryDirectory directory_;
  std::vector<RegisteredDomain> domains_;
  RegistryFiles files_;
};

TEST_P(GeneratedRegistry, ListZoneAndTruthNameTheSameDomains) {
  const std::set<std::string> listed = listed_names(files_.list);
  EXPECT_EQ(listed.size(), 2000U);
  EXPECT_EQ(listed, delegated_names(files_.registry_zone));
  std::vector<std::string> truth;
  for (const std::string& line : lines_of(files_.truth)) truth.push_back(line.substr(0, line.find(',')));
  ASSERT_FALSE(truth.empty());
  EXPECT_EQ(truth.front(), "domain");
  truth.erase(truth.begin());
  EXPECT_TRUE(std::is_sorted(truth.begin(), truth.end()));
  EXPECT_EQ(std::set<std::string>(truth.begin(), truth.end()), listed);
  EXPECT_EQ(truth.size(), 2000U);
}

TEST_P(GeneratedRegistry, HasEveryKindAndCategory) {
  std::map<std::string_view, std::size_t> kinds;
  std::map<std::string, std::size_t> categories;
  std::size_t converted = 0;
  std::size_t upper_case = 0;
  for (const RegisteredDomain& entry : domains_) {
    ++kinds[entry.kind->name];
    ++categories[entry.category];
    const bool ascii = std::all_of(entry.listed.begin(), entry.listed.end(), [](char c) { return c > 0; });
    converted += ascii ? 0 : 1;
    upper_case += ascii && entry.listed != entry.domain ? 1 : 0;
    EXPECT_LE(wire_length(entry.domain), 255U);
    const bool long_name = entry.kind->shape == NameShape::kLongName;
    const bool longest = entry.kind->shape == NameShape::kLongestName;
    if (long_name) {
      EXPECT_EQ(wire_length(entry.domain), 243U);
    }
    if (longest) {
      EXPECT_EQ(wire_length(entry.domain), 255U);
    }
  }
  for (const DomainKind& kind : domain_kinds()) EXPECT_GE(kinds[kind.name], 2U) << kind.name;
  EXPECT_EQ(categories.size(), 12U);
  for (const auto& [category, count] : categories) EXPECT_GE(count, 5U) << category;
  EXPECT_GT(categories["GENERAL"], categories["CO"]);
  EXPECT_GT(converted, 5U);
  EXPECT_GT(upper_case, 5U);
}

TEST_P(GeneratedRegistry, CountsAreThoseOfTheTruth) {
  std::map<std::string, std::size_t> mx;
  const std::vector<std::string> truth = lines_of(files_.truth);
  for (std::size_t i = 1; i < truth.size(); ++i) {
    const std::size_t first = truth[i].find(',');
    const std::size_t second = truth[i].find(',', first + 1);
    const bool published = truth[i].compare(second + 1, 9, "published") == 0;
    mx[truth[i].substr(first + 1, second - first - 1)] += published ? 1 : 0;
    mx["TOTAL"] += published ? 1 : 0;
  }
  const std::string counts = read_file(files_.counts);
  for (const auto& [category, count] : mx) {
    EXPECT_THAT(counts, HasSubstr(fmt::format("\n{},mx,{}\n", category, count)));
  }
  EXPECT_THAT(counts, HasSubstr("\nTOTAL,registered,2000\n"));
}

TEST_P(GeneratedRegistry, NsdAcceptsEveryZone) {
  for (const ZoneFile& zone : read_zone_index(files_.zones)) {
    ProcessOptions options;
    options.arguments = {"nsd-checkzone", zone.name, zone.file.string()};
    const ProcessResult result = run_program(options);
    EXPECT_EQ(result.status(), 0) << zone.name << ": " << result.out << result.err;
  }
  ProcessOptions options;
  options.arguments = {"nsd-checkzone", "jp", files_.registry_zone.string()};
  const ProcessResult result = run_program(options);
  EXPECT_EQ(result.status(), 0) << result.out << result.err;
}

// What DNS itself shows of a kind, asked with another client through Unbound.
class KindOnTheWire {
 public:
  KindOnTheWire(std::uint16_t port, const RegisteredDomain& entry)
      : port_(port), entry_(entry), expected_(entry.kind->expected) {}

  void check() {
    SCOPED_TRACE(fmt::format("{} ({})", entry_.domain, entry_.kind->name));
    const DrillReply text = drill(port_, entry_.domain, "TXT", DrillTransport::kTcp);
    EXPECT_EQ(name_exists(text), expected_.exists) << text.text;
    EXPECT_EQ(ends_with_type(drill(port_, entry_.domain, "MX"), "MX"), expected_.mx);
    EXPECT_EQ(ends_with_type(drill(port_, entry_.domain, "SPF"), "SPF"), expected_.spf_type99);
    if (expected_.spf_txt) {
      EXPECT_TRUE(ends_with_type(text, "TXT")) << text.text;
    }
    if (expected_.exists && wire_length(entry_.domain) + 11 <= 255) check_domainkeys();
  }

 private:
  void check_domainkeys() {
    const std::string subdomain = "_domainkey." + entry_.domain;
    const DrillReply soa = drill(port_, subdomain, "SOA");
    const bool owns_zone = !soa.answers.empty() && soa.answers[0].starts_with(subdomain + ".\t") &&
                           soa.answers[0].find("\tSOA\t") != std::string::npos;
    EXPECT_EQ(owns_zone, expected_.domainkeys_evidence == "own_zone") << soa.text;
    EXPECT_EQ(!name_exists(soa), expected_.domainkeys_evidence == "name_error") << soa.text;
    if (owns_zone || !name_exists(soa)) return;
    const DrillReply wildcard = drill(port_, "*." + entry_.domain, "TXT");
    EXPECT_EQ(!name_exists(wildcard), expected_.domainkeys_evidence == "no_wildcard") << wildcard.text;
  }

  // NXDOMAIN behind an alias speaks of the alias's target.
  static bool name_exists(const DrillReply& reply) {
    EXPECT_THAT(reply.rcode, ::testing::AnyOf("NOERROR", "NXDOMAIN")) << reply.text;
    return reply.rcode == "NOERROR" || !reply.answers.empty();
  }

  static bool ends_with_type(const DrillReply& reply, const std::string& type) {
    return !reply.answers.empty() && reply.answers.back().find("\t" + type + "\t") != std::string::npos;
  }

  std::uint16_t port_;
  const RegisteredDomain& entry_;
  const ExpectedFindings& expected_;
};

TEST_P(GeneratedRegistry, TheServersShowWhatTheKindsIntend) {
  NsdOptions options;
  options.zones = read_zone_index(files_.zones);
  const NsdServer nsd(options);
  const UnboundServer unbound = UnboundServer::over(nsd.port());
  std::set<std::string_view> seen;
  for (const RegisteredDomain& entry : domains_) {
    if (seen.insert(entry.kind->name).second) KindOnTheWire(unbound.port(), entry).check();
  }
  EXPECT_EQ(seen.size(), domain_kinds().size());
}

INSTANTIATE_TEST_SUITE_P(Mixes, GeneratedRegistry, ::testing::Values("2006", "present"),
                         [](const auto& mix) { return "mix_" + mix.param; });

TEST(Registry, MixesHaveTheSharesOfTheirTime) {
  const auto share = [](const std::vector<RegisteredDomain>& domains, auto&& has) {
    const auto count = std::count_if(domains.begin(), domains.end(),
                                     [&](const RegisteredDomain& entry) { return has(*entry.kind); });
    return 100.0 * static_cast<double>(count) / static_cast<double>(domains.size());
  };
  const auto has_wildcard = [](const DomainKind& kind) {
    return kind.records.find("\n* ") != std::string_view::npos ||
           kind.own_zone_records.find("\n* ") != std::string_view::npos;
  };
  const std::vector<RegisteredDomain> then = make_registry(default_options(50'000));
  EXPECT_NEAR(share(then, [](const DomainKind& kind) { return kind.expected.mx; }), 78, 1);
  EXPECT_NEAR(share(then, [](const DomainKind& kind) { return !kind.expected.exists; }), 5, 0.5);
  EXPECT_NEAR(share(then, [](const DomainKind& kind) { return kind.expected.spf; }), 2, 0.5);
  EXPECT_NEAR(share(then, [](const DomainKind& kind) { return kind.expected.domainkeys_subdomain; }), 3, 0.5);
  EXPECT_NEAR(share(then, has_wildcard), 4, 0.5);
  const std::vector<RegisteredDomain> now = make_registry(default_options(50'000, mix_file_present()));
  EXPECT_NEAR(share(now, [](const DomainKind& kind) { return kind.expected.domainkeys_subdomain; }), 40, 2);
  EXPECT_NEAR(share(now, has_wildcard), 25, 2);
  EXPECT_NEAR(share(now, [](const DomainKind& kind) { return kind.expected.spf; }), 60, 2);
  EXPECT_NEAR(share(now, [](const DomainKind& kind) { return kind.expected.dmarc; }), 45, 2);
}

TEST(Testbed, ServesARegistryAndHandsOnTheStatus) {
  const TemporaryDirectory directory;
  RegistryOptions options = default_options(400);
  options.least_of_kind = 1;
  write_registry(make_registry(options), options.seed, directory.path());
  ProcessOptions testbed;
  testbed.arguments = {DAUTH_TESTBED,
                       "--registry",
                       directory.path().string(),
                       "--ready-file",
                       directory.file("ready").string(),
                       "--",
                       "sh",
                       "-c",
                       "drill -p ${DAUTH_TESTBED_RESOLVER#*:} @127.0.0.1 jp SOA; "
                       "drill -p ${DAUTH_TESTBED_AUTHORITATIVE#*:} @127.0.0.1 jp SOA; exit 5"};
  const ProcessResult result = run_program(testbed);
  EXPECT_EQ(result.status(), 5) << result.err;
  EXPECT_THAT(result.out, HasSubstr("flags: qr rd ra"));  // of the recursive server
  EXPECT_THAT(result.out, HasSubstr("flags: qr aa rd"));  // of the authoritative one
  EXPECT_THAT(read_file(directory.file("ready")), HasSubstr("DAUTH_TESTBED_RESOLVER=127.0.0.1:"));
}

TEST(Testbed, NamesARegistryThatIsNotThere) {
  ProcessOptions testbed;
  testbed.arguments = {DAUTH_TESTBED, "--registry", "/no/such/registry", "--", "true"};
  const ProcessResult result = run_program(testbed);
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("/no/such/registry/zones.tsv"));
}

}  // namespace
}  // namespace dauth::testing
