// Preflight: are the resolvers alive, and do they tell the truth about names that do not exist?
//
// Before a survey each server is asked, on its own, for names that cannot exist: a random label under
// top-level domains of the list. A resolver that rewrites name errors into data (Weaver et al., "Redirecting
// DNS for Ads and Profit", 2011) would make a survey of lies; one that does not answer would make none at
// all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "resolver/stub_resolver.h"

namespace dauth::scanner {

struct PreflightVerdict {
  enum class Kind : std::uint8_t {
    kSound,     // a name error each time
    kOdd,       // it refused, offers no recursion, told no name error, ...: worth a warning
    kFails,     // SERVFAIL each time
    kDead,      // no answer at all
    kRewrites,  // data for a name that cannot exist
  };
  net::SocketAddress server;
  Kind kind = Kind::kSound;
  std::string detail;  // a phrase for a person: what was asked and what came
};

// Asks every server of `options` A, TXT and MX at a random name below each of `parents` (the root where there
// are none), with two tries of the options' time-out at most. The server's own rate holds; the window and the
// rate over all servers do not, so it takes hardly longer than these time-outs. Runs the loop until all have
// answered or timed out, or until the loop is stopped from elsewhere; servers without a verdict by then are
// left out.
std::vector<PreflightVerdict> preflight(net::EventLoop& loop, net::RandomSource& random,
                                        const resolver::StubResolverOptions& options,
                                        const net::UvTransportOptions& transport_options,
                                        const std::vector<dns::DomainName>& parents);

// True where a survey through these servers would measure nothing, or lies: one of them is dead or rewrites,
// or each of them fails.
bool forbids_survey(const std::vector<PreflightVerdict>& verdicts);

// Adds the top-level domain of `name`, up to a handful of different ones.
void note_top_level_domain(std::vector<dns::DomainName>& top_level_domains, const dns::DomainName& name);

}  // namespace dauth::scanner
