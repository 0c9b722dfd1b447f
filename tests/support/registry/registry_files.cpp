#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string>
#include <utility>

#include "tests/support/registry/random.h"
#include "tests/support/registry/registry.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using std::string_view;

constexpr string_view kSoaAndNs =
    "@ SOA a.dns.jp. root.dns.jp. 2006010101 3600 900 1814400 300\n@ NS a.dns.jp.\n";

class Text {
 public:
  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Arguments>(arguments)...);
  }
  void write_to(const std::filesystem::path& file) const {
    write_file(file, {buffer_.data(), buffer_.size()});
  }

 private:
  fmt::memory_buffer buffer_;
};

void write_list(const std::vector<RegisteredDomain>& domains, const std::filesystem::path& file) {
  Text text;
  text.add("# Registered names, {} of them, in no order\n\n", domains.size());
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (i % 1000 == 500) text.add("# from here: {}\n", i);
    text.add("{}\n", domains[i].listed);
  }
  text.write_to(file);
}

// The delegations only, with absolute owner names, sorted as zones are handed out.
void write_registry_zone(const std::vector<RegisteredDomain>& sorted, std::uint64_t seed,
                         const std::filesystem::path& file) {
  constexpr std::size_t kOperators = 24;
  Random random(seed ^ 0x6e616d6573657276ULL);
  Text text;
  text.add("; delegations of jp.\n$ORIGIN jp.\n$TTL 86400\n{}", kSoaAndNs);
  for (const RegisteredDomain& entry : sorted) {
    const bool room_for_hosts = entry.domain.size() < 240;
    if (room_for_hosts && random.one_in(8)) {
      // Name servers inside the domain need glue.
      const std::size_t host = 1 + random.below(254);
      text.add("{0}. 86400 IN NS ns1.{0}.\n{0}. 86400 IN NS ns2.{0}.\n", entry.domain);
      text.add("ns1.{0}. 86400 IN A 127.0.1.{1}\nns2.{0}. 86400 IN A 127.0.2.{1}\n", entry.domain, host);
    } else {
      // The smaller of two: a few operators hold most of the domains.
      const std::size_t op = 1 + std::min(random.below(kOperators), random.below(kOperators));
      text.add("{0}. 86400 IN NS ns1.operator-{1:02}.example.net.\n", entry.domain, op);
      text.add("{0}. 86400 IN NS ns2.operator-{1:02}.example.net.\n", entry.domain, op);
    }
    if (random.one_in(20)) {
      text.add("{}. 86400 IN DS {} 13 2 {:016X}{:016X}{:016X}{:016X}\n", entry.domain, random.below(65536),
               random.next(), random.next(), random.next(), random.next());
    }
  }
  text.write_to(file);
}

std::string zone_name_of(const RegisteredDomain& entry) {
  return entry.kind->own_zone == "@" ? entry.domain
                                     : fmt::format("{}.{}", entry.kind->own_zone, entry.domain);
}

void write_served_zones(const std::vector<RegisteredDomain>& domains, const std::filesystem::path& directory,
                        const std::filesystem::path& index_file) {
  const std::filesystem::path zones = directory / "zones";
  std::filesystem::remove_all(zones);
  std::filesystem::create_directories(zones);
  Text index;
  Text jp;
  jp.add("$ORIGIN jp.\n$TTL 300\n{}a.dns A 127.0.0.1\n", kSoaAndNs);
  std::size_t own_zones = 0;
  for (const RegisteredDomain& entry : domains) {
    if (!entry.kind->records.empty()) jp.add("$ORIGIN {}.\n{}", entry.domain, entry.kind->records);
    if (entry.kind->own_zone.empty()) continue;
    const std::string name = zone_name_of(entry);
    const std::string file = fmt::format("zones/own-{:06}.zone", ++own_zones);
    Text zone;
    zone.add("$ORIGIN {}.\n$TTL 300\n{}{}", name, kSoaAndNs, entry.kind->own_zone_records);
    zone.write_to(directory / file);
    index.add("{}\t{}\n", name, file);
  }
  jp.write_to(zones / "jp.zone");
  write_file(zones / "example.net.zone", outside_zone());
  write_file(zones / "root.zone", fmt::format("$ORIGIN .\n$TTL 300\n{}", kSoaAndNs));
  index.add("jp\tzones/jp.zone\nexample.net\tzones/example.net.zone\n.\tzones/root.zone\n");
  index.write_to(index_file);
}

// The findings that are yes or no, in the order of the columns of `dauth export` as far as those go.
struct FindingColumn {
  string_view name;
  bool ExpectedFindings::* member;
};

constexpr std::array kFindings = {
    FindingColumn{"mx", &ExpectedFindings::mx},
    FindingColumn{"null_mx", &ExpectedFindings::null_mx},
    FindingColumn{"spf", &ExpectedFindings::spf},
    FindingColumn{"spf_txt", &ExpectedFindings::spf_txt},
    FindingColumn{"spf_type99", &ExpectedFindings::spf_type99},
    FindingColumn{"spf_record", &ExpectedFindings::spf_record},
    FindingColumn{"sender_id", &ExpectedFindings::sender_id},
    FindingColumn{"domainkeys_subdomain", &ExpectedFindings::domainkeys_subdomain},
    FindingColumn{"domainkeys_policy", &ExpectedFindings::domainkeys_policy},
    FindingColumn{"dkim_policy", &ExpectedFindings::dkim_policy},
    FindingColumn{"dmarc", &ExpectedFindings::dmarc},
    FindingColumn{"exists", &ExpectedFindings::exists},
    FindingColumn{"mx_address_literal", &ExpectedFindings::mx_address_literal},
    FindingColumn{"dmarc_multiple", &ExpectedFindings::dmarc_multiple},
    FindingColumn{"dmarc_invalid", &ExpectedFindings::dmarc_invalid},
    FindingColumn{"spf_multiple", &ExpectedFindings::spf_multiple},
    FindingColumn{"spf_invalid", &ExpectedFindings::spf_invalid},
    FindingColumn{"domainkeys_by_a", &ExpectedFindings::domainkeys_by_a},
    FindingColumn{"dmarc_rua", &ExpectedFindings::dmarc_rua},
    FindingColumn{"dmarc_testing", &ExpectedFindings::dmarc_testing},
};

