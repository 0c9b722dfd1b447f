// The words of each piece of advice.
#include <array>

#include "scanner/postmaster/advice_rules.h"

namespace dauth::scanner {
namespace {

using Code = AdviceCode;
constexpr AdviceSeverity kProblem = AdviceSeverity::kProblem;
constexpr AdviceSeverity kWarning = AdviceSeverity::kWarning;
constexpr AdviceSeverity kNote = AdviceSeverity::kNote;

struct Words {
  Code code;
  std::string_view name;
  AdviceSeverity severity;
  std::string_view text;
  std::string_view reference;
  std::string_view remedy;
};

constexpr std::array<Words, kAdviceCodeCount> kWords = {{
    {Code::kMxAddressLiteral, "mx_address_literal", kProblem,
     "An MX record names an IP address where a host name belongs; senders look it up as a name and find "
     "nothing.",
     "RFC 5321 section 5.1",
     "Give the host a name with an A or AAAA record and put that name into the MX record."},
    {Code::kNullMxBesideOthers, "null_mx_beside_others", kProblem,
     "The null MX, which says that the domain takes no mail, stands beside other MX records.",
     "RFC 7505 section 3", "Keep the null MX alone if the domain takes no mail; otherwise remove it."},
    {Code::kNullMxPreference, "null_mx_preference", kWarning,
     "The MX record names no host, but a null MX has the preference 0; not every sender will see one here.",
     "RFC 7505 section 3", "Publish it as `MX 0 .`."},
    {Code::kNullMxPermitsSenders, "null_mx_permits_senders", kWarning,
     "The domain takes no mail (null MX), so its mail cannot be answered and is often refused, and yet its "
     "SPF "
     "record permits senders.",
     "RFC 7505 section 4.2",
     "Publish `v=spf1 -all` if the domain sends no mail; otherwise give it an MX that takes replies."},
    {Code::kSpfMultiple, "spf_multiple", kProblem,
     "There is more than one SPF record; every check of the domain ends in permerror.",
     "RFC 7208 sections 3.2 and 4.5", "Merge them into one record and remove the others."},
    {Code::kSpfInvalid, "spf_invalid", kProblem,
     "The SPF record breaks the grammar; one such error makes the whole record a permerror.",
     "RFC 7208 section 4.6", "Correct the term that is named here."},
    {Code::kSpfNearMiss, "spf_near_miss", kProblem,
     "This TXT record looks like SPF but is none: a record begins with exactly `v=spf1` and a space, without "
     "anything before it.",
     "RFC 7208 section 4.5", "Write it as `v=spf1 ...`, or remove it if it is not meant as SPF."},
    {Code::kSpfPassAll, "spf_pass_all", kProblem,
     "The SPF record permits every host in the world to send as this domain.", "RFC 7208 section 5.1",
     "List the hosts that send for the domain and end with `-all` or `~all`."},
    {Code::kSpfNeutralAll, "spf_neutral_all", kWarning,
     "`?all` says nothing about other hosts: receivers treat their mail as though there were no SPF record.",
     "RFC 7208 section 8.2", "End with `~all`, and with `-all` once all senders are listed."},
    {Code::kSpfNoAll, "spf_no_all", kWarning,
     "The SPF record has neither `all` nor `redirect`, so it ends as though `?all` stood there.",
     "RFC 7208 section 4.7", "End the record with `-all` or `~all`."},
    {Code::kSpfTermsAfterAll, "spf_terms_after_all", kWarning,
     "What stands behind `all` is never looked at, so it permits nobody.", "RFC 7208 section 5.1",
     "Move these terms before `all`, or remove them."},
    {Code::kSpfRedirectBesideAll, "spf_redirect_beside_all", kWarning,
     "`redirect` is ignored where the record has an `all`.", "RFC 7208 section 6.1",
     "Remove `all` to use the other domain's record, or remove `redirect`."},
    {Code::kSpfPtr, "spf_ptr", kWarning,
     "The mechanism `ptr` is deprecated: it is slow, unreliable, loads the servers of the reverse tree, and "
     "some "
     "receivers pass it over.",
     "RFC 7208 section 5.5", "Use `ip4`, `ip6` or `a` instead."},
    {Code::kSpfIncludeNoRecord, "spf_include_no_record", kProblem,
     "An `include` names a domain that has no SPF record: every client that nothing before it matches gets "
     "permerror, and the domain is not protected from it.",
     "RFC 7208 section 5.2", "Remove the `include`, or ask the owner of that domain to publish its record."},
    {Code::kSpfRedirectNoRecord, "spf_redirect_no_record", kProblem,
     "A `redirect` leads to a domain that has no SPF record: every client that nothing before it matches "
     "gets permerror.",
     "RFC 7208 section 6.1", "Correct the `redirect`, or end the record with `-all` or `~all` in its place."},
    {Code::kSpfTooManyLookups, "spf_too_many_lookups", kProblem,
     "The SPF record, with all that it includes, has more than 10 terms that ask the DNS: every client that "
     "is not matched before the eleventh gets permerror, senders listed behind it too.",
     "RFC 7208 section 4.6.4",
     "Remove includes that are no longer needed, and write `ip4` and `ip6` in place of `a` and `mx`."},
    {Code::kSpfTooManyVoidLookups, "spf_too_many_void_lookups", kProblem,
     "The SPF record asks for more than two names that have no answer: every client that is not matched "
     "before the third gets permerror.",
     "RFC 7208 section 4.6.4",
     "Remove terms whose names do not exist; for a host without an IPv6 address write `ip4` in place of `a` "
     "or `mx`."},
    {Code::kSpfTooManyMxHosts, "spf_too_many_mx_hosts", kProblem,
     "An `mx` of the SPF record leads to more than 10 MX records: every client that comes to it gets "
     "permerror.",
     "RFC 7208 section 4.6.4", "Write `ip4` and `ip6` in place of this `mx`."},
    {Code::kSpfIncludedInvalid, "spf_included_invalid", kProblem,
     "A record that the SPF record includes or leads to is wrong: every client that comes to it gets "
     "permerror.",
     "RFC 7208 sections 5.2 and 6.1",
     "Tell the owner of that domain, and remove the `include` or `redirect` until it is mended."},
    {Code::kSpfLookupFailed, "spf_lookup_failed", kWarning,
     "A question that the SPF record needs failed just now; where it fails for receivers too, clients that "
     "come to it get temperror, and their mail may have to wait.",
     "RFC 7208 section 2.6.6",
     "Try again later; if it persists, look at the name servers of that name, or remove the term."},
    {Code::kSpfType99Only, "spf_type99_only", kProblem,
     "The SPF policy stands only in the abandoned RR type SPF (99); receivers ask for TXT alone and find no "
     "record.",
     "RFC 7208 section 3.1", "Publish the same record as TXT, then remove the one of type SPF."},
    {Code::kSpfType99Differs, "spf_type99_differs", kWarning,
     "The records of the abandoned RR type SPF (99) say something else than the SPF record in TXT.",
     "RFC 7208 section 3.1", "Remove the records of type SPF; TXT alone counts."},
    {Code::kSpfType99, "spf_type99", kNote,
     "The domain has records of the abandoned RR type SPF (99), which nobody asks for any more.",
     "RFC 7208 section 3.1", "Remove them; TXT alone counts."},
    {Code::kSpfRecordLong, "spf_record_long", kWarning,
     "The SPF record is longer than 512 octets, so its answer does not fit into a plain UDP datagram; where "
     "TCP or "
     "EDNS is blocked on the way, the record is not seen.",
     "RFC 7208 section 3.4", "Shorten the record, or move parts of it into included records."},
    {Code::kTxtAnswerLong, "txt_answer_long", kNote,
     "All TXT records of the domain come in one answer together with the SPF record, and it is longer than "
     "the 512 "
     "octets of a plain UDP datagram; beyond 1232 octets it commonly needs TCP.",
     "RFC 7208 section 3.4", "Remove TXT records that nobody needs, such as old proofs of ownership."},
    {Code::kDmarcMultiple, "dmarc_multiple", kProblem,
     "There is more than one DMARC record at `_dmarc`; together they count as none.", "RFC 9989 section 4.10",
     "Merge them into one record and remove the others."},
    {Code::kDmarcInvalid, "dmarc_invalid", kProblem,
     "The DMARC record has no policy that holds and no valid report address: receivers do no DMARC "
     "processing.",
     "RFC 9989 section 4.10.1", "Write `p`, `sp` and `np` as none, quarantine or reject."},
    {Code::kDmarcInvalidCountsAsNone, "dmarc_invalid_counts_as_none", kProblem,
     "`p`, `sp` or `np` of the DMARC record is invalid; since reports are asked for, all of them count as "
     "none.",
     "RFC 9989 section 4.10.1", "Write `p`, `sp` and `np` as none, quarantine or reject."},
    {Code::kDmarcNearMiss, "dmarc_near_miss", kProblem,
     "This TXT record at `_dmarc` looks like DMARC but is none: a record begins with exactly `v=DMARC1`, in "
     "capitals, "
     "and a semicolon before the next tag.",
     "RFC 9989 section 4.8", "Write it as `v=DMARC1; p=...`."},
    {Code::kDmarcAtDomain, "dmarc_at_domain", kProblem,
     "A DMARC record stands at the domain itself, where no receiver looks for it.", "RFC 9989 section 4.5",
     "Publish it at `_dmarc` below the domain, and remove it here."},
    {Code::kDmarcPolicyMissing, "dmarc_policy_missing", kWarning,
     "The DMARC record has no `p`, which counts as `p=none`.", "RFC 9989 section 4.7",
     "Say which policy is meant: `p=none`, `p=quarantine` or `p=reject`."},
    {Code::kDmarcNone, "dmarc_none", kNote,
     "The policy is none: mail that fails DMARC is treated as any other. That is right while reports are "
     "being "
     "collected.",
     "RFC 9989 sections 5.1.5 and 5.1.7",
     "Go on to `p=quarantine` or `p=reject` once the reports show that all of one's own mail passes."},
    {Code::kDmarcTesting, "dmarc_testing", kNote,
     "`t=y` says that the policy is being tested: receivers apply one that is a level lower.",
     "RFC 9989 section 4.7", "Remove `t=y` when the test is over."},
    {Code::kDmarcNoReports, "dmarc_no_reports", kWarning,
     "The DMARC record asks for no aggregate reports, so nobody learns which mail fails.",
     "RFC 9989 sections 4.7 and 5.1.3",
     "Add `rua=mailto:...` with a mailbox that is read, by a program at best."},
    {Code::kDmarcIgnored, "dmarc_ignored", kWarning,
     "A part of the DMARC record is not valid; receivers ignore it or use its default.",
     "RFC 9989 section 4.8", "Correct or remove it."},
    {Code::kDmarcTagGone, "dmarc_tag_gone", kNote,
     "This tag was part of DMARC until 2026 (RFC 7489) and is ignored now; a `pct` below 100 does not weaken "
     "the "
     "policy any more.",
     "RFC 9989 appendices A.6 and C.5.2", "Remove it; use `t=y` instead of `pct=0` to test a policy."},
    {Code::kDmarcTagUnknown, "dmarc_tag_unknown", kNote,
     "DMARC knows no such tag, so receivers ignore it; it may be misspelt.", "RFC 9989 section 4.7",
     "Correct or remove it."},
    {Code::kDmarcReportSize, "dmarc_report_size", kNote,
     "A limit of size behind a report address (`!10m`) is obsolete and has no effect.",
     "RFC 9989 section 4.8", "Remove what follows the `!`, and the `!` too."},
    {Code::kDmarcFoWithoutRuf, "dmarc_fo_without_ruf", kNote,
     "`fo` says when failure reports are wanted, but without `ruf` nobody is to get them.",
     "RFC 9989 section 4.7", "Remove `fo`, or add `ruf`."},
    {Code::kDmarcFromWildcard, "dmarc_from_wildcard", kWarning,
     "`_dmarc` answers what the domain's wildcard answers. If the record stands at the wildcard, it shows at "
     "many "
     "other names too, and permits reports of any other domain to be sent here.",
     "RFC 9989 section 4.5; RFC 9990 section 4",
     "Publish the record at `_dmarc` itself and take it off the wildcard."},
    {Code::kWildcardAtDmarc, "wildcard_at_dmarc", kNote,
     "The domain's wildcard answers at `_dmarc`, with text that is no DMARC record; receivers pass it over.",
     "RFC 9989 section 4.10",
     "Publish a DMARC record at `_dmarc`; then the wildcard no longer answers there."},
    {Code::kWildcardAtDomainkey, "wildcard_at_domainkey", kNote,
     "The domain's wildcard answers at `_domainkey` and below, so a question for any DKIM key gets its "
     "answer, which "
     "is no key.",
     "RFC 6376 section 3.6.2.1",
     "Nothing, if no DKIM is used; otherwise publish the keys, so that the wildcard does not reach below "
     "`_domainkey`."},
    {Code::kWildcardVaries, "wildcard_varies", kNote,
     "The domain has a wildcard whose answers change from name to name, so it cannot be told whether "
     "`_domainkey` "
     "exists.",
     "RFC 4592 section 2.1", "Answer the same at every name that a wildcard makes."},
    {Code::kDmarcMissing, "dmarc_missing", kWarning,
     "No DMARC record applies to the domain: there is none at the domain, its organizational domain or a "
     "public "
     "suffix above.",
     "RFC 9989 section 4.10.1", "Publish `v=DMARC1; p=none; rua=mailto:...` at `_dmarc` to begin with."},
    {Code::kDmarcInheritedNone, "dmarc_inherited_none", kNote,
     "The policy that applies is none, and comes from the DMARC record of another name.",
     "RFC 9989 section 4.10.1",
     "Go on to quarantine or reject there (`p`, `sp`, `np`), or publish a record for this domain."},
    {Code::kDmarcInheritedNoReports, "dmarc_inherited_no_reports", kNote,
     "The DMARC record that applies is that of another name, and asks for no aggregate reports.",
     "RFC 9989 sections 4.7 and 5.1.3", "Add `rua=mailto:...` there, or publish a record for this domain."},
    {Code::kDmarcInheritedInvalid, "dmarc_inherited_invalid", kProblem,
     "The DMARC record that would apply is that of another name, and has no policy that holds: receivers do "
     "no DMARC "
     "processing.",
     "RFC 9989 section 4.10.1", "Correct `p`, `sp` and `np` there, or publish a record for this domain."},
    {Code::kReportsNotAuthorized, "reports_not_authorized", kProblem,
     "Reports are to go to another organization, which does not say that it wants them: receivers must not "
     "send "
     "them there.",
     "RFC 9990 section 4; RFC 9991 section 5",
     "Ask the receiver of the reports to publish TXT `v=DMARC1` at the name given here, or use another "
     "address."},
    {Code::kReportsOverriddenOutside, "reports_overridden_outside", kProblem,
     "The permission of the destination names a report address at another host: receivers must send to "
     "neither.",
     "RFC 9990 section 4", "Ask the receiver of the reports to name an address at its own host, or none."},
    {Code::kReportsNowhere, "reports_nowhere", kWarning,
     "This report address names no host in the DNS, so no report can be permitted to go there.",
     "RFC 9990 section 4", "Write `mailto:user@host`."},
}};

constexpr bool stand_in_order() {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (static_cast<std::size_t>(kWords[i].code) != i) return false;
  }
  return true;
}
static_assert(stand_in_order());

const Words& words_of(AdviceCode code) {
  return kWords[static_cast<std::size_t>(code)];
}

}  // namespace

std::string_view to_text(AdviceCode code) {
  return words_of(code).name;
}

std::string_view to_text(AdviceSeverity severity) {
  switch (severity) {
    case AdviceSeverity::kProblem:
      return "problem";
    case AdviceSeverity::kWarning:
      return "warning";
    case AdviceSeverity::kNote:
      return "note";
  }
  return "";
}

Advice advice_of(AdviceCode code) {
  const Words& words = words_of(code);
  return {code, words.severity, words.text, words.reference, words.remedy, {}};
}

}  // namespace dauth::scanner
