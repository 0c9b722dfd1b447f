// Words for the findings of the MX and SPF probes.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "scanner/cli/check/finding_reasons.h"
#include "scanner/cli/check/finding_words.h"
#include "scanner/record/mx_set.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner::cli {
namespace {

using data::Metric;
using dns::RrType;

std::size_t count_if(const std::vector<std::string>& texts, bool (*is_such)(std::string_view)) {
  return static_cast<std::size_t>(std::count_if(texts.begin(), texts.end(), is_such));
}

// The one version 1 record; nothing where there is none or several.
std::optional<std::string> single_record(const std::vector<std::string>& texts) {
  if (count_if(texts, is_spf_record) != 1) return std::nullopt;
  return *std::find_if(texts.begin(), texts.end(), is_spf_record);
}

// What the one record says of all other senders, in a word for "the record says ...".
std::string_view all_words(const data::Observation& found) {
  const std::string_view all = data::spf_all_text(found);
  if (all == "fail") return "its first all is -all: other senders are not permitted";
  if (all == "softfail") return "its first all is ~all: other senders are probably not permitted";
  if (all == "neutral") return "its first all is ?all: nothing is said of other senders";
  if (all == "pass") return "its first all is +all: everybody is permitted";
  if (all == "redirect") return "it has no all, and goes on with redirect=";
  if (all == "none") return "it has neither all nor redirect=: other senders get neutral";
  if (all == "multiple") return "there are several records, so none of them counts";
  if (all == "invalid") return "the record's syntax is wrong, so it has no qualifier";
  return "there is no record";
}

std::string_view qualifier_section(Metric metric) {
  if (metric == Metric::kSpfRedirect) return "RFC 7208 section 6.1";
  if (metric == Metric::kSpfNoAll) return "RFC 7208 section 4.7";
  return "RFC 7208 section 5.1";
}

ReasonWords invalid_words(const std::vector<std::string>& texts) {
  const auto text = single_record(texts);
  if (!text) return {"there is no single record to judge", "RFC 7208 section 4.6"};
  const auto record = parse_spf(*text);
  if (record) return {"the syntax of the record is right", "RFC 7208 section 4.6"};
  return {fmt::format("invalid at octet {}: {}", record.error().offset, record.error().reason),
          std::string(record.error().section)};
}

}  // namespace

ReasonWords mx_words(Metric metric, const data::Observation& found, const SurveyAnswers& answers) {
  const auto* outcome = answers.at_domain(RrType::kMx);
  const auto* answer = outcome == nullptr ? nullptr : std::get_if<dns::Answer>(outcome);
  const std::string at = answers.domain().to_text();
  switch (metric) {
    case Metric::kNullMx:
      if (found[metric].is_published())
        return {"the only MX record is '0 .': the domain accepts no mail", "RFC 7505 section 3"};
      return {answer == nullptr ? "there is no MX record" : "an MX record is another than a single '0 .'",
              "RFC 7505 section 3"};
    case Metric::kMxAddressLiteral:
      return {found[metric].is_published() ? "an exchange is an address, which is not a host name"
              : answer == nullptr          ? "there is no MX record"
                                           : "no exchange is written as an IPv4 address",
              "RFC 1035 section 3.3.9"};
    case Metric::kMxIpv6:
    case Metric::kMxNoAddress: {
      constexpr const char* kRule = "RFC 5321 section 5.1";
      if (answer == nullptr) return {"there is no MX record", kRule};
      if (found[Metric::kNullMx].is_published()) return {"the null MX names no host", kRule};
      if (metric == Metric::kMxIpv6) {
        return {
            found[metric].is_published() ? "an MX host has an AAAA record" : "no MX host has an AAAA record",
            kRule};
      }
      return {found[metric].is_published() ? "no MX host has an address: mail cannot be delivered"
                                           : "an MX host has an address",
              kRule};
    }
    default:
      if (answer == nullptr)
        return {fmt::format("{} MX: {}", at, outcome_words(outcome)), "RFC 5321 section 5.1"};
      return {fmt::format("{} at {}{}", counted(answer->rrset.size(), "MX record"), at,
                          answer->chain.empty() ? "" : ", through an alias"),
              "RFC 5321 section 5.1"};
  }
}

ReasonWords spf_words(Metric metric, const data::Observation& found, const SurveyAnswers& answers) {
  const std::vector<std::string> texts = answers.texts(answers.domain(), RrType::kTxt);
  const std::vector<std::string> type99 = answers.texts(answers.domain(), RrType::kSpf);
  const bool is_published = found[metric].is_published();
  const std::string part = procedure();
  switch (metric) {
    case Metric::kSpf:
      if (!is_published) return {"neither TXT nor type 99 has a record of it", part};
      if (!found[Metric::kSpfTxt].is_published()) return {"type 99 has a record of it, TXT has none", part};
      return {found[Metric::kSpfType99].is_published() ? "TXT and type 99 have records of it"
                                                       : "TXT has a record of it",
              part};
    case Metric::kSpfTxt:
      return {is_published ? fmt::format("{} 'spf'", count_if(texts, contains_spf_text) == 1
                                                         ? "1 TXT record contains"
                                                         : fmt::format("{} TXT records contain",
                                                                       count_if(texts, contains_spf_text)))
                           : "no TXT record contains 'spf'",
              part};
    case Metric::kSpfType99:
      return {outcome_words(answers.at_domain(RrType::kSpf)), part};
    case Metric::kSpfRecord: {
      const std::size_t records = count_if(texts, is_spf_record);
      return {records == 0   ? "no TXT record begins with v=spf1"
              : records == 1 ? fmt::format("a TXT record begins with v=spf1; {}", all_words(found))
                             : fmt::format("{} TXT records begin with v=spf1", records),
              "RFC 7208 section 4.5"};
    }
    case Metric::kSpfMultiple:
      if (!is_published) return {"not more than one TXT record begins with v=spf1", "RFC 7208 section 4.5"};
      return {
          fmt::format("{} TXT records begin with v=spf1; more than one is a permerror, as if the domain had "
                      "published nothing that can be used",
                      count_if(texts, is_spf_record)),
          "RFC 7208 section 4.5"};
    case Metric::kSpfInvalid:
      return invalid_words(texts);
    case Metric::kSenderId: {
      const std::size_t records =
          count_if(texts, is_sender_id_record) + count_if(type99, is_sender_id_record);
      return {is_published
                  ? fmt::format("{} with spf2.0/",
                                records == 1 ? "1 record begins" : fmt::format("{} records begin", records))
                  : "no record begins with spf2.0/",
              "RFC 4406 section 3.1"};
    }
    default:
      return {std::string(all_words(found)), std::string(qualifier_section(metric))};
  }
}

}  // namespace dauth::scanner::cli
