// What examine_permitted_space() carries through the tree of records; private to this box.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/probe/probe.h"
#include "scanner/record/spf_record.h"
#include "scanner/spf/permitted_space.h"
#include "scanner/spf/sender_groups.h"
#include "scanner/spf/spf_mechanisms.h"

namespace dauth::scanner {

// What a record makes of those who come to it; who is in neither gets temperror or permerror.
struct WalkOutcome {
  SenderGroups passed;
  SenderGroups others;  // fail, softfail, neutral, none
  bool has_record = true;
};

struct PermittedWalk {
  PermittedSpace space;
  std::size_t records = 0;
  std::vector<std::string> ancestors;  // the domains that the record at hand is included from, itself too
  bool has_stopped_some = false;       // by a limit or an error: the count goes on without them
};

// A term of the record of `domain` on its way.
struct WalkedTerm {
  const std::string& domain;
  SpfTermTrace& trace;
};

// The evaluation of `senders` ends here.
void note_break(PermittedWalk& walk, const Senders& senders, const SpfStop& stop);
// That of all who are left.
void break_all(PermittedWalk& walk, SenderGroups& undecided, const SpfStop& stop, SpfTermTrace& term);

// What stops an evaluation at `term`, by a limit or for want of a record.
SpfStop stop_at(SpfReason reason, const WalkedTerm& term);

// Takes those whom `matched` has out of the group of their family: to `passed` by the qualifier, or to
// `others`.
void decide(SenderGroups& undecided, WalkOutcome& outcome, SpfQualifier qualifier, IpFamily family,
            const AddressSet& matched);

// `a`, `mx`, `exists`, at a name that is known without the sender. The references have to outlive the probe.
Probe<bool> walk_hosts(Inquiry& inquiry, PermittedWalk& walk, const SpfMechanism& mechanism,
                       dns::DomainName name, SenderGroups& undecided, WalkOutcome& outcome, WalkedTerm term);

}  // namespace dauth::scanner
