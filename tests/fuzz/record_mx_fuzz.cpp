// MX RRsets: no crash, errors inside the RDATA, and a set that does not depend on the order of its RRs. The
// input is RRs, each behind an octet that gives the length of its RDATA.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/record/mx_set.h"

namespace {

using namespace dauth;
using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<dns::ResourceRecord> rrset;
  std::size_t longest = 0;
  for (std::size_t at = 0; at < size;) {
    const std::size_t length = std::min<std::size_t>(data[at], size - at - 1);
    ++at;
    rrset.push_back({dns::DomainName(), dns::RrType::kMx, {data + at, data + at + length}});
    longest = std::max(longest, length);
    at += length;
  }
  const auto set = parse_mx_set(rrset);
  std::reverse(rrset.begin(), rrset.end());
  const auto reversed = parse_mx_set(rrset);
  require(set.has_value() == reversed.has_value());
  if (!set) {
    require(set.error().offset <= longest);
    require(set.error().section == "RFC 1035 section 3.3.9" && !set.error().reason.empty());
    return 0;
  }
  require(set->hosts == reversed->hosts);
  require(set->hosts.size() <= rrset.size() && set->hosts.empty() == rrset.empty());
  for (std::size_t i = 1; i < set->hosts.size(); ++i) {
    require(set->hosts[i - 1].preference <= set->hosts[i].preference);
    require(!(set->hosts[i - 1] == set->hosts[i]));
  }
  require(!is_null_mx(*set) || (set->hosts.size() == 1 && !has_address_literal(*set)));
  return 0;
}
