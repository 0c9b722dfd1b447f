// What a domain's findings rest on, ready to be shown as JSON: by `dauth check --json` from the questions
// just asked, by `dauth export --format jsonl` from the database.
#pragma once

#include <string>
#include <vector>

#include "data/store.h"
#include "report/domain_export.h"
#include "resolver/dns/result.h"
#include "scanner/probe/inquiry.h"

namespace dauth::scanner::cli {

report::DomainEvidence shown_evidence(const Inquiry& inquiry, const dns::DomainName& domain,
                                      const data::Observation& found);

// An error is a line for a person: the stored answers cannot be read.
Result<report::DomainEvidence, std::string> shown_evidence(const data::DomainRow& row);

}  // namespace dauth::scanner::cli
