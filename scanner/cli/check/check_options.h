// The options of `dauth check` that say what to look at, and what they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/cli/check/check_query.h"

namespace CLI {
class App;
}

namespace dauth::scanner::cli {

struct CheckOptions {
  std::vector<std::string> domains;
  std::optional<std::string> ip;
  std::optional<std::string> helo;
  std::optional<std::string> mail_from;
  std::vector<std::string> selectors;
  std::vector<std::string> submission;
  std::string submission_timeout = "5s";
};

void add_check_options(CLI::App& command, CheckOptions& options);

// An error is one line for a person that begins with the option's name. The texts in it are as given.
// As many as were given, in their order, so that outputs can be told apart by their place.
Result<std::vector<dns::DomainName>, std::string> read_domains(const CheckOptions& options);
Result<CheckQuery, std::string> read_query(const CheckOptions& options);

// A sender of mail (RFC 5321 section 4.1.2), with or without angle brackets: local-part@domain with its
// domain in A-labels, or "<>" for the null sender ("" and "<>"). The local part is as given: a dot-string or
// a quoted string, octets above ASCII allowed (RFC 6531).
Result<std::string, std::string> read_mail_address(std::string_view text);

}  // namespace dauth::scanner::cli
