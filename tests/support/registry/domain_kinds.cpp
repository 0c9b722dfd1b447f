#include "tests/support/registry/domain_kinds.h"

#include <algorithm>
#include <vector>

#include "tests/support/registry/kind_tables.h"

namespace dauth::testing {
namespace {

std::vector<DomainKind> join_tables() {
  std::vector<DomainKind> all;
  for (const std::span<const DomainKind> table :
       {mail_kinds(), sender_policy_kinds(), domainkeys_kinds(), wildcard_kinds(), dmarc_kinds(),
        present_day_kinds(), long_name_kinds()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace

std::span<const DomainKind> domain_kinds() {
  static const std::vector<DomainKind> kAll = join_tables();
  return kAll;
}

const DomainKind* find_domain_kind(std::string_view name) {
  const std::span<const DomainKind> all = domain_kinds();
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const DomainKind& kind) { return kind.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view outside_zone() {
  return "$ORIGIN example.net.\n$TTL 300\n"
         "@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\nns1 A 127.0.0.1\n"
         "mx1.mail-hosting A 192.0.2.101\nmx2.mail-hosting A 192.0.2.102\n"
         "mx2.mail-hosting AAAA 2001:db8::102\n"
         "192.0.2.25.mail-hosting A 192.0.2.25\n"
         "web.hosting A 192.0.2.80\n"
         "full.hosting MX 10 mx1.mail-hosting\nfull.hosting TXT \"v=spf1 mx -all\"\n"
         "alias.hosting CNAME full.hosting\n"
         "_spf.hosting TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n"
         "policy.hosting TXT \"o=~\"\n"
         "s1.dkim.hosting TXT \"v=DKIM1; k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n"
         "dmarc.hosting TXT \"v=DMARC1; p=reject\"\n"
         "moved A 192.0.2.80\n"
         "moved-with-keys A 192.0.2.80\n_domainkey.moved-with-keys TXT \"o=-\"\n";
}

}  // namespace dauth::testing
