// Policies published under `_domainkey`: which TXT RRs are one (docs/measurement-method.md section 2).
//
// Input is the data of one TXT RR, strings joined: any octets. All three are tag=value lists in the form of
// tag_list.h; tag names are compared with case and values are not judged.
#pragma once

#include <string_view>

namespace dauth::scanner {

// At `_domainkey.D`: a DomainKeys policy (RFC 4870 section 3.6), a list with at least one of the tags o, t,
// n and r and no other tag.
bool is_domainkeys_policy(std::string_view record);

// At `_policy._domainkey.D`: a policy of the signing-policy drafts (draft-allman-dkim-ssp-00 to -02), a list
// with the tag o, whatever else it holds.
bool is_signing_policy(std::string_view record);

// At `_adsp._domainkey.D`: signing practices by RFC 5617 section 4.2.1, a list whose first tag is `dkim`,
// without white space before it.
bool is_adsp_record(std::string_view record);

}  // namespace dauth::scanner
