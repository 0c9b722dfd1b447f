#include "scanner/cli/check/question_purpose.h"

namespace dauth::scanner::cli {

using dns::RrType;

std::string purpose_of(const Inquiry::Asked& asked, const dns::DomainName& domain) {
  if (asked.sharing == Inquiry::Sharing::kShared) return "the addresses of the MX hosts";
  const dns::Question& question = asked.question;
  const auto subdomain = domain.child("_domainkey");
  if (question.name == domain) {
    switch (question.type) {
      case RrType::kTxt:
        return "existence, SPF and Sender ID";
      case RrType::kSpf:
        return "SPF and Sender ID in type 99";
      case RrType::kMx:
        return "MX";
      default:
        return "";
    }
  }
  if (subdomain && question.name == *subdomain) {
    if (question.type == RrType::kSoa)
      return "DomainKeys step 1: does the name exist, is it a zone of its own?";
    if (question.type == RrType::kTxt) return "DomainKeys step 2: what does it answer? its policy";
    return "DomainKeys step 4: a second type to compare";
  }
  if (const auto wildcard = domain.child("*"); wildcard && question.name == *wildcard) {
    return question.type == RrType::kTxt ? "DomainKeys step 3: is there a wildcard, and what does it answer?"
                                         : "DomainKeys step 4: a second type to compare";
  }
  if (const auto name = domain.child("_dmarc"); name && question.name == *name) return "DMARC";
  if (subdomain && question.name.is_at_or_below(*subdomain)) return "signing policy of DKIM";
  return "DomainKeys step 5: does a random name answer like the wildcard?";
}

}  // namespace dauth::scanner::cli
