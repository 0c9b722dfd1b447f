// What examine_permitted_space() found of a policy, as the receiving side compares it with its hosts.
#pragma once

#include "scanner/postmaster/spf_families.h"
#include "scanner/probe/inquiry.h"
#include "scanner/spf/permitted_space.h"

namespace dauth::scanner::cli {

// `inquiry` asked for the tree of records and for nothing else. Where one of its questions failed, what is
// known is told and the rest is unknown.
SpfCoverage coverage_of(const PermittedSpace& space, const Inquiry& inquiry);

}  // namespace dauth::scanner::cli
