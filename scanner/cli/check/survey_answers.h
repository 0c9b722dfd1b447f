// SurveyAnswers: what the questions of a domain's survey were answered, by name and type.
//
// Borrows the inquiry and the domain. Null and empty where a question was not asked or cannot be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/probe/inquiry.h"

namespace dauth::scanner::cli {

class SurveyAnswers {
 public:
  SurveyAnswers(const Inquiry& inquiry, const dns::DomainName& domain) : inquiry_(inquiry), domain_(domain) {}

  const dns::DomainName& domain() const { return domain_; }
  const Inquiry& inquiry() const { return inquiry_; }

  const dns::LookupOutcome* outcome(const std::optional<dns::DomainName>& name, dns::RrType type) const;
  const dns::LookupOutcome* at_domain(dns::RrType type) const { return outcome(domain_, type); }
  // The data of each TXT or SPF RR, its strings joined; in the order of their octets, since a resolver hands
  // out RRs in another order each time.
  std::vector<std::string> texts(const std::optional<dns::DomainName>& name, dns::RrType type) const;

  // `_domainkey.D`, and a name below it.
  std::optional<dns::DomainName> subdomain() const { return domain_.child("_domainkey"); }
  std::optional<dns::DomainName> below_subdomain(std::string_view label) const;

 private:
  const Inquiry& inquiry_;
  const dns::DomainName& domain_;
};

}  // namespace dauth::scanner::cli
