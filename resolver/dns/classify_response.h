// The pure classifier: one accepted response to one question becomes a LookupOutcome
// (docs/measurement-method.md section 1; RFC 1035, 2308, 6604, 6672, 6891).
//
// A response without answer records is judged from a walk over its octets, which allocates nothing; ldns
// reads the answers of one that has some. Truncation is the stub resolver's matter: it looks at
// MessageView::truncated() first and calls this only for a whole message, or for a truncated one over TCP,
// which comes out as Failure kTruncated.
#pragma once

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/message.h"

namespace dauth::dns {

// `response` has passed MessageView::answers(question).
LookupOutcome classify_response(const MessageView& response, const Question& question);

}  // namespace dauth::dns
