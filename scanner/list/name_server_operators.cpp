#include "scanner/list/name_server_operators.h"

#include <utility>

namespace dauth::scanner {
namespace {

constexpr std::size_t kPlaces = 2048;

}  // namespace

NameServerOperators::NameServerOperators(std::unique_ptr<SuffixList> suffixes)
    : suffixes_(std::move(suffixes)), known_(kPlaces) {}

const std::string& NameServerOperators::operator_of(const dns::DomainName& server) {
  Known& place = known_[server.hash() % kPlaces];
  if (place.name.empty() || place.server != server) {
    place.name = look_up(server);
    place.server = server;
  }
  return place.name;
}

std::string NameServerOperators::look_up(const dns::DomainName& server) const {
  const std::string whole = suffix_text(server, server.label_count());
  dns::DomainName above = server.lowercased();
  dns::DomainName below = above;  // one label longer, once there is one
  // From the longest, since a rule may stand below a name that has none.
  for (std::size_t at = 0; !above.parent().is_root(); at = whole.find('.', at) + 1) {
    if (suffixes_->is_public_suffix(whole.substr(at))) return below.to_text();
    below = above;
    above = above.parent();
  }
  // What is left is the top-level domain, a suffix with or without a rule.
  return below.to_text();
}

}  // namespace dauth::scanner