std::string truth_of(const DomainKind& kind) {
  const ExpectedFindings& expected = kind.expected;
  std::string columns;
  for (const FindingColumn& column : kFindings) {
    columns += expected.*column.member ? ",published" : ",absent";
    if (column.name == "spf_record") columns += fmt::format(",{}", expected.spf_all);
    if (column.name == "domainkeys_policy") columns += fmt::format(",{}", expected.domainkeys_evidence);
    if (column.name == "dmarc") columns += fmt::format(",{}", expected.dmarc_policy);
  }
  return columns + fmt::format(",{}", kind.name);
}

void write_truth(const std::vector<RegisteredDomain>& sorted, const std::filesystem::path& file) {
  Text text;
  text.add("domain,category");
  for (const FindingColumn& column : kFindings) {
    text.add(",{}", column.name);
    if (column.name == "spf_record") text.add(",spf_all");
    if (column.name == "domainkeys_policy") text.add(",domainkeys_evidence");
    if (column.name == "dmarc") text.add(",dmarc_policy");
  }
  text.add(",kind\n");
  std::map<const DomainKind*, std::string> columns;
  for (const DomainKind& kind : domain_kinds()) columns[&kind] = truth_of(kind);
  for (const RegisteredDomain& entry : sorted) {
    text.add("{},{}{}\n", entry.domain, entry.category, columns[entry.kind]);
  }
  text.write_to(file);
}

void write_mx_hosts(const std::vector<RegisteredDomain>& sorted, const std::filesystem::path& file) {
  const auto word = [](bool is_published) { return is_published ? "published" : "absent"; };
  Text text;
  text.add("domain,mx_ipv6,mx_no_address\n");
  for (const RegisteredDomain& entry : sorted) {
    const ExpectedFindings& expected = entry.kind->expected;
    text.add("{},{},{}\n", entry.domain, word(expected.mx_ipv6), word(expected.mx_no_address));
  }
  text.write_to(file);
}

// The metrics that a domain of this kind counts in.
std::vector<std::pair<std::string, bool>> metrics_of(const ExpectedFindings& expected) {
  std::vector<std::pair<std::string, bool>> metrics = {{"registered", true}};
  for (const FindingColumn& column : kFindings) {
    metrics.emplace_back(column.name, expected.*column.member);
  }
  for (const string_view all : {"fail", "softfail", "neutral", "pass"}) {
    metrics.emplace_back(fmt::format("spf_all_{}", all), expected.spf_all == all);
  }
  metrics.emplace_back("spf_redirect", expected.spf_all == "redirect");
  metrics.emplace_back("spf_no_all", expected.spf_all == "none");
  for (const string_view policy : {"none", "quarantine", "reject"}) {
    metrics.emplace_back(fmt::format("dmarc_{}", policy), expected.dmarc_policy == policy);
  }
  metrics.emplace_back("spf_with_mx", expected.spf && expected.mx);
  metrics.emplace_back("dmarc_with_mx", expected.dmarc && expected.mx);
  return metrics;
}

void write_counts(const std::vector<RegisteredDomain>& domains, const std::filesystem::path& file) {
  std::map<std::pair<std::string, const DomainKind*>, std::size_t> domains_of;
  for (const RegisteredDomain& entry : domains) ++domains_of[{entry.category, entry.kind}];
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const auto& [key, number] : domains_of) {
    for (const auto& [metric, counted] : metrics_of(key.second->expected)) {
      counts[{key.first, metric}] += counted ? number : 0;
      counts[{"TOTAL", metric}] += counted ? number : 0;
    }
  }
  Text text;
  text.add("category,metric,count\n");
  for (const auto& [key, value] : counts) text.add("{},{},{}\n", key.first, key.second, value);
  text.write_to(file);
}

}  // namespace

RegistryFiles::RegistryFiles(const std::filesystem::path& directory)
    : list(directory / "list.txt"),
      registry_zone(directory / "registry.zone"),
      zones(directory / "zones.tsv"),
      truth(directory / "truth.csv"),
      counts(directory / "counts.csv"),
      mx_hosts(directory / "mx-hosts.csv") {}

RegistryFiles write_registry(const std::vector<RegisteredDomain>& domains, std::uint64_t seed,
                             const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  RegistryFiles files(directory);
  std::vector<RegisteredDomain> sorted = domains;
  std::sort(sorted.begin(), sorted.end(),
            [](const RegisteredDomain& a, const RegisteredDomain& b) { return a.domain < b.domain; });
  write_list(domains, files.list);
  write_registry_zone(sorted, seed, files.registry_zone);
  write_served_zones(domains, directory, files.zones);
  write_truth(sorted, files.truth);
  write_counts(domains, files.counts);
  write_mx_hosts(sorted, files.mx_hosts);
  return files;
}

}  // namespace dauth::testing
