// Policies published under `_domainkey`: which TXT RRs are one (docs/measurement-method.md section 2).
//
// Input is the data of one TXT RR, strings joined: any octets. All three are tag=value lists in the form of
// tag_list.h; tag names are compared with case and values are not judged. The tags given borrow the record's
// octets. Pure and total: what is no such policy is an error with the section and the offset that say why;
// the shape of the list is RFC 6376 section 3.2, for which policy it is follows from the sections below.
#pragma once

#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"
#include "scanner/record/tag_list.h"

namespace dauth::scanner {

// At `_domainkey.D`: a DomainKeys policy (RFC 4870 section 3.6), a list with at least one of the tags o, t,
// n and r and no other tag.
Result<std::vector<Tag>, RecordError> parse_domainkeys_policy(std::string_view record);
bool is_domainkeys_policy(std::string_view record);

// At `_policy._domainkey.D`: a policy of the signing-policy drafts (draft-allman-dkim-ssp-00 to -02), a list
// with the tag o, whatever else it holds.
Result<std::vector<Tag>, RecordError> parse_signing_policy(std::string_view record);
bool is_signing_policy(std::string_view record);

// At `_adsp._domainkey.D`: signing practices by RFC 5617 section 4.2.1, a list whose first tag is `dkim`,
// without white space before it.
Result<std::vector<Tag>, RecordError> parse_adsp_record(std::string_view record);
bool is_adsp_record(std::string_view record);

}  // namespace dauth::scanner
