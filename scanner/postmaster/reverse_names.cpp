#include "scanner/postmaster/reverse_names.h"

#include <algorithm>
#include <utility>

#include "scanner/postmaster/outcome_facts.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;

bool is_before(const DomainName& a, const DomainName& b) {
  const DomainName left = a.lowercased();
  const DomainName right = b.lowercased();
  return std::lexicographical_compare(left.wire().begin(), left.wire().end(), right.wire().begin(),
                                      right.wire().end());
}

Probe<ReverseName> follow(Inquiry& inquiry, DomainName name, IpAddress address) {
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, address.rr_type());
  ReverseName followed{std::move(name)};
  followed.leads_back = has_records(outcome);
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    Fact unread = Fact::no();
    for (const dns::ResourceRecord& record : answer->rrset) {
      if (const auto read = IpAddress::from_record(record)) {
        followed.addresses.push_back(*read);
      } else {
        unread = Fact::unknown(data::Cause::kMalformed);
      }
    }
    std::sort(followed.addresses.begin(), followed.addresses.end());
    followed.addresses.erase(std::unique(followed.addresses.begin(), followed.addresses.end()),
                             followed.addresses.end());
    followed.leads_back =
        Fact::from_bool(std::binary_search(followed.addresses.begin(), followed.addresses.end(), address)) ||
        unread;
  }
  co_return followed;
}

}  // namespace

Probe<ReverseNames> look_up_reverse_names(Inquiry& inquiry, IpAddress address,
                                          std::optional<DomainName> first) {
  ReverseNames found{address, address.reverse_name()};
  const dns::LookupOutcome& outcome = co_await inquiry.ask(found.owner, dns::RrType::kPtr);
  found.has_name = has_records(outcome);
  found.confirmed = found.has_name;
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr) co_return found;

  std::vector<DomainName> names;
  Fact confirmed = Fact::no();
  for (const dns::ResourceRecord& record : answer->rrset) {
    if (auto name = DomainName::from_wire(record.rdata)) {
      names.push_back(std::move(*name));
    } else {
      confirmed = Fact::unknown(data::Cause::kMalformed);
    }
  }
  if (names.empty()) found.has_name = confirmed;
  std::sort(names.begin(), names.end(), is_before);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (first) {
    const auto preferred = std::find(names.begin(), names.end(), *first);
    if (preferred != names.end()) std::rotate(names.begin(), preferred, preferred + 1);
  }
  if (names.size() > kMaxReverseNames) {
    found.not_followed = names.size() - kMaxReverseNames;
    names.resize(kMaxReverseNames);
    confirmed = confirmed || Fact::unknown(data::Cause::kNotAsked);
  }

  std::vector<Probe<ReverseName>> followed;
  for (DomainName& name : names) {
    followed.push_back(follow(inquiry, std::move(name), address));
    followed.back().start();
  }
  for (Probe<ReverseName>& probe : followed) {
    found.names.push_back(co_await probe);
    confirmed = confirmed || found.names.back().leads_back;
  }
  found.confirmed = confirmed;
  co_return found;
}

}  // namespace dauth::scanner
