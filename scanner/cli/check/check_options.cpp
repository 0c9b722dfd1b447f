#include "scanner/cli/check/check_options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

#include "scanner/cli/accepted_by.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/resolver_options.h"
#include "scanner/list/list_name.h"
#include "scanner/postmaster/dkim_key.h"
#include "scanner/record/octets.h"

namespace dauth::scanner::cli {
namespace {

constexpr std::chrono::milliseconds kShortestTimer{10};
constexpr std::chrono::milliseconds kLongestTimer = std::chrono::minutes(5);  // RFC 5321 section 4.5.3.2.1
constexpr std::size_t kMostLocalPartOctets = 64;                              // RFC 5321 section 4.5.3.1.1

// atext of RFC 5322 section 3.2.3, with what RFC 6531 section 3.3 adds.
bool is_atom_octet(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_dot_string(std::string_view text) {
  if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos)
    return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atom_octet(c); });
}

bool is_quoted_string(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' || static_cast<unsigned char>(text[at]) < 0x20 || text[at] == 0x7f) return false;
    if (text[at] == '\\' && ++at == text.size()) return false;
  }
  return true;
}

template <class T>
void add_once(std::vector<T>& values, T value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
}

Result<SubmissionTarget, std::string> read_submission_host(const std::string& text) {
  if (const auto address = IpAddress::parse(text)) return SubmissionTarget(*address);
  auto name = read_listed_name(text);
  if (!name) return unexpected(std::move(name).error());
  return SubmissionTarget(*std::move(name));
}

Result<std::chrono::milliseconds, std::string> read_timer(const std::string& text) {
  const auto timer = parse_duration(text);
  if (!timer) return unexpected(timer.error());
  if (*timer < kShortestTimer || *timer > kLongestTimer) {
    return unexpected(fmt::format("'{}' is not from {} to {}", text, duration_text(kShortestTimer),
                                  duration_text(kLongestTimer)));
  }
  return *timer;
}

Result<void, std::string> read_sender(const CheckOptions& options, CheckQuery& query) {
  if (options.ip) {
    const auto address = IpAddress::parse(*options.ip);
    if (!address) return unexpected(fmt::format("--ip: '{}': {}", *options.ip, address.error()));
    query.client = *address;
  }
  if (options.helo) {
    if (options.helo->empty()) return unexpected(std::string("--helo: the name is empty"));
    query.helo = options.helo;
  }
  if (!options.mail_from) return {};
  if (!query.client)
    return unexpected(
        std::string("--mail-from: a sender can be judged only with its client's address: give --ip"));
  auto sender = read_mail_address(*options.mail_from);
  if (!sender) return unexpected(fmt::format("--mail-from: '{}': {}", *options.mail_from, sender.error()));
  if (*sender == "<>" && !query.helo)
    return unexpected(
        std::string("--mail-from: the null sender is judged by the HELO name (RFC 7208 section 2.4): "
                    "give --helo"));
  query.mail_from = std::move(*sender);
  return {};
}

}  // namespace

void add_check_options(CLI::App& command, CheckOptions& options) {
  command.add_option("DOMAIN", options.domains, "domains to look at")->required();
  command
      .add_option(
          "--ip", options.ip,
          "address of a mail client: what SPF says of it, its reverse names, and how they agree with --helo")
      ->type_name("ADDR");
  command
      .add_option(
          "--helo", options.helo,
          "what the client calls itself in HELO or EHLO: its form and addresses; with --ip also what SPF "
          "says of it")
      ->type_name("HOST");
  command
      .add_option("--mail-from", options.mail_from,
                  "sender of the mail, for SPF; '<>' is the null sender; needs --ip; without it "
                  "postmaster@DOMAIN")
      ->type_name("ADDRESS");
  command
      .add_option("--selector", options.selectors,
                  "DKIM selector whose key is looked at; one each time the option is given")
      ->type_name("S")
      ->allow_extra_args(false);
  command
      .add_option(
          "--submission", options.submission,
          "host, name or address, whose submission ports (587, 465, 25) are connected to; one each time the "
          "option is given")
      ->type_name("HOST")
      ->allow_extra_args(false);
  command
      .add_option("--submission-timeout", options.submission_timeout,
                  "time that each port of --submission has for all that is said there (ms, s, min)")
      ->type_name("TIME")
      ->check(accepted_by(read_timer, ""))
      ->capture_default_str();
}

Result<std::vector<dns::DomainName>, std::string> read_domains(const CheckOptions& options) {
  std::vector<dns::DomainName> names;
  for (const std::string& text : options.domains) {
    auto name = read_listed_name(text);
    if (!name) return unexpected(fmt::format("DOMAIN: '{}': {}", text, name.error()));
    names.push_back(std::move(*name));
  }
  return names;
}

Result<CheckQuery, std::string> read_query(const CheckOptions& options) {
  CheckQuery query;
  if (auto read = read_sender(options, query); !read) return unexpected(std::move(read).error());
  for (const std::string& text : options.selectors) {
    auto selector = parse_selector(text);
    if (!selector) return unexpected(fmt::format("--selector: '{}': {}", text, selector.error()));
    add_once(query.selectors, std::move(*selector));
  }
  for (const std::string& text : options.submission) {
    auto host = read_submission_host(text);
    if (!host) return unexpected(fmt::format("--submission: '{}': {}", text, host.error()));
    add_once(query.submission_hosts, std::move(*host));
  }
  const auto timer = read_timer(options.submission_timeout);
  if (!timer) return unexpected(fmt::format("--submission-timeout: {}", timer.error()));
  query.submission_timer = *timer;
  return query;
}

Result<std::string, std::string> read_mail_address(std::string_view text) {
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  if (text.empty()) return std::string("<>");
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos)
    return unexpected(std::string("no mail address: local-part@domain, or '<>' for the null sender"));
  const std::string_view local_part = text.substr(0, at);
  if (local_part.empty()) return unexpected(std::string("nothing stands before the @"));
  if (local_part.size() > kMostLocalPartOctets)
    return unexpected(fmt::format("more than {} octets before the @", kMostLocalPartOctets));
  if (!is_dot_string(local_part) && !is_quoted_string(local_part))
    return unexpected(std::string("what stands before the @ has to be quoted: \"like this\"@example.jp"));
  const auto domain = read_listed_name(text.substr(at + 1));
  if (!domain) return unexpected(fmt::format("the domain: {}", domain.error()));
  return fmt::format("{}@{}", local_part, domain->to_text());
}

}  // namespace dauth::scanner::cli
